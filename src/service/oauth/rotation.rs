//! The first use of a secret that waits for it: from then on the older secrets of its client end by themselves.
//!
//! A request that is the first to prove such a secret opens a change, and is answered when it is committed, so that
//! whoever got a token with the new secret knows that the end of the old one has begun. The secret is valid anyway: where
//! the change fails or takes too long, the request is answered without it, and the next use tries again.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event};
use crate::domain::ids::SecretNumber;
use crate::domain::is_writable;
use crate::service::database::with_timeout;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::TokenServer;

/// How long a request waits for the change.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl TokenServer {
    /// Makes a secret that waits for its first use an ordinary one, once, and gives the older secrets of its client their
    /// end. Requests with the same secret at once share one change.
    pub(super) async fn activate_secret(
        &self,
        cached: &Arc<CachedClient>,
        secret: SecretNumber,
        address: Option<IpAddr>,
    ) {
        let Some((mut end, sender)) = self.0.activations.join(secret, self.now()) else {
            return;
        };
        if let Some(sender) = sender {
            let (server, cached) = (self.clone(), Arc::clone(cached));
            // In a task of its own, so that it ends even if the request is cancelled.
            tokio::spawn(async move {
                let made = with_timeout(server.write_activation(&cached, secret, address)).await;
                let failed_at = made.is_err().then(|| server.now());
                if failed_at.is_some() {
                    tracing::warn!(
                        client = %cached.id,
                        %secret,
                        "the first use of a new secret could not be recorded, so the older ones go on; the next use \
                         tries again"
                    );
                }
                server.0.activations.end(secret, failed_at);
                drop(sender);
            });
        }
        // Nothing is ever sent: an error tells that the change has ended.
        drop(tokio::time::timeout(LONGEST_WAIT, end.changed()).await);
    }

    /// The change. Where another node was faster, or an administrator cancelled, nothing is written.
    async fn write_activation(
        &self,
        cached: &CachedClient,
        secret: SecretNumber,
        address: Option<IpAddr>,
    ) -> Result<(), Error> {
        let id = cached.id.clone();
        let mut change = self.0.change_by(ActorRef::Client { id }, address).await?;
        let (tx, stamp) = change.parts();
        let secrets = tx.list_secrets(cached.number).await?;
        let found = secrets.iter().find(|row| row.number == secret);
        let Some((row, grace_seconds)) = found.and_then(|row| Some((row, row.pending_grace?)))
        else {
            return Ok(());
        };
        tx.activate_secret(secret).await?;
        if grace_seconds == 0 {
            tx.revoke_secrets(cached.number, Some(secret), stamp.at)
                .await?;
        } else {
            let end = TimeDelta::try_seconds(grace_seconds);
            let end = end.and_then(|grace| stamp.at.checked_add_signed(grace));
            // Only so close to the end of the calendar that nothing later can be written.
            let end = end.filter(|end| is_writable(*end));
            let end = end.ok_or(Error::Unavailable)?;
            tx.expire_older_secrets(cached.number, secret, end).await?;
        }
        tx.stamp_client(cached.number, stamp.version).await?;
        let event = Event::SecretActivated {
            hint: row.hint.clone(),
            secret,
            grace_seconds,
        };
        change.commit(cached.subject(), event).await
    }
}
