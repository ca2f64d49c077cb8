//! Making API clients.

use crate::domain::client::{CheckedClient, Client, ClientId, NewClient};
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::Event;
use crate::domain::permission::PermissionName;
use crate::domain::rights::Right;
use crate::domain::secret::{Secret, check_chosen};
use crate::domain::view::ShownSecret;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{
    ALPHABET, CreatedClient, name_taken, require_may_grant, require_may_have,
};
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::secrets::Proof;
use crate::store;

/// A new client that passed the checks that need no look-up.
struct PreparedClient {
    id: ClientId,
    checked: CheckedClient,
    proof: Proof,
}

impl Console {
    /// Makes a client, with a generated id and secret where none is chosen.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`], with every field that is wrong.
    pub async fn create_client(
        &self,
        actor: &Actor,
        new: &NewClient,
        chosen: Option<Secret>,
    ) -> Result<CreatedClient, Error> {
        let prepared = self.prepare_client(actor, new, chosen).await?;
        let mut change = self.change(actor).await?;
        let created = self.insert_client(&mut change, prepared).await?;
        let event = creation(&created.client);
        change.commit(&created.client, event).await?;
        Ok(created)
    }

    /// Makes the client that a form asks for, or, when the form was sent before, answers as the first time. The secret is
    /// sealed for the page of the client.
    ///
    /// # Errors
    /// As [`Console::create_client`]; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn create_client_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        new: &NewClient,
    ) -> Result<FormAnswer, Error> {
        let prepared = self.prepare_client(actor, new, None).await?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(answer);
        }
        let created = self.insert_client(&mut change, prepared).await?;
        let client = &created.client;
        let shown = ShownSecret {
            number: created.secret_number,
            text: created.secret.expose().to_owned(),
            is_new_client: true,
        };
        let answer = FormAnswer {
            made: client.id.to_string(),
            sealed: Some(self.seal_shown_secret(actor, &client.id, &shown)),
        };
        let (tx, stamp) = change.parts();
        form.keep_answer(tx, stamp, &answer).await?;
        change.commit(client, creation(client)).await?;
        Ok(answer)
    }

    /// What can be done before the transaction: hashing is slow and needs no lock.
    async fn prepare_client(
        &self,
        actor: &Actor,
        new: &NewClient,
        chosen: Option<Secret>,
    ) -> Result<PreparedClient, Error> {
        actor.require(Right::ChangeClients)?;
        let checked = self.check_new(new, chosen.as_ref())?;
        require_may_have(actor, &checked.scopes)?;
        require_may_grant(
            actor,
            checked.permissions.iter().map(PermissionName::as_str),
        )?;
        let proof = self.prepare_secret(chosen).await?;
        let id = match &checked.id {
            Some(id) => id.clone(),
            None => ClientId::parse(&format!("id_{}", self.0.random.text(ALPHABET, 16)))
                .expect("generated ids are valid"),
        };
        Ok(PreparedClient { id, checked, proof })
    }

    async fn insert_client(
        &self,
        change: &mut Change,
        prepared: PreparedClient,
    ) -> Result<CreatedClient, Error> {
        let PreparedClient { id, checked, proof } = prepared;
        let (tx, stamp) = change.parts();
        let mut organization = None;
        if let Some(id) = checked.organization_id {
            organization = tx.find_organization(id).await?;
            if organization
                .as_ref()
                .is_none_or(|found| found.archived_at.is_some())
            {
                let complaint = Complaint::OrganizationUnknown { id };
                return Err(Error::invalid("organization_id", complaint));
            }
        }
        let number = match tx.insert_client(&id, &checked, stamp).await {
            Err(store::Error::NameTaken) => {
                let name = checked.name.unwrap_or_else(|| id.default_name());
                return Err(name_taken(organization, name));
            }
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
        Ok(CreatedClient {
            client: change.reload(number).await?,
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

fn creation(client: &Client) -> Event {
    Event::ClientCreated {
        name: client.name.clone(),
        scopes: client.scopes.clone(),
        permissions: client.permissions.clone(),
        expires_at: client.lifecycle.expires_at(),
    }
}
