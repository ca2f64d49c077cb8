//! API clients: look-ups, and what their rules share.

mod bulk;
mod create;
pub mod export;
mod lifecycle;
pub(in crate::service::console) mod organizations;
mod update;
mod view;

pub(in crate::service) use view::secret_row;

use crate::domain::client::{Client, ClientId, ClientSummary};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::organization::Organization;
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::rights::Right;
use crate::domain::scope::{SYSTEM, Scopes};
use crate::domain::secret::Secret;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::Tx;

/// The characters of ids and secrets: base64url without look-alikes.
pub(in crate::service) const ALPHABET: &[u8] =
    b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_";

/// A client that was just made.
#[derive(Debug)]
pub struct CreatedClient {
    /// The client.
    pub client: Client,
    /// Its secret, which may never be shown again.
    pub secret: Secret,
    /// The secret's number.
    pub secret_number: SecretNumber,
}

/// A revealed secret.
#[derive(Debug)]
pub struct RevealedSecret {
    /// The client that it belongs to.
    pub client_id: ClientId,
    /// The text.
    pub secret: Secret,
}

impl Console {
    /// The client with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        require(&mut tx, id).await
    }

    /// Clients that are not revoked, in the order of making, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn get_clients(
        &self,
        actor: &Actor,
        after: ClientNumber,
        limit: i64,
    ) -> Result<Vec<Client>, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        Ok(tx
            .list_live_clients(after, limit)
            .await?
            .into_iter()
            .map(|summary| summary.client)
            .collect())
    }
}

/// The client with this id, in a transaction.
pub(in crate::service) async fn require(tx: &mut Tx, id: &str) -> Result<Client, Error> {
    Ok(require_summary(tx, id).await?.client)
}

/// The client with this id, and the name of its organization.
pub(super) async fn require_summary(tx: &mut Tx, id: &str) -> Result<ClientSummary, Error> {
    let missing = || Error::NotFound(Complaint::ClientUnknown { id: id.to_owned() });
    let id = ClientId::parse(id).map_err(|_| missing())?;
    tx.find_client(&id).await?.ok_or_else(missing)
}

/// The client with this number, which is from a row of the same transaction.
pub(in crate::service) async fn require_number(
    tx: &mut Tx,
    number: ClientNumber,
) -> Result<Client, Error> {
    let found = tx.find_client_by_number(number).await?;
    let missing = Error::NotFound(Complaint::ClientNumberUnknown { number });
    Ok(found.ok_or(missing)?.client)
}

/// The refusal of a name that another client of the organization has. The names of two that have none differ, too.
fn name_taken(organization: Option<Organization>, name: String) -> Error {
    let organization = organization.map(|organization| organization.name);
    Error::invalid("name", Complaint::ClientNameTaken { organization, name })
}

/// Refuses who may not change this client. One with the scope `system` reaches every organization, so it takes an owner and a
/// fresh proof of the password.
pub(in crate::service) fn require_may_change(actor: &Actor, client: &Client) -> Result<(), Error> {
    require_may_have(actor, &client.scopes)
}

/// Refuses who may not make or change a client with these scopes.
fn require_may_have(actor: &Actor, scopes: &Scopes) -> Result<(), Error> {
    if !is_system(scopes) {
        return Ok(());
    }
    actor.require(Right::ChangeSystemClients)?;
    actor.require_fresh_proof()
}

/// Whether a client with these scopes reaches every organization.
pub(super) fn is_system(scopes: &Scopes) -> bool {
    scopes.iter().any(|scope| scope.as_str() == SYSTEM)
}

/// Refuses to grant what lets a client act for people without a fresh proof of the password.
pub(in crate::service) fn require_may_grant<'a>(
    actor: &Actor,
    granted: impl IntoIterator<Item = &'a str>,
) -> Result<(), Error> {
    let mut granted = granted.into_iter();
    if granted.any(|name| [IMPERSONATE, LOGIN].contains(&name)) {
        actor.require_fresh_proof()?;
    }
    Ok(())
}

/// Refuses a change of a revoked client.
pub(in crate::service) fn require_live(client: &Client) -> Result<(), Error> {
    if client.lifecycle.is_revoked() {
        return Err(Error::Conflict(Complaint::ClientRevoked));
    }
    Ok(())
}
