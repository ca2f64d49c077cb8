//! Client authentication: compares the credentials with the directory, and checks whether the client may act.

use std::sync::Arc;

use crate::domain::Time;
use crate::domain::ids::SecretNumber;
use crate::service::auth::client_secret::PresentedSecret;
use crate::service::auth::client_state::{check_client, check_secret};
use crate::service::auth::refusal_reason::{RefusalReason, UNKNOWN_CLIENT};
use crate::service::auth::refusals::Report;
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::RequestKind;
use crate::service::oauth::{Credentials, GrantError, RequestOrigin, TokenServer, unavailable};

/// An authenticated client, and the secret that it used.
pub(super) struct Authenticated {
    pub(super) cached: Arc<CachedClient>,
    pub(super) secret: SecretNumber,
    /// When it was authenticated.
    pub(super) at: Time,
}

impl TokenServer {
    /// Authenticates a client and checks that it may act at the requested host. Every reason to refuse looks alike to
    /// the caller.
    pub(super) async fn authenticate(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
    ) -> Result<Authenticated, GrantError> {
        self.wait_for_freshness().await?;
        // Computed for unknown clients too, so that they take as long as a wrong generated secret.
        let digest = self.0.keys.digest_secret(credentials.secret.expose());
        let presented = PresentedSecret {
            client_id: &credentials.id,
            secret: &credentials.secret,
            digest: &digest,
            address: origin.address,
        };
        let found = self.0.directory.client(&credentials.id).await;
        let Some(cached) = found.map_err(unavailable)? else {
            let refused = self.0.secrets.refuse_unknown_client(&presented);
            self.note_refusal(None, origin, refused);
            return Err(refused.into());
        };
        let verified = self.0.secrets.verify_secret(&cached, &presented).await;
        let at = self.now();
        let shown = verified.as_ref().ok().copied();
        let checked = verified.and_then(|secret| {
            check_client(&self.0.directory, &cached, &origin.host.host, at)?;
            check_secret(&cached, secret, at)?;
            Ok(secret)
        });
        match checked {
            Ok(secret) => {
                self.0.usage.used(&cached, secret, at, origin.address);
                if cached.pending == Some(secret) {
                    // Boxed, because few requests need it, and the future of every request would be as large.
                    Box::pin(self.activate_secret(&cached, secret, origin.address)).await;
                }
                Ok(Authenticated { cached, secret, at })
            }
            Err(refused) => {
                self.note_refusal(Some(&cached), origin, refused);
                self.keep_unauthenticated(&cached, origin, refused, shown);
                Err(refused.into())
            }
        }
    }

    /// Logs that a client was refused, at most once a minute for each client and network, and counts it if the client
    /// was authenticated.
    pub(super) fn note_refusal(
        &self,
        cached: Option<&CachedClient>,
        origin: &RequestOrigin<'_>,
        refused: RefusalReason,
    ) {
        let now = self.now();
        let account = cached.map_or(UNKNOWN_CLIENT, |cached| cached.id.as_str());
        if let Some(reason) = refused.reason() {
            let refusals = &self.0.refusals;
            let report = refusals.note(account, origin.address, reason, now, cached.is_some());
            if let Some(report) = report {
                log_refusal(&report);
            }
        }
        if let Some(cached) = cached.filter(|_| refused.is_of_proven_client()) {
            self.0.usage.count(cached, RequestKind::Refused, now);
        }
    }

    /// Logs the refusals that were held back for a minute; with `all`, every one.
    pub fn report_refusals(&self, all: bool) {
        for report in self.0.refusals.due(self.now(), all) {
            log_refusal(&report);
        }
        for report in self.0.logins.due(self.now(), all) {
            log_refused_login(&report);
        }
    }
}

/// Logs that a participant could not sign in.
pub(super) fn log_refused_login(report: &Report) {
    tracing::info!(
        account = report.account,
        network = report.network,
        reason = report.reason,
        count = report.count,
        "a login of a participant was refused"
    );
}

fn log_refusal(report: &Report) {
    tracing::info!(
        client = report.account,
        network = report.network,
        reason = report.reason,
        count = report.count,
        "a client was refused"
    );
}
