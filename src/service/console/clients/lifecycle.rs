//! API clients: suspended, resumed, revoked.

use serde_json::json;

use crate::domain::audit::Action;
use crate::domain::client::Client;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{about, entry, require, require_live, require_number};

impl Console {
    /// Suspends a client: its tokens are dead until it is resumed. Suspending it twice changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it is revoked.
    pub async fn suspend_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        self.set_suspended(actor, id, true).await
    }

    /// Resumes a suspended client. Resuming one that is not suspended changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it is revoked.
    pub async fn resume_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        self.set_suspended(actor, id, false).await
    }

    /// Ends a client for good: every token dies before this returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it was revoked before.
    pub async fn revoke_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let (mut tx, version) = self.change().await?;
        let client = require(&mut tx, id).await?;
        if let (Some(at), Some(by)) = (client.revoked_at, client.revoked_by) {
            return Err(Error::Conflict(Complaint::RevokedAlready { by, at }));
        }
        let now = self.now();
        tx.revoke_client(client.number, (&actor.name(), now), version)
            .await?;
        tx.revoke_other_secrets(client.number, None, now).await?;
        let client = require_number(&mut tx, client.number).await?;
        self.record(
            &mut tx,
            actor,
            entry(&client, Action::ClientRevoked, about(&client)),
        )
        .await?;
        tx.commit().await?;
        Ok(client)
    }

    async fn set_suspended(
        &self,
        actor: &Actor,
        id: &str,
        suspended: bool,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let (mut tx, version) = self.change().await?;
        let client = require(&mut tx, id).await?;
        require_live(&client)?;
        if client.suspended_at.is_some() == suspended {
            return Ok(client);
        }
        tx.update_client_suspension(client.number, suspended.then(|| self.now()), version)
            .await?;
        let client = require_number(&mut tx, client.number).await?;
        let action = if suspended {
            Action::ClientSuspended
        } else {
            Action::ClientResumed
        };
        self.record(&mut tx, actor, entry(&client, action, json!({})))
            .await?;
        tx.commit().await?;
        Ok(client)
    }
}
