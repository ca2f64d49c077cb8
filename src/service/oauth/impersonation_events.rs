//! Impersonations in the audit log. The event is written before the token is answered, so that nobody acts for a
//! participant unnoticed.

use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Target};
use crate::domain::ids::ParticipantId;
use crate::domain::usage::hour_of;
use crate::service::auth::throttle::Network;
use crate::service::database::with_timeout;
use crate::service::oauth::grants::ActingClient;
use crate::service::oauth::impersonations::{ImpersonationKey, Reason};
use crate::service::oauth::{GrantError, TokenServer, unavailable};

impl TokenServer {
    /// Records an impersonation, if its event is due.
    pub(super) async fn note_impersonation(
        &self,
        acting: &ActingClient<'_>,
        participant: ParticipantId,
        reason: &Reason<'_>,
    ) -> Result<(), GrantError> {
        let Some(event) = self.impersonation_due(acting, participant, reason) else {
            return Ok(());
        };
        let record = Record {
            at: self.now(),
            actor: ActorRef::Client {
                id: acting.cached.id.clone(),
            },
            address: acting.origin.address,
            target: Target::Participant { id: participant },
            organization_id: Some(acting.organization),
            event,
            version: None,
        };
        let written = with_timeout(async {
            let mut tx = self.0.store.write().await?;
            tx.append_events(&[record]).await?;
            Ok::<_, Error>(tx.commit().await?)
        });
        written.await.map_err(unavailable)?;
        self.remember_impersonation(acting, participant, reason);
        Ok(())
    }

    /// The event of an impersonation, if it is due.
    pub(super) fn impersonation_due(
        &self,
        acting: &ActingClient<'_>,
        participant: ParticipantId,
        reason: &Reason<'_>,
    ) -> Option<Event> {
        let (key, hour) = (key(acting, participant), hour_of(self.now()));
        let impersonations = &self.0.impersonations;
        let is_due = impersonations.is_due(&key, hour, reason.text.is_some());
        is_due.then(|| reason.event())
    }

    /// Remembers that the event of an impersonation was written, or that none was due.
    pub(super) fn remember_impersonation(
        &self,
        acting: &ActingClient<'_>,
        participant: ParticipantId,
        reason: &Reason<'_>,
    ) {
        let (key, hour) = (key(acting, participant), hour_of(self.now()));
        let impersonations = &self.0.impersonations;
        impersonations.remember(key, hour, reason.text.is_some());
    }
}

fn key(acting: &ActingClient<'_>, participant: ParticipantId) -> ImpersonationKey {
    ImpersonationKey {
        client: acting.cached.number,
        participant,
        network: Network::of(acting.origin.address),
    }
}
