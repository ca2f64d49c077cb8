//! Changing API clients.

use crate::domain::Time;
use crate::domain::client::{Client, ClientDetails, TOKEN_TTL_MAX, check_name};
use crate::domain::complaint::{Complaint, CredentialComplaint};
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::{ClientSnapshot, Event, Subject};
use crate::domain::ids::Version;
use crate::domain::is_writable;
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::rights::Right;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{
    name_taken, require_live, require_may_change, require_may_grant,
};
use crate::store::{self, ClientUpdate};

impl Console {
    /// Changes a client's name, expiry, lifetime of tokens and switches.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `name`, `expires_at` or `token_ttl`,
    /// [`Error::Conflict`] when the client is past this version.
    pub async fn update_client(
        &self,
        actor: &Actor,
        id: &str,
        seen: Version,
        details: ClientDetails,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        require_may_change(actor, &client)?;
        change.require_unchanged(&client, seen).await?;
        require_live(&client)?;
        let (_, stamp) = change.parts();
        let details = check_details(details, &client, stamp.at)?;
        let is_same = details.name == client.name
            && details.expires_at == client.lifecycle.expires_at()
            && details.token_ttl == client.token_ttl
            && details.allow_impersonate == client.holds(IMPERSONATE)
            && details.allow_login == client.holds(LOGIN);
        if is_same {
            return Ok(client);
        }
        let granted = switches(&details).into_iter();
        let granted = granted.filter(|(wanted, name)| *wanted && !client.holds(name));
        require_may_grant(actor, granted.map(|(_, name)| name))?;
        change.update_client(&client, &details).await?;
        let after = change.reload(client.number).await?;
        let event = Event::ClientUpdated {
            before: ClientSnapshot::from(&client),
            after: ClientSnapshot::from(&after),
        };
        change.commit(&after, event).await?;
        Ok(after)
    }
}

/// The permissions that have switches of their own, and whether each is wanted.
fn switches(details: &ClientDetails) -> [(bool, &'static str); 2] {
    [
        (details.allow_impersonate, IMPERSONATE),
        (details.allow_login, LOGIN),
    ]
}

/// The details with the name and the expiry as they are stored.
fn check_details(
    details: ClientDetails,
    client: &Client,
    now: Time,
) -> Result<ClientDetails, Error> {
    let name = details.name.trim().to_owned();
    let mut wrong = Vec::new();
    if let Err(complaint) = check_name(&name) {
        wrong.push(FieldComplaint::new("name", complaint));
    }
    let expires_at = details.expires_at;
    if expires_at != client.lifecycle.expires_at() && expires_at.is_some_and(|end| end <= now) {
        wrong.push(FieldComplaint::new("expires_at", Complaint::ExpiryPassed));
    }
    if expires_at.is_some_and(|end| !is_writable(end)) {
        wrong.push(FieldComplaint::new("expires_at", Complaint::ExpiryTooFar));
    }
    if details
        .token_ttl
        .is_some_and(|ttl| !(1..=TOKEN_TTL_MAX).contains(&ttl))
    {
        let complaint = CredentialComplaint::TokenTtlInvalid.into();
        wrong.push(FieldComplaint::new("token_ttl", complaint));
    }
    if wrong.is_empty() {
        Ok(ClientDetails { name, ..details })
    } else {
        Err(Error::Invalid(wrong))
    }
}

impl Change {
    /// Writes a client's name, expiry and lifetime of tokens, and grants or removes the permissions that have switches of
    /// their own.
    async fn update_client(
        &mut self,
        client: &Client,
        details: &ClientDetails,
    ) -> Result<(), Error> {
        let (tx, stamp) = self.parts();
        // A client that expires ends its tokens, and a later expiry does not make them live again.
        let end = client.lifecycle.expires_at();
        let had_ended = end.is_some_and(|end| end <= stamp.at);
        let update = ClientUpdate {
            name: details.name.clone(),
            expires_at: details.expires_at,
            token_ttl: details.token_ttl,
            generation: client.generation + i64::from(had_ended),
        };
        // Read before: PostgreSQL answers nothing after a refused statement.
        let organization = match client.organization_id {
            Some(id) => tx.find_organization(id).await?,
            None => None,
        };
        let updated = tx.update_client(client.number, &update, stamp.version);
        match updated.await {
            Err(store::Error::NameTaken) => return Err(name_taken(organization, update.name)),
            other => other?,
        }
        for (wanted, permission) in switches(details) {
            match (wanted, client.holds(permission)) {
                (true, false) => {
                    tx.insert_permission(client.number, permission, stamp)
                        .await?;
                }
                (false, true) => tx.delete_permission(client.number, permission).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses when the client was changed since a version, with who changed it and when.
    pub(in crate::service) async fn require_unchanged(
        &mut self,
        client: &Client,
        seen: Version,
    ) -> Result<(), Error> {
        if client.version == seen {
            return Ok(());
        }
        let (tx, _) = self.parts();
        let last = tx.find_last_change(&Subject::from(client).target).await?;
        let at = last.as_ref().map(|last| last.record.at);
        let by = last.map(|last| last.record.actor.name());
        Err(Error::Conflict(Complaint::ChangedMeanwhile { by, at }))
    }
}
