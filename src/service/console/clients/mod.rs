//! API clients: made, looked up, changed.

mod lifecycle;
mod view;

use serde_json::{Value, json};

use crate::domain::Time;
use crate::domain::audit::Action;
use crate::domain::client::{
    CheckedClient, Client, ClientDetails, ClientId, NewClient, check_name, shown,
};
use crate::domain::error::{Error, FieldError};
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::scope;
use crate::domain::secret::{Secret, check_chosen};
use crate::service::audit::AuditEntry;
use crate::service::clock::is_writable;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::{self, ClientUpdate, Tx, Version};

/// What ids and secrets are made of: base64url without the look-alikes.
pub(in crate::service) const ALPHABET: &[u8] =
    b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_";

/// What is said about an end that cannot be written.
const TOO_FAR: &str = "That is too far away. Choose a day before the year 10000.";

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
        actor.require_change()?;
        let wrong_secret = chosen.as_ref().map(|secret| check_chosen(secret.expose()));
        let wrong_secret = wrong_secret.and_then(Result::err);
        let wrong_secret = wrong_secret.map(|message| FieldError::new("secret", message));
        let checked = self.check_new(new, wrong_secret.into_iter().collect())?;
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
                return Err(Error::invalid(
                    "organization_id",
                    format!("There is no organization {organization}."),
                ));
            }
        }
        let by = actor.name();
        let number = match tx
            .insert_client(&id, &checked, (&by, self.now()), version)
            .await
        {
            Err(store::Error::Taken) => {
                return Err(Error::invalid(
                    "id",
                    format!("There is or was a client `{id}`. Ids are never given out again."),
                ));
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

    /// Checks a new client as far as that needs nothing looked up. The refusal has `others` too: what else is wrong, and
    /// more to the point where both are about one field.
    fn check_new(&self, new: &NewClient, others: Vec<FieldError>) -> Result<CheckedClient, Error> {
        let is_too_far = new.expires_at.is_some_and(|end| !is_writable(end));
        let mut wrong = match new.check(&self.0.settings.catalog, self.now()) {
            Ok(checked) if others.is_empty() && !is_too_far => return Ok(checked),
            Ok(_) => Vec::new(),
            Err(Error::Invalid(wrong)) => wrong,
            Err(error) => return Err(error),
        };
        if is_too_far {
            wrong.push(FieldError::new("expires_at", TOO_FAR));
        }
        wrong.retain(|error| others.iter().all(|other| other.field != error.field));
        wrong.extend(others);
        Err(Error::Invalid(wrong))
    }

    /// Makes a client the way the pages do: one that is bound to an organization also gets the public scope. `unread` is
    /// what could not be read of the form.
    ///
    /// # Errors
    /// As [`Console::create_client`].
    pub async fn create_client_for_page(
        &self,
        actor: &Actor,
        mut new: NewClient,
        unread: Vec<FieldError>,
    ) -> Result<CreatedClient, Error> {
        actor.require_change()?;
        let has_public = self.0.settings.catalog.scope(scope::PUBLIC).is_some();
        if has_public && new.organization_id.is_some() && !new.scopes.is_empty() {
            new.scopes.push(scope::PUBLIC.to_owned());
        }
        self.check_new(&new, unread)?;
        self.create_client(actor, &new, None).await
    }

    /// The client with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require_read()?;
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
        actor.require_read()?;
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
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `name` or `expires_on`,
    /// [`Error::Conflict`] when the client is not at this version any more.
    pub async fn update_client(
        &self,
        actor: &Actor,
        id: &str,
        seen: Version,
        details: ClientDetails,
    ) -> Result<Client, Error> {
        actor.require_change()?;
        let name = details.name.trim().to_owned();
        let mut errors = Vec::new();
        if let Err(message) = check_name(&name) {
            errors.push(FieldError::new("name", message));
        }
        let (mut tx, version) = self.change().await?;
        let client = require(&mut tx, id).await?;
        self.require_unchanged(&mut tx, &client, seen).await?;
        require_live(&client)?;
        // A form knows days alone: a client that ends in the middle of the same day goes on doing so.
        let same_day = |was: &Time| {
            details
                .expires_at
                .is_some_and(|end| end.date_naive() == was.date_naive())
        };
        let expires_at = client.expires_at.filter(same_day).or(details.expires_at);
        let now = self.now();
        if expires_at != client.expires_at && expires_at.is_some_and(|end| end <= now) {
            errors.push(FieldError::new(
                "expires_on",
                format!(
                    "That day has passed. Choose a day after today, {}.",
                    now.format("%-d %b %Y")
                ),
            ));
        }
        if expires_at.is_some_and(|end| !is_writable(end)) {
            errors.push(FieldError::new("expires_on", TOO_FAR));
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
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
        let who = last
            .as_ref()
            .map_or("Somebody", |event| event.actor.as_str());
        let when = last.as_ref().map_or(String::new(), |event| {
            format!(" at {}", event.at.format("%H:%M UTC on %-d %b %Y"))
        });
        Err(Error::Conflict(format!(
            "{who} changed this client{when}, after your page was loaded. Nothing was saved."
        )))
    }
}

/// The client with this id, in a transaction.
pub(in crate::service) async fn require(tx: &mut Tx, id: &str) -> Result<Client, Error> {
    let missing = || Error::NotFound(format!("There is no client `{}`.", shown(id)));
    let id = ClientId::parse(id).map_err(|_| missing())?;
    Ok(tx.find_client(&id).await?.ok_or_else(missing)?.client)
}

/// The client with this number, which a row of the same transaction names.
pub(in crate::service) async fn require_number(tx: &mut Tx, number: i64) -> Result<Client, Error> {
    let found = tx.find_client_by_number(number).await?;
    Ok(found
        .ok_or_else(|| Error::NotFound(format!("There is no client number {number}.")))?
        .client)
}

/// Refuses to change what is over.
pub(in crate::service) fn require_live(client: &Client) -> Result<(), Error> {
    if client.revoked_at.is_some() {
        return Err(Error::Conflict(
            "This client was revoked. It cannot be changed any more.".to_owned(),
        ));
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
