//! Token exchange (RFC 8693): the standard way for a client to act on behalf of a participant. The subject token is the
//! participant's id or nickname, the actor is the client.

use std::sync::Arc;

use super::request::{ActingClient, Exchange, GrantRules};
use crate::domain::event::ImpersonationGrant;
use crate::domain::participant::Participant;
use crate::domain::permission::IMPERSONATE;
use crate::domain::scope::ScopeSet;
use crate::domain::token::Claims;
use crate::service::oauth::impersonations::Reason;
use crate::service::oauth::{GrantError, TokenServer};

/// The longest lifetime of an exchanged token, in seconds. Acting for somebody is asked for when it is needed.
const LONGEST: i64 = 900;

pub(super) const RULES: GrantRules = GrantRules {
    permission: Some(IMPERSONATE),
    for_participant: true,
    longest: Some(LONGEST),
};

/// The token types of a subject: texts that only mean something to this server (RFC 8693 §3 lets it define some).
const PARTICIPANT_ID: &str = "urn:claviger:params:oauth:token-type:participant-id";
const PARTICIPANT_NICKNAME: &str = "urn:claviger:params:oauth:token-type:participant-nickname";

/// An unacceptable subject token or actor token is an invalid request (RFC 8693 §2.2.2). One text for all reasons.
const SUBJECT: GrantError =
    GrantError::InvalidRequest("The subject_token is no participant that the client may act for.");

const SUBJECT_TYPE: GrantError =
    GrantError::InvalidRequest("The subject_token_type is not supported.");

const ACTOR: GrantError =
    GrantError::InvalidRequest("The actor_token is not a live token of the client itself.");

impl TokenServer {
    /// The checks of an exchange that need no participant. Scopes that an actor token has not are not given.
    pub(super) async fn check_exchange(
        &self,
        acting: &ActingClient<'_>,
        asked: &Exchange<'_>,
        requested: Option<&str>,
        claims: &mut Claims,
    ) -> Result<(), GrantError> {
        if ![PARTICIPANT_ID, PARTICIPANT_NICKNAME].contains(&asked.subject_type) {
            return Err(SUBJECT_TYPE);
        }
        let own = self.token_targets(acting);
        if !asked
            .targets
            .iter()
            .all(|target| own.iter().any(|own| own == target))
        {
            return Err(GrantError::InvalidTarget);
        }
        let Some(actor) = &asked.actor else {
            return Ok(());
        };
        let live = self.live(actor, Some(acting.cached)).await?;
        let live = live.filter(|live| {
            live.cached.number == acting.cached.number
                && live.claims.participant.is_none()
                && live.claims.organization == claims.organization
        });
        let held = live.ok_or(ACTOR)?.claims.scopes;
        let asked_for = claims.scopes.positions().iter().copied();
        let given: Vec<u8> = asked_for
            .filter(|position| held.positions().contains(position))
            .collect();
        let is_narrowed = given.len() < claims.scopes.positions().len();
        if given.is_empty() || requested.is_some() && is_narrowed {
            return Err(GrantError::InvalidScope);
        }
        claims.scopes = ScopeSet::of(&given);
        Ok(())
    }

    /// What a token names as its issuer and its audience, and so what it can be asked for (RFC 8707 §2).
    fn token_targets(&self, acting: &ActingClient<'_>) -> [String; 2] {
        let issuer = self.issuer_at(&acting.origin.host);
        let organization = acting.cached.organization_id;
        let organization = organization.and_then(|id| self.0.directory.organization(id));
        let host = organization.and_then(|found| found.host.clone());
        let audience = host.map_or_else(|| issuer.clone(), |host| format!("https://{host}"));
        [issuer, audience]
    }

    /// The participant of an exchange.
    pub(super) async fn exchange(
        &self,
        acting: &ActingClient<'_>,
        asked: &Exchange<'_>,
    ) -> Result<Arc<Participant>, GrantError> {
        let found = if asked.subject_type == PARTICIPANT_ID {
            self.participant_with_id(acting, asked.subject).await?
        } else if asked.subject.contains('@') {
            None
        } else {
            self.participant_named(acting, asked.subject).await?
        };
        let found = found.filter(|found| found.blocked_at.is_none());
        let found = found.ok_or(SUBJECT)?;
        let reason = Reason {
            grant: ImpersonationGrant::TokenExchange,
            text: asked.reason,
        };
        self.note_impersonation(acting, found.id, &reason).await?;
        Ok(found)
    }
}
