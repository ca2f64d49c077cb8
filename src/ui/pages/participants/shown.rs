//! What the pages of a participant show.

use axum::response::Response;

use super::has_password_grant;
use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::organization::Organization;
use crate::domain::participant::Participant;
use crate::domain::rights::Right;
use crate::ui::page::AdminRequest;

/// What the pages of a participant show.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The participant.
    pub(super) participant: Participant,
    /// Its organization.
    pub(super) organization: Organization,
    /// Whether the administrator may change participants.
    pub(super) may_change: bool,
    /// Whether participants can sign in with a password.
    pub(super) takes_passwords: bool,
    /// When the page was made.
    pub(super) now: Time,
}

impl Shown {
    /// Reads a participant. What is no number is no participant's id.
    pub(super) async fn read(request: &AdminRequest, id: &str) -> Result<Self, Error> {
        let id = id.parse().unwrap_or_default();
        let console = request.console();
        let participant = console.get_participant(&request.actor, id).await?;
        let organization = console
            .get_organization(&request.actor, participant.organization_id)
            .await?;
        Ok(Self {
            participant,
            organization,
            may_change: request.may(Right::ChangeParticipants),
            takes_passwords: has_password_grant(console.settings()),
            now: console.now(),
        })
    }

    /// Whether the participant can be changed at all, and by this administrator.
    pub(super) fn is_open(&self) -> bool {
        self.may_change && self.organization.archived_at.is_none()
    }
}

/// Answers that a participant cannot be shown.
pub(super) async fn failed(request: AdminRequest, error: Error) -> Response {
    request
        .failed("The participant could not be loaded", error)
        .await
}
