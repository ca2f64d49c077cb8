//! Changes by the console's actors, and the console's nouns in them.

use std::net::IpAddr;

use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::domain::event::ActorRef;
use crate::domain::ids::{ClientNumber, OrganizationId};
use crate::domain::organization::Organization;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require, require_number};
use crate::service::console::organizations::unknown_organization;

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
        self.0.change_by(actor, address).await
    }
}

impl Change {
    /// The client with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(in crate::service) async fn client(&mut self, id: &str) -> Result<Client, Error> {
        require(self.parts().0, id).await
    }

    /// The client as this transaction sees it, after some of its rows were changed.
    pub(in crate::service) async fn reload(
        &mut self,
        number: ClientNumber,
    ) -> Result<Client, Error> {
        require_number(self.parts().0, number).await
    }

    /// The organization with this id, archived or not.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(in crate::service) async fn organization(
        &mut self,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        let found = self.parts().0.find_organization(id).await?;
        found.ok_or_else(|| unknown_organization(id))
    }
}
