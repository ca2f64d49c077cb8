//! A change of the directory: one transaction, one version, one record in the audit log.

use std::net::IpAddr;

use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Subject};
use crate::domain::ids::{ClientNumber, OrganizationId};
use crate::domain::organization::Organization;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require, require_number};
use crate::service::console::organizations::unknown;
use crate::store::{Stamp, Tx};

/// An open change. Only [`Change::commit`], which takes its event, makes it last; dropped, it is rolled back.
#[derive(Debug)]
pub(in crate::service) struct Change {
    tx: Tx,
    actor: ActorRef,
    address: Option<IpAddr>,
    stamp: Stamp,
}

impl Console {
    /// Begins a change by an actor: opens the transaction and raises the directory version, which serializes changes.
    /// Its time is now.
    pub(in crate::service) async fn change(&self, actor: &Actor) -> Result<Change, Error> {
        self.change_by(actor.reference(), actor.address()).await
    }

    /// The same by a visitor who is not an actor yet.
    pub(in crate::service) async fn change_by(
        &self,
        actor: ActorRef,
        address: Option<IpAddr>,
    ) -> Result<Change, Error> {
        let mut tx = self.0.store.write().await?;
        let version = tx.raise_directory_version().await?;
        let stamp = Stamp {
            by: actor.name(),
            at: self.now(),
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

    /// The client with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(in crate::service) async fn client(&mut self, id: &str) -> Result<Client, Error> {
        require(&mut self.tx, id).await
    }

    /// The client as this transaction sees it, after some of its rows were changed.
    pub(in crate::service) async fn reload(
        &mut self,
        number: ClientNumber,
    ) -> Result<Client, Error> {
        require_number(&mut self.tx, number).await
    }

    /// The organization with this id, archived or not.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(in crate::service) async fn organization(
        &mut self,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        let found = self.tx.find_organization(id).await?;
        found.ok_or_else(|| unknown(id))
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
