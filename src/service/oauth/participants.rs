//! Participants at the token endpoint: looked up, registered, and what clients keep about them.
//!
//! Besides the first use of a secret (`rotation.rs`) these are the only changes of the directory that the token server
//! makes. Each opens a change, asks once more whether the client may, and commits with its event.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Subject};
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::participant::{
    Extra, NewParticipant, Participant, ParticipantKey, TypedParticipant,
};
use crate::domain::permission::IMPERSONATE;
use crate::service::change::Change;
use crate::service::database::with_timeout;
use crate::service::oauth::grants::{ActingClient, Registration};
use crate::service::oauth::hourly::{MOST_AN_HOUR, seconds_left};
use crate::service::oauth::impersonations::Reason;
use crate::service::oauth::{GrantError, TokenServer, unavailable};
use crate::store;

pub(super) const EXTRA_TOO_LARGE: GrantError =
    GrantError::InvalidRequest("The parameter extra would become too large.");

/// The participant of a registration.
#[derive(Debug)]
pub(in crate::service::oauth) enum Found {
    /// Who was registered now.
    Registered(Arc<Participant>),
    /// Who had the nickname already: another request was faster.
    Existing(Arc<Participant>),
}

/// Why a change of a client was not made.
enum Refused {
    /// The client may not do this any more, or cannot.
    Grant(GrantError),
    /// A failure of the database.
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl TokenServer {
    /// The participant of the client's organization with this id, as it was sent.
    pub(in crate::service::oauth) async fn participant_with_id(
        &self,
        acting: &ActingClient<'_>,
        id: &str,
    ) -> Result<Option<Arc<Participant>>, GrantError> {
        // Written as it is read: `+7` is nobody.
        let exact = |number: &ParticipantId| number.to_string() == id;
        match id.parse().ok().filter(exact) {
            Some(id) => self.participant_of(acting.organization, id).await,
            None => Ok(None),
        }
    }

    /// The participant of an organization with this id.
    pub(in crate::service::oauth) async fn participant_of(
        &self,
        organization: OrganizationId,
        id: ParticipantId,
    ) -> Result<Option<Arc<Participant>>, GrantError> {
        let found = self
            .0
            .directory
            .participant(id)
            .await
            .map_err(unavailable)?;
        Ok(found.filter(|found| found.organization_id == organization))
    }

    /// The participant of the client's organization with this nickname or email address.
    pub(in crate::service::oauth) async fn participant_named(
        &self,
        acting: &ActingClient<'_>,
        username: &str,
    ) -> Result<Option<Arc<Participant>>, GrantError> {
        let key = ParticipantKey::of(username);
        let named = with_timeout(async {
            let mut tx = self.0.store.read().await?;
            let named = tx.find_participant_named(acting.organization, &key).await?;
            Ok(named.map(|named| named.id))
        });
        match named.await.map_err(unavailable)? {
            // The directory refuses a connection that shows an older state than one seen before.
            Some(id) => self.participant_of(acting.organization, id).await,
            None => Ok(None),
        }
    }

    /// Registers a participant, unless there is one with the nickname by now. Both of two requests at once get the same
    /// participant, because changes wait for each other.
    pub(in crate::service::oauth) async fn register_participant(
        &self,
        acting: &ActingClient<'_>,
        new: NewParticipant,
        reason: &Reason<'_>,
    ) -> Result<Found, GrantError> {
        let found = with_timeout(async { Ok(self.register(acting, new, reason).await) });
        match found.await.map_err(unavailable)? {
            Ok(found) => Ok(found),
            Err(Refused::Grant(refused)) => Err(refused),
            Err(Refused::Failed(failed)) => Err(unavailable(failed)),
        }
    }

    async fn register(
        &self,
        acting: &ActingClient<'_>,
        new: NewParticipant,
        reason: &Reason<'_>,
    ) -> Result<Found, Refused> {
        let mut change = self.open(acting).await?;
        let (tx, stamp) = change.parts();
        let key = ParticipantKey::from(&new.nickname);
        if let Some(found) = tx.find_participant_named(acting.organization, &key).await? {
            return Ok(Found::Existing(Arc::new(found)));
        }
        let id = match tx.insert_participant(&new, stamp).await {
            // Another participant has the email address.
            Err(store::Error::Taken) => return Err(Refused::Grant(GrantError::InvalidGrant)),
            other => other?,
        };
        self.admit_registration(acting)?;
        let registered = tx.find_participant(id).await?;
        let registered = registered.ok_or(Refused::Failed(Error::Unavailable))?;
        let event = Event::ParticipantRegistered {
            details: registered.details(),
            accepted_terms: new.accepted_terms,
            confirmed: new.confirmed,
        };
        let subject = Subject::from(&registered);
        let impersonated = (subject.clone(), reason.event());
        change
            .commit_each(vec![(subject, event), impersonated])
            .await?;
        self.remember_impersonation(acting, id, reason);
        Ok(Found::Registered(Arc::new(registered)))
    }

    /// Counts a registration. No event of one may be left out, so their number is limited.
    fn admit_registration(&self, acting: &ActingClient<'_>) -> Result<(), Refused> {
        let now = self.now();
        let count = self.0.registrations.count(acting.cached.number, now);
        if count <= MOST_AN_HOUR {
            return Ok(());
        }
        if count == MOST_AN_HOUR + 1 {
            tracing::warn!(
                client = %acting.cached.id,
                limit = MOST_AN_HOUR,
                "a client has registered so many participants that it has to wait for the next hour"
            );
        }
        let retry_after = seconds_left(now);
        Err(Refused::Grant(GrantError::TooMany { retry_after }))
    }

    /// Merges members into a participant's extra, whole or not at all. None, and nothing is written, if they are there by
    /// now: another request was faster.
    pub(in crate::service::oauth) async fn merge_extra(
        &self,
        acting: &ActingClient<'_>,
        id: ParticipantId,
        members: Map<String, Value>,
        reason: &Reason<'_>,
    ) -> Result<Option<Arc<Participant>>, GrantError> {
        let merged = with_timeout(async { Ok(self.merge(acting, id, members, reason).await) });
        match merged.await.map_err(unavailable)? {
            Ok(merged) => Ok(merged),
            Err(Refused::Grant(refused)) => Err(refused),
            Err(Refused::Failed(failed)) => Err(unavailable(failed)),
        }
    }

    async fn merge(
        &self,
        acting: &ActingClient<'_>,
        id: ParticipantId,
        members: Map<String, Value>,
        reason: &Reason<'_>,
    ) -> Result<Option<Arc<Participant>>, Refused> {
        let mut change = self.open(acting).await?;
        let (tx, stamp) = change.parts();
        let found = tx.find_participant(id).await?;
        // Somebody may have blocked the participant since the look-up.
        let Some(mut participant) = found.filter(|found| found.blocked_at.is_none()) else {
            return Err(Refused::Grant(GrantError::InvalidGrant));
        };
        let names = changed_members(&participant.extra, &members);
        if names.is_empty() {
            return Ok(None);
        }
        let merged = participant.extra.merge(members);
        merged.map_err(|_| Refused::Grant(EXTRA_TOO_LARGE))?;
        tx.set_participant_extra(id, &participant.extra, stamp)
            .await?;
        let subject = Subject::from(&participant);
        let changed = self.extra_change_due(acting, names);
        let mut events: Vec<_> = changed
            .map(|event| (subject.clone(), event))
            .into_iter()
            .collect();
        let impersonated = self.impersonation_due(acting, id, reason);
        events.extend(impersonated.map(|impersonated| (subject, impersonated)));
        change.commit_each(events).await?;
        self.remember_impersonation(acting, id, reason);
        Ok(Some(Arc::new(participant)))
    }

    /// The event of a change of `extra`, if the client has not made too many in this hour.
    fn extra_change_due(&self, acting: &ActingClient<'_>, names: Vec<String>) -> Option<Event> {
        let counts = &self.0.extra_changes;
        let count = counts.count(acting.cached.number, self.now());
        if count == MOST_AN_HOUR + 1 {
            tracing::warn!(
                client = %acting.cached.id,
                limit = MOST_AN_HOUR,
                "a client changes what is kept about participants so often that the audit log has no further \
                 changes of this hour"
            );
        }
        (count <= MOST_AN_HOUR).then_some(Event::ParticipantExtraChanged { names })
    }

    /// Opens a change by a client that acts for participants, if it still may: the client could have been revoked while
    /// the request waited for the write lock.
    async fn open(&self, acting: &ActingClient<'_>) -> Result<Change, Refused> {
        let actor = ActorRef::Client {
            id: acting.cached.id.clone(),
        };
        let mut change = self.0.change_by(actor, acting.origin.address).await?;
        let (tx, stamp) = change.parts();
        let found = tx.find_client_by_number(acting.cached.number).await?;
        let client = found.map(|found| found.client).filter(|client| {
            client.generation == acting.cached.generation && client.lifecycle.is_active(stamp.at)
        });
        let client = client.ok_or(Refused::Grant(GrantError::InvalidClient))?;
        let mut held = client.permissions.iter();
        if !held.any(|held| held.as_str() == IMPERSONATE) {
            return Err(Refused::Grant(GrantError::UnauthorizedClient));
        }
        let organization = tx.find_organization(acting.organization).await?;
        if organization.is_none_or(|found| found.archived_at.is_some()) {
            return Err(Refused::Grant(GrantError::InvalidClient));
        }
        Ok(change)
    }
}

impl Registration<'_> {
    /// The participant to be registered, with what the source system gives to one who was given nothing.
    pub(in crate::service::oauth) fn checked(
        &self,
        acting: &ActingClient<'_>,
        nickname: &str,
        extra: Map<String, Value>,
    ) -> Result<NewParticipant, GrantError> {
        let default_email = || format!("{}@example.org", nickname.trim());
        let typed = TypedParticipant {
            nickname: nickname.to_owned(),
            email: self.email.map_or_else(default_email, ToOwned::to_owned),
            name: self.name.unwrap_or_default().to_owned(),
        };
        let details = typed.check().map_err(|_| GrantError::InvalidGrant)?;
        Ok(NewParticipant {
            organization_id: acting.organization,
            nickname: details.nickname,
            email: details.email,
            name: details.name,
            password_hash: None,
            extra: Extra::new(extra).map_err(|_| EXTRA_TOO_LARGE)?,
            accepted_terms: self.accepts_terms,
            confirmed: self.is_confirmed,
        })
    }
}

/// The names of those members that are new or have another value now.
fn changed_members(before: &Extra, members: &Map<String, Value>) -> Vec<String> {
    let changed = members
        .iter()
        .filter(|(name, value)| before.members().get(*name) != Some(value));
    changed.map(|(name, _)| name.clone()).collect()
}
