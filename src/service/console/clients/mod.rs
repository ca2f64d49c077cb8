//! API clients: made, looked up, changed.

mod lifecycle;
mod view;

use serde_json::{Value, json};

use crate::domain::audit::Action;
use crate::domain::client::{
    CheckedClient, Client, ClientDetails, ClientId, NewClient, check_name,
};
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::is_writable;
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::rights::Right;
use crate::domain::secret::{Secret, check_chosen};
use crate::service::audit::AuditEntry;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::{self, ClientUpdate, Tx, Version};

/// What ids and secrets are made of: base64url without the look-alikes.
pub(in crate::service) const ALPHABET: &[u8] =
    b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_";

/// A client that was made just now.
#[derive(Debug)]
pub struct CreatedClient {
    /// The client.
    pub client: Client,
    /// Its secret, which may never be seen again.
    pub secret: Secret,
    /// The secret's number.
    pub secret_number: i64,
}

/// A secret that somebody asked to see.
#[derive(Debug)]
pub struct RevealedSecret {
    /// Whose it is.
    pub client_id: ClientId,
    /// The text.
    pub secret: Secret,
}

impl Console {
    /// Makes a client, with a generated id and secret where none is chosen.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`], with every field that is wrong.
    ///
    /// # Panics
    /// Never: generated ids are valid.
    pub async fn create_client(
        &self,
        actor: &Actor,
        new: &NewClient,
        chosen: Option<Secret>,
    ) -> Result<CreatedClient, Error> {
        actor.require(Right::ChangeClients)?;
        let checked = self.check_new(new, chosen.as_ref())?;
        // Hashing is slow and needs no lock, so it comes before the transaction.
        let proof = self.prepare_secret(chosen).await?;
        let id = match &checked.id {
            Some(id) => id.clone(),
            None => ClientId::parse(&format!("id_{}", self.0.random.text(ALPHABET, 16)))
                .expect("generated ids are valid"),
        };
        let (mut tx, version) = self.change().await?;
        if let Some(organization) = checked.organization_id {
            let found = tx.find_organization(organization).await?;
            if found.is_none_or(|found| found.archived_at.is_some()) {
                let complaint = Complaint::OrganizationUnknown { id: organization };
                return Err(Error::invalid("organization_id", complaint));
            }
        }
        let by = actor.name();
        let number = match tx
            .insert_client(&id, &checked, (&by, self.now()), version)
            .await
        {
            Err(store::Error::Taken) => {
                let complaint = Complaint::ClientIdTaken { id: id.to_string() };
                return Err(Error::invalid("id", complaint));
            }
            other => other?,
        };
        for permission in &checked.permissions {
            tx.insert_permission(number, permission.as_str(), (&by, self.now()))
                .await?;
        }
        let (secret, secret_number) = self.store_secret(&mut tx, number, proof, &by).await?;
        let client = require_number(&mut tx, number).await?;
        let detail = json!({"name": client.name, "scopes": client.scopes, "permissions": client.permissions, "expires_at": client.expires_at});
        self.record(
            &mut tx,
            actor,
            entry(&client, Action::ClientCreated, detail),
        )
        .await?;
        tx.commit().await?;
        Ok(CreatedClient {
            client,
            secret,
            secret_number,
        })
    }

    /// Checks a new client, and the secret chosen for it, as far as that needs nothing looked up.
    fn check_new(&self, new: &NewClient, chosen: Option<&Secret>) -> Result<CheckedClient, Error> {
        let mut checked = new.check(&self.0.settings.catalog, self.now());
        if let Some(Err(complaint)) = chosen.map(|secret| check_chosen(secret.expose())) {
            let mut wrong = checked.err().unwrap_or_default();
            wrong.push(FieldComplaint::new("secret", complaint));
            checked = Err(wrong);
        }
        Ok(checked?)
    }

