//! API clients: made.

use crate::domain::client::{CheckedClient, Client, ClientId, NewClient};
use crate::domain::error::{Error, FieldError};
use crate::domain::event::Event;
use crate::domain::scope;
use crate::domain::secret::{Secret, check_chosen};
use crate::service::Service;
use crate::service::clock::is_writable;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{ALPHABET, CreatedClient, TOO_FAR};
use crate::store;

impl Service {
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
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(organization) = checked.organization_id {
            let found = tx.find_organization(organization).await?;
            if found.is_none_or(|found| found.archived_at.is_some()) {
                return Err(Error::invalid(
                    "organization_id",
                    format!("There is no organization {organization}."),
                ));
            }
        }
        let number = match tx.insert_client(&id, &checked, stamp).await {
            Err(store::Error::Taken) => {
                return Err(Error::invalid(
                    "id",
                    format!("There is or was a client `{id}`. Ids are never given out again."),
                ));
            }
            other => other?,
        };
        for permission in &checked.permissions {
            tx.insert_permission(number, permission.as_str(), stamp)
                .await?;
        }
        let (secret, secret_number) = self.store_secret(tx, number, proof, stamp).await?;
        let client = change.reload(number).await?;
        change.commit(&client, created(&client)).await?;
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
    /// As [`Service::create_client`].
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
}

fn created(client: &Client) -> Event {
    Event::ClientCreated {
        name: client.name.clone(),
        scopes: client.scopes.clone(),
        permissions: client.permissions.clone(),
        expires_at: client.expires_at,
    }
}
