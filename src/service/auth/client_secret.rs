//! Verification of client secrets: a generated one by its digest, a chosen one by a slow hash, once.

use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::ids::SecretNumber;
use crate::domain::secret::Secret;
use crate::service::auth::hash_queue::HashQueue;
use crate::service::auth::refusal_reason::{RefusalReason, UNKNOWN_CLIENT};
use crate::service::auth::refusals::Refusals;
use crate::service::auth::throttle::{Attempt, GuessTarget, Throttle};
use crate::service::clock::Clock;
use crate::service::directory::Directory;
use crate::service::directory::cached_client::{CachedClient, Recalled};

/// Verifies client secrets, and counts wrong guesses.
#[derive(Clone, Debug)]
pub(in crate::service) struct ClientSecrets {
    clock: Clock,
    directory: Arc<Directory>,
    throttle: Arc<Throttle>,
    refusals: Arc<Refusals>,
    /// For chosen secrets.
    queue: HashQueue,
}

/// The credentials that a client sent.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct PresentedSecret<'a> {
    /// The id, as sent.
    pub(in crate::service) client_id: &'a str,
    pub(in crate::service) secret: &'a Secret,
    /// The secret's HMAC under the pepper.
    pub(in crate::service) digest: &'a [u8; 32],
    pub(in crate::service) address: Option<IpAddr>,
}

impl ClientSecrets {
    pub(in crate::service) fn new(
        clock: Clock,
        directory: Arc<Directory>,
        throttle: Arc<Throttle>,
        refusals: Arc<Refusals>,
    ) -> Self {
        Self {
            clock,
            directory,
            throttle,
            refusals,
            queue: HashQueue::new(),
        }
    }

    /// The number of the secret that was sent, if it is or was one of the client's. A generated secret is proven by its
    /// digest, whatever guesses failed before.
    pub(in crate::service) async fn verify_secret(
        &self,
        cached: &Arc<CachedClient>,
        presented: &PresentedSecret<'_>,
    ) -> Result<SecretNumber, RefusalReason> {
        if let Some(number) = cached.generated_secret(presented.digest) {
            return Ok(number);
        }
        if cached.has_chosen_secret() {
            // Boxed, because few requests need it, and the future of every request would be as large.
            return Box::pin(self.verify_chosen_secret(cached, presented)).await;
        }
        let id = cached.id.as_str();
        Err(self.refuse_generated(id, presented, RefusalReason::WrongSecret))
    }

    /// Counts a guess for a client that does not exist.
    pub(in crate::service) fn refuse_unknown_client(
        &self,
        presented: &PresentedSecret<'_>,
    ) -> RefusalReason {
        self.refuse_generated(UNKNOWN_CLIENT, presented, RefusalReason::UnknownClient)
    }

    /// Counts a wrong guess at a client without a chosen secret, and returns the reason.
    fn refuse_generated(
        &self,
        account: &str,
        presented: &PresentedSecret<'_>,
        refused: RefusalReason,
    ) -> RefusalReason {
        let attempt = self.throttle.attempt(
            GuessTarget::GeneratedSecret,
            presented.client_id,
            presented.address,
        );
        if let Err(refused) = attempt.check().map_err(too_many) {
            return refused;
        }
        self.fail(attempt, account);
        refused
    }

    /// The number of the chosen secret that was sent, if it is or was one of the client's. While the account is closed
    /// to the network, the right secret is refused too: otherwise the answer would tell right guesses from wrong ones.
    async fn verify_chosen_secret(
        &self,
        cached: &Arc<CachedClient>,
        presented: &PresentedSecret<'_>,
    ) -> Result<SecretNumber, RefusalReason> {
        let id = cached.id.as_str();
        let attempt = self
            .throttle
            .attempt(GuessTarget::ChosenSecret, id, presented.address);
        attempt.check().map_err(too_many)?;
        // Once every chosen secret was proven in memory, a wrong one is recognized and counted at once. If it had to
        // wait for a hash, and the right one had not, a client could guess without being counted by hanging up.
        match cached.recall(presented.digest) {
            Recalled::Proven(number) => return Ok(number),
            Recalled::Wrong => {
                self.fail(attempt, id);
                return Err(RefusalReason::WrongSecret);
            }
            Recalled::Nothing => {}
        }
        // In a task of its own, so that it ends and is counted even if the request is cancelled.
        let (verifier, cached) = (self.clone(), Arc::clone(cached));
        let (secret, digest, address) = (
            presented.secret.clone(),
            *presented.digest,
            presented.address,
        );
        let proof = tokio::spawn(async move {
            verifier
                .hash_chosen_secret(&cached, address, &secret, &digest)
                .await
        });
        proof.await.unwrap_or(Err(RefusalReason::Unavailable))
    }

    /// The same where only a slow hash can decide.
    async fn hash_chosen_secret(
        &self,
        cached: &Arc<CachedClient>,
        address: Option<IpAddr>,
        secret: &Secret,
        digest: &[u8; 32],
    ) -> Result<SecretNumber, RefusalReason> {
        let id = cached.id.as_str();
        let mut attempt = self
            .throttle
            .attempt(GuessTarget::ChosenSecret, id, address);
        // Requests that load the client at the same time each have a copy. The one in the cache remembers proven
        // secrets for all.
        let kept = || {
            let kept = self.directory.known_client(id);
            kept.unwrap_or_else(|| Arc::clone(cached))
        };
        for row in cached.chosen_secrets(self.clock.now()) {
            attempt.reserve(digest).map_err(too_many)?;
            if let Some(number) = kept().was_proven(digest) {
                return Ok(number);
            }
            let Ok(permit) = self.queue.permit().await else {
                // Where another secret of the client was proven already, the right one would not have waited.
                if kept().has_proven() {
                    self.fail(attempt, id);
                }
                return Err(RefusalReason::Unavailable);
            };
            // Of several requests with the same secret at once, the first one proved it for all, or failed often enough
            // for all.
            if let Some(number) = kept().was_proven(digest) {
                return Ok(number);
            }
            attempt.check().map_err(too_many)?;
            let hash = std::str::from_utf8(&row.digest).ok();
            if permit.verify(secret, hash).await {
                kept().remember_proven(row.number, *digest);
                return Ok(row.number);
            }
        }
        self.fail(attempt, id);
        Err(RefusalReason::WrongSecret)
    }

    /// Counts a wrong guess, and logs the windows that it closed.
    fn fail(&self, attempt: Attempt<'_>, account: &str) {
        let closed = attempt.fail();
        self.refusals.log_closed(account, &closed, self.clock.now());
    }
}

fn too_many(retry_after: u64) -> RefusalReason {
    RefusalReason::TooManyGuesses { retry_after }
}
