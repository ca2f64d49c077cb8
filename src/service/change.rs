//! A change of the directory: one transaction, one version, and its records in the audit log.

use std::net::IpAddr;

use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Subject};
use crate::service::shared::Shared;
use crate::store::{Stamp, Tx};

/// An open change. Only [`Change::commit`] and [`Change::commit_each`], which take its events, make it last; dropped, it
/// is rolled back.
#[derive(Debug)]
pub(in crate::service) struct Change {
    tx: Tx,
    actor: ActorRef,
    address: Option<IpAddr>,
    stamp: Stamp,
}

impl Shared {
    /// Begins a change by an actor: opens the transaction and raises the directory version, which serializes changes.
    /// Its time is now.
    pub(in crate::service) async fn change_by(
        &self,
        actor: ActorRef,
        address: Option<IpAddr>,
    ) -> Result<Change, Error> {
        let mut tx = self.store.write().await?;
        let version = tx.raise_directory_version().await?;
        let stamp = Stamp {
            by: actor.name(),
            at: self.clock.now(),
            version,
        };
        Ok(Change {
            tx,
            actor,
            address,
            stamp,
        })
    }
}

impl Change {
    /// What the store's methods need: the transaction, which cannot be committed through this, and the stamp for the
    /// rows that they write.
    pub(in crate::service) fn parts(&mut self) -> (&mut Tx, &Stamp) {
        (&mut self.tx, &self.stamp)
    }

    /// Commits the change, with its event and its target in the audit log.
    pub(in crate::service) async fn commit(
        self,
        subject: impl Into<Subject>,
        event: Event,
    ) -> Result<(), Error> {
        self.commit_each(vec![(subject.into(), event)]).await
    }

    /// Commits a change of several things, each with its event in the audit log.
    pub(in crate::service) async fn commit_each(
        mut self,
        events: Vec<(Subject, Event)>,
    ) -> Result<(), Error> {
        let records: Vec<Record> = events
            .into_iter()
            .map(|(subject, event)| Record {
                at: self.stamp.at,
                actor: self.actor.clone(),
                address: self.address,
                target: subject.target,
                organization_id: subject.organization_id,
                event,
                version: Some(self.stamp.version),
            })
            .collect();
        self.tx.append_events(&records).await?;
        Ok(self.tx.commit().await?)
    }
}
