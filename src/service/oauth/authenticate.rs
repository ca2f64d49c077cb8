//! Who a client is: what it shows against what is known of it, and whether it may come in.

use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::client::{ClientId, ClientState};
use crate::domain::host::Host;
use crate::domain::scope::SYSTEM;
use crate::domain::secret::Secret;
use crate::service::Service;
use crate::service::auth::refusals::Report;
use crate::service::auth::throttle::{Attempt, Target};
use crate::service::directory::cached_client::{CachedClient, Recalled};
use crate::service::oauth::grants::{Credentials, GrantError, RequestOrigin, unavailable};

/// What stands in the log for an id that is nobody's. It may be a secret in the wrong field.
const UNKNOWN_CLIENT: &str = "unknown client";

/// A client that proved who it is, and with which secret.
pub(in crate::service) struct Authenticated {
    pub(in crate::service) cached: Arc<CachedClient>,
    pub(in crate::service) secret: i64,
    /// When.
    pub(in crate::service) at: Time,
}

impl Service {
    /// Finds out whether a client is who it says, at the host it came to. Every reason to refuse looks alike.
    pub(in crate::service) async fn authenticate(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
    ) -> Result<Authenticated, GrantError> {
        self.wait_for_freshness().await?;
        // Computed for unknown clients too, so that they cost what a wrong generated secret costs.
        let digest = self.0.keys.digest_secret(credentials.secret.expose());
        let found = match ClientId::parse(&credentials.id) {
            Ok(id) => self.0.directory.client(&id).await.map_err(unavailable)?,
            Err(_) => None,
        };
        let Some(cached) = found else {
            let (target, reason) = (Target::GeneratedSecret, "unknown client");
            return Err(self.refuse_guess((target, reason), &credentials.id, None, origin));
        };
        let Some(secret) = self
            .proven_secret(origin, &cached, (&credentials.secret, &digest))
            .await?
        else {
            let (target, reason) = (cached.guessed_at(), "wrong secret");
            let id = Some(cached.client.id.as_str());
            return Err(self.refuse_guess((target, reason), &credentials.id, id, origin));
        };
        let now = self.now();
        let is_open = self
            .is_open(&cached, &origin.host.host)
            .and_then(|()| cached.is_usable(secret, now));
        if let Err(reason) = is_open {
            self.note_refusal(cached.client.id.as_str(), origin.address, reason);
            return Err(self.refuse(&cached, GrantError::InvalidClient));
        }
        self.0.usage.used(&cached, secret, now);
        Ok(Authenticated {
            cached,
            secret,
            at: now,
        })
    }

    /// The number of the secret that was shown, if it is or was the client's. One that the server made is proven by its
    /// digest, whatever others guessed before.
    async fn proven_secret(
        &self,
        origin: &RequestOrigin<'_>,
        cached: &Arc<CachedClient>,
        shown: (&Secret, &[u8; 32]),
    ) -> Result<Option<i64>, GrantError> {
        if let Some(number) = cached.generated_secret(shown.1) {
            return Ok(Some(number));
        }
        if !cached.has_chosen_secret() {
            return Ok(None);
        }
        Box::pin(self.proven_chosen_secret(origin, cached, shown)).await
    }

    /// The number of the chosen secret that was shown, if it is or was the client's. While the account is closed to the
    /// network, the right secret is refused too: else guesses could be told right from wrong.
    async fn proven_chosen_secret(
        &self,
        origin: &RequestOrigin<'_>,
        cached: &Arc<CachedClient>,
        (shown, digest): (&Secret, &[u8; 32]),
    ) -> Result<Option<i64>, GrantError> {
        let id = cached.client.id.as_str();
        let attempt = self
            .0
            .throttle
            .attempt(Target::ChosenSecret, id, origin.address);
        if let Err(retry_after) = attempt.check() {
            return Err(self.refuse_throttled(retry_after, Some(id), origin.address));
        }
        // Once every secret is known by its digest, what is wrong is known at once and counted at once. If it had to wait
        // for a hash, and the right one had not, then to hang up would be a way to guess without being counted.
        match cached.recall(digest) {
            Recalled::Proven(number) => return Ok(Some(number)),
            Recalled::Wrong => {
                self.fail(attempt, id);
                return Ok(None);
            }
            Recalled::Nothing => {}
        }
        // In a task of its own, so that it ends and is counted even if nobody waits for it any more.
        let (service, cached, address) = (self.clone(), Arc::clone(cached), origin.address);
        let (shown, digest) = (shown.clone(), *digest);
        let proof = tokio::spawn(async move {
            let shown = (&shown, &digest);
            service.hash_chosen_secret(&cached, address, shown).await
        });
        proof.await.unwrap_or(Err(GrantError::Unavailable))
    }