    /// The client with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        require(&mut tx, id).await
    }

    /// Clients that are not revoked, in the order of making, `limit` at a time.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn get_clients(
        &self,
        actor: &Actor,
        after: i64,
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

    /// Changes a client's name, expiry and switches.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `name` or `expires_at`,
    /// [`Error::Conflict`] when the client is not at this version any more.
    pub async fn update_client(
        &self,
        actor: &Actor,
        id: &str,
        seen: Version,
        details: ClientDetails,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let name = details.name.trim().to_owned();
        let mut wrong = Vec::new();
        if let Err(complaint) = check_name(&name) {
            wrong.push(FieldComplaint::new("name", complaint));
        }
        let (mut tx, version) = self.change().await?;
        let client = require(&mut tx, id).await?;
        self.require_unchanged(&mut tx, &client, seen).await?;
        require_live(&client)?;
        let (expires_at, now) = (details.expires_at, self.now());
        if expires_at != client.expires_at && expires_at.is_some_and(|end| end <= now) {
            wrong.push(FieldComplaint::new("expires_at", Complaint::ExpiryPassed));
        }
        if expires_at.is_some_and(|end| !is_writable(end)) {
            wrong.push(FieldComplaint::new("expires_at", Complaint::ExpiryTooFar));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let is_same = name == client.name
            && expires_at == client.expires_at
            && details.allow_impersonate == client.holds(IMPERSONATE)
            && details.allow_login == client.holds(LOGIN);
        if is_same {
            return Ok(client);
        }
        // A client that expires takes its tokens along, and one that is given more time does not bring them back.
        let had_ended = client.expires_at.is_some_and(|end| end <= now);
        let update = ClientUpdate {
            name,
            expires_at,
            generation: client.generation + i64::from(had_ended),
        };
        tx.update_client(client.number, &update, version).await?;
        let by = actor.name();
        for (wanted, permission) in [
            (details.allow_impersonate, IMPERSONATE),
            (details.allow_login, LOGIN),
        ] {
            match (wanted, client.holds(permission)) {
                (true, false) => {
                    tx.insert_permission(client.number, permission, (&by, now))
                        .await?;
                }
                (false, true) => tx.delete_permission(client.number, permission).await?,
                _ => {}
            }
        }
        let after = require_number(&mut tx, client.number).await?;
        self.record(
            &mut tx,
            actor,
            entry(
                &after,
                Action::ClientUpdated,
                json!({"before": about(&client), "after": about(&after)}),
            ),
        )
        .await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Refuses when somebody else changed the client since it was at a version, saying who and when.
    pub(in crate::service) async fn require_unchanged(
        &self,
        tx: &mut Tx,
        client: &Client,
        seen: Version,
    ) -> Result<(), Error> {
        if client.version == seen {
            return Ok(());
        }
        let last = tx.find_last_change(&target(client)).await?;
        let at = last.as_ref().map(|event| event.at);
        let by = last.map(|event| event.actor);
        Err(Error::Conflict(Complaint::ChangedMeanwhile { by, at }))
    }
}

/// The client with this id, in a transaction.
pub(in crate::service) async fn require(tx: &mut Tx, id: &str) -> Result<Client, Error> {
    let missing = || Error::NotFound(Complaint::ClientUnknown { id: id.to_owned() });
    let id = ClientId::parse(id).map_err(|_| missing())?;
    Ok(tx.find_client(&id).await?.ok_or_else(missing)?.client)
}

/// The client with this number, which a row of the same transaction names.
pub(in crate::service) async fn require_number(tx: &mut Tx, number: i64) -> Result<Client, Error> {
    let found = tx.find_client_by_number(number).await?;
    let missing = Error::NotFound(Complaint::ClientNumberUnknown { number });
    Ok(found.ok_or(missing)?.client)
}

/// Refuses to change what is over.
pub(in crate::service) fn require_live(client: &Client) -> Result<(), Error> {
    if client.revoked_at.is_some() {
        return Err(Error::Conflict(Complaint::ClientRevoked));
    }
    Ok(())
}

pub(in crate::service) fn target(client: &Client) -> String {
    format!("client:{}", client.id)
}

pub(in crate::service) fn entry(client: &Client, action: Action, detail: Value) -> AuditEntry {
    AuditEntry {
        action,
        target: target(client),
        organization_id: client.organization_id,
        detail,
    }
}

pub(in crate::service) fn about(client: &Client) -> Value {
    json!({"name": client.name, "expires_at": client.expires_at, "permissions": client.permissions})
}
