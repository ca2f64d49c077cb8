//! Making API clients.

use crate::domain::client::{CheckedClient, Client, ClientId, NewClient};
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::Event;
use crate::domain::rights::Right;
use crate::domain::secret::{Secret, check_chosen};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{ALPHABET, CreatedClient};
use crate::store;

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
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(organization) = checked.organization_id {
            let found = tx.find_organization(organization).await?;
            if found.is_none_or(|found| found.archived_at.is_some()) {
                let complaint = Complaint::OrganizationUnknown { id: organization };
                return Err(Error::invalid("organization_id", complaint));
            }
        }
        let number = match tx.insert_client(&id, &checked, stamp).await {
            Err(store::Error::Taken) => {
                let complaint = Complaint::ClientIdTaken { id: id.to_string() };
                return Err(Error::invalid("id", complaint));
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

    /// The checks of a new client and its chosen secret that need no look-up.
    fn check_new(&self, new: &NewClient, chosen: Option<&Secret>) -> Result<CheckedClient, Error> {
        let mut checked = new.check(&self.0.settings.catalog, self.now());
        if let Some(Err(complaint)) = chosen.map(|secret| check_chosen(secret.expose())) {
            let mut wrong = checked.err().unwrap_or_default();
            wrong.push(FieldComplaint::new("secret", complaint));
            checked = Err(wrong);
        }
        Ok(checked?)
    }
}

fn created(client: &Client) -> Event {
    Event::ClientCreated {
        name: client.name.clone(),
        scopes: client.scopes.clone(),
        permissions: client.permissions.clone(),
        expires_at: client.lifecycle.expires_at(),
    }
}