    /// The same where only a slow hash can tell.
    async fn hash_chosen_secret(
        &self,
        cached: &Arc<CachedClient>,
        address: Option<IpAddr>,
        (shown, digest): (&Secret, &[u8; 32]),
    ) -> Result<Option<i64>, GrantError> {
        let id = cached.client.id.as_str();
        let mut attempt = self.0.throttle.attempt(Target::ChosenSecret, id, address);
        let too_many = |retry_after| self.refuse_throttled(retry_after, Some(id), address);
        // Those who read the client at the same time have an cached each. The one that stays remembers for all.
        let kept = || {
            let kept = self.0.directory.known_client(id);
            kept.unwrap_or_else(|| Arc::clone(cached))
        };
        for row in cached.chosen_secrets(self.now()) {
            attempt.reserve(digest).map_err(too_many)?;
            if let Some(number) = kept().was_proven(digest) {
                return Ok(Some(number));
            }
            let permit = match self.0.chosen_secrets.permit().await {
                Ok(permit) => permit,
                Err(error) => {
                    // Where another of the client's secrets is known already, the right one would not have waited.
                    if kept().has_proven() {
                        self.fail(attempt, id);
                    }
                    return Err(unavailable(error));
                }
            };
            // Of many who show the same secret at once, the first found out for all, or failed often enough for all.
            if let Some(number) = kept().was_proven(digest) {
                return Ok(Some(number));
            }
            attempt.check().map_err(too_many)?;
            let hash = std::str::from_utf8(&row.digest).ok();
            if permit.verify(shown, hash).await {
                kept().remember_proven(row.number, *digest);
                return Ok(Some(row.number));
            }
        }
        self.fail(attempt, id);
        Ok(None)
    }

    /// Counts a wrong guess, and logs what that closed.
    fn fail(&self, attempt: Attempt<'_>, account: &str) {
        let closed = attempt.fail();
        self.0.refusals.log_closed(account, &closed, self.now());
    }

    /// Refuses a secret that its client never had, or that is shown for a client that nobody has. `known` is the id of
    /// a client that there is.
    fn refuse_guess(
        &self,
        (target, reason): (Target, &'static str),
        id: &str,
        known: Option<&str>,
        origin: &RequestOrigin<'_>,
    ) -> GrantError {
        let account = known.unwrap_or(UNKNOWN_CLIENT);
        // A guess at a chosen secret was counted where it was found out.
        if target == Target::GeneratedSecret {
            let attempt = self.0.throttle.attempt(target, id, origin.address);
            if let Err(retry_after) = attempt.check() {
                return self.refuse_throttled(retry_after, known, origin.address);
            }
            self.fail(attempt, account);
        }
        self.note_refusal(account, origin.address, reason);
        GrantError::InvalidClient
    }

    fn refuse_throttled(
        &self,
        retry_after: u64,
        known: Option<&str>,
        address: Option<IpAddr>,
    ) -> GrantError {
        let account = known.unwrap_or(UNKNOWN_CLIENT);
        self.note_refusal(account, address, "too many wrong guesses");
        GrantError::TooMany { retry_after }
    }

    /// Logs that a client was refused, at most once a minute for each client and network.
    pub(in crate::service) fn note_refusal(
        &self,
        account: &str,
        address: Option<IpAddr>,
        reason: &'static str,
    ) {
        let report = self.0.refusals.note(
            account,
            address,
            reason,
            self.now(),
            account != UNKNOWN_CLIENT,
        );
        if let Some(report) = report {
            log_refusal(&report);
        }
    }

    /// Logs refusals that were held back for a minute; with `all`, every one that was held back.
    pub(in crate::service) fn log_refusals(&self, all: bool) {
        for report in self.0.refusals.due(self.now(), all) {
            log_refusal(&report);
        }
    }

    /// Whether a client may act at a host now.
    pub(in crate::service) fn is_open(
        &self,
        cached: &CachedClient,
        host: &Host<'_>,
    ) -> Result<(), &'static str> {
        let client = &cached.client;
        match client.state(self.now()) {
            ClientState::Active | ClientState::Expiring { .. } => {}
            ClientState::Expired => return Err("client expired"),
            ClientState::Suspended => return Err("client suspended"),
            ClientState::Revoked => return Err("client revoked"),
        }
        if !self.is_organization_live(client.organization_id) {
            return Err("organization archived");
        }
        if let Some(organization) = self.0.directory.organization_at(host) {
            let reaches_all = client.organization_id.is_none()
                && client.scopes.iter().any(|scope| scope.as_str() == SYSTEM);
            if client.organization_id != Some(organization.id) && !reaches_all {
                return Err("another organization's host");
            }
        }
        Ok(())
    }

    pub(in crate::service) fn is_organization_live(&self, organization: Option<i64>) -> bool {
        organization.is_none_or(|id| {
            self.0
                .directory
                .organization(id)
                .is_some_and(|found| found.archived_at.is_none())
        })
    }
}

fn log_refusal(report: &Report) {
    let Report {
        account,
        network,
        reason,
        count,
        ..
    } = report;
    tracing::info!(
        client = account,
        network,
        reason,
        count,
        "a client was refused"
    );
}
