//! Suspending, resuming and revoking API clients.

use crate::domain::client::{Client, Lifecycle};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::{ClientSnapshot, Event};
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require_live, require_may_change};

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

    /// Revokes a client: every token of it is dead before this returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it was revoked before.
    pub async fn revoke_client(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        require_may_change(actor, &client)?;
        if let Lifecycle::Revoked { at, by } = client.lifecycle {
            return Err(Error::Conflict(Complaint::RevokedAlready { by, at }));
        }
        let (tx, stamp) = change.parts();
        tx.revoke_client(client.number, stamp).await?;
        tx.revoke_secrets(client.number, None, stamp.at).await?;
        let (one, at) = (std::slice::from_ref(&client), stamp.at);
        self.subtract_live_tokens(tx, one, at).await?;
        let before = ClientSnapshot::from(&client);
        let client = change.reload(client.number).await?;
        change
            .commit(&client, Event::ClientRevoked { before })
            .await?;
        Ok(client)
    }

    async fn set_suspended(
        &self,
        actor: &Actor,
        id: &str,
        suspended: bool,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        // Suspending is the way to stop a client in a hurry, and can be taken back.
        if !suspended {
            require_may_change(actor, &client)?;
        }
        require_live(&client)?;
        if client.lifecycle.is_suspended() == suspended {
            return Ok(client);
        }
        let (tx, stamp) = change.parts();
        let since = suspended.then_some(stamp.at);
        tx.update_client_suspension(client.number, since, stamp.version)
            .await?;
        let client = change.reload(client.number).await?;
        let event = if suspended {
            Event::ClientSuspended {}
        } else {
            Event::ClientResumed {}
        };
        change.commit(&client, event).await?;
        Ok(client)
    }
}
