//! The first use of a secret that waits for it: from then on the older secrets of its client end by themselves.
//!
//! A request that is the first to prove such a secret opens a change, and is answered when it is committed, so that
//! whoever got a token with the new secret knows that the end of the old one has begun. The secret is valid anyway: where
//! the change fails or takes too long, the request is answered without it, and the next use tries again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event};
use crate::domain::ids::SecretNumber;
use crate::domain::is_writable;
use crate::service::database::with_timeout;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::TokenServer;

/// How long a request waits for the change.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// For how long nobody tries again after a failure, so that not every request waits while nothing can be written.
const PAUSE: TimeDelta = TimeDelta::seconds(1);

/// The changes that are under way or failed, by the secret that was used.
#[derive(Debug, Default)]
pub(super) struct Activations(Mutex<HashMap<SecretNumber, Activation>>);

#[derive(Debug)]
enum Activation {
    /// The sender is dropped when it has ended.
    UnderWay(watch::Receiver<()>),
    /// It failed at this moment.
    Failed(Time),
}

impl Activations {
    fn lock(&self) -> MutexGuard<'_, HashMap<SecretNumber, Activation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request with this secret waits for, and the sender for the one request that has to make the change.
    fn join(
        &self,
        secret: SecretNumber,
        now: Time,
    ) -> Option<(watch::Receiver<()>, Option<watch::Sender<()>>)> {
        let mut activations = self.lock();
        match activations.get(&secret) {
            // One whose sender is gone has ended without saying so.
            Some(Activation::UnderWay(end)) if end.has_changed().is_ok() => {
                return Some((end.clone(), None));
            }
            // A clock that was set back must not make the pause longer.
            Some(Activation::Failed(at)) if (now - *at).abs() < PAUSE => return None,
            _ => {}
        }
        // Secrets whose activation failed and which nobody used again.
        let is_recent = |at: Time| (now - at).abs() < PAUSE;
        activations.retain(|_, one| !matches!(one, Activation::Failed(at) if !is_recent(*at)));
        let (sender, receiver) = watch::channel(());
        activations.insert(secret, Activation::UnderWay(receiver.clone()));
        Some((receiver, Some(sender)))
    }

    fn end(&self, secret: SecretNumber, failed_at: Option<Time>) {
        let mut activations = self.lock();
        match failed_at {
            None => activations.remove(&secret),
            Some(at) => activations.insert(secret, Activation::Failed(at)),
        };
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: SecretNumber = SecretNumber(7);

    fn at(second: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn one_request_makes_the_change_and_the_others_wait_for_it() {
        let activations = Activations::default();
        let (first, sender) = activations.join(SEVEN, at(0)).unwrap();
        let (second, none) = activations.join(SEVEN, at(0)).unwrap();
        assert!(sender.is_some() && none.is_none());
        activations.end(SEVEN, None);
        drop(sender);
        assert!(first.has_changed().is_err() && second.has_changed().is_err());
        assert!(activations.lock().is_empty());
    }

    #[test]
    fn after_a_failure_nobody_waits_for_a_moment() {
        let activations = Activations::default();
        let (_, sender) = activations.join(SEVEN, at(10)).unwrap();
        activations.end(SEVEN, Some(at(10)));
        drop(sender);
        assert!(activations.join(SEVEN, at(10)).is_none());
        let (_, sender) = activations.join(SEVEN, at(11)).unwrap();
        assert!(sender.is_some());
        activations.end(SEVEN, Some(at(11)));
        // The clock was set back.
        let (_, sender) = activations.join(SEVEN, at(5)).unwrap();
        assert!(sender.is_some());
    }

    #[test]
    fn a_change_that_ended_without_a_word_is_made_again() {
        let activations = Activations::default();
        let (_, sender) = activations.join(SEVEN, at(0)).unwrap();
        drop(sender);
        let (_, sender) = activations.join(SEVEN, at(0)).unwrap();
        assert!(sender.is_some());
    }
}
