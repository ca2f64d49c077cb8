//! The rules of the OAuth endpoints. They decide from memory, and write revocations, usage, and what clients do for
//! participants.

mod activations;
pub(in crate::service) mod authenticate;
mod error;
mod flush;
pub(in crate::service) mod grants;
mod hourly;
mod impersonation_events;
mod impersonations;
pub(in crate::service) mod introspect;
pub(in crate::service) mod live_token;
mod participants;
mod readiness;
mod refused;
mod renewed_hash;
mod revoke;
mod rotation;
mod usage;
pub(in crate::service) mod verify;

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::host::Authority;
use crate::domain::secret::Secret;
use crate::service::answer_times::Measurement;
use crate::service::auth::client_secret::ClientSecrets;
use crate::service::auth::hash_queue::HashQueue;
use crate::service::auth::refusals::{Refusals, ReportLimits};
use crate::service::directory::denylist::DenylistWriter;
use crate::service::settings::Settings;
use crate::service::shared::Shared;

pub use error::GrantError;

use activations::Activations;
use error::{NO_TOKEN, unavailable};
use hourly::HourlyCounts;
use impersonations::Impersonations;
use usage::Usage;

/// The rules of the OAuth endpoints over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TokenServer(Arc<TokenServerParts>);

#[derive(Debug)]
struct TokenServerParts {
    shared: Arc<Shared>,
    secrets: ClientSecrets,
    refusals: Arc<Refusals>,
    denylist: Arc<DenylistWriter>,
    usage: Usage,
    /// For passwords of participants.
    passwords: HashQueue,
    /// Of participants who sign in.
    logins: Refusals,
    impersonations: Impersonations,
    registrations: HourlyCounts,
    extra_changes: HourlyCounts,
    activations: Activations,
}

impl Deref for TokenServerParts {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// The credentials that a client sends (RFC 6749 §2.3.1).
#[derive(Debug)]
pub struct Credentials {
    /// The `client_id`, as sent.
    pub id: String,
    /// The `client_secret`.
    pub secret: Secret,
}

/// Where a request came from, and which host it names.
#[derive(Clone, Debug)]
pub struct RequestOrigin<'a> {
    /// The host and port that the request names.
    pub host: Authority<'a>,
    /// The network address that it was sent from.
    pub address: Option<IpAddr>,
}

impl TokenServer {
    pub(in crate::service) fn new(shared: Arc<Shared>) -> Self {
        let limits = ReportLimits {
            at_once: 1_000,
            an_hour: 20_000,
        };
        let refusals = Arc::new(Refusals::new(limits));
        let secrets = ClientSecrets::new(
            shared.clock.clone(),
            Arc::clone(&shared.directory),
            Arc::clone(&shared.throttle),
            Arc::clone(&refusals),
        );
        let denylist = DenylistWriter::new(
            shared.store.clone(),
            shared.clock.clone(),
            Arc::clone(&shared.directory),
        );
        Self(Arc::new(TokenServerParts {
            shared,
            secrets,
            refusals,
            denylist: Arc::new(denylist),
            usage: Usage::default(),
            passwords: HashQueue::new(),
            logins: Refusals::new(limits),
            impersonations: Impersonations::new(),
            registrations: HourlyCounts::default(),
            extra_changes: HourlyCounts::default(),
            activations: Activations::default(),
        }))
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Begins to measure how long an answer takes, where it is to be measured: pass it to
    /// [`end_answer`](Self::end_answer).
    #[must_use]
    pub fn begin_answer(&self) -> Option<Measurement> {
        self.0.answer_times.begin()
    }

    /// Counts how long an answer took.
    pub fn end_answer(&self, measurement: Measurement) {
        self.0.answer_times.end(measurement);
    }

    fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// Waits until memory is at least as new as every change that was committed before this call.
    async fn wait_for_freshness(&self) -> Result<(), GrantError> {
        self.0.directory.refresh().await.map_err(unavailable)
    }

    /// The issuer of the requested host (RFC 8414 §2).
    ///
    /// # Errors
    /// [`GrantError::Unavailable`].
    pub async fn issuer(&self, host: &Authority<'_>) -> Result<String, GrantError> {
        self.wait_for_freshness().await?;
        Ok(self.issuer_at(host))
    }

    fn issuer_at(&self, host: &Authority<'_>) -> String {
        let issuer = &self.0.settings.issuer;
        match self.0.directory.organization_at(&host.host) {
            // With the port, because a client compares the issuer with the URL that it used (RFC 8414 §3.3).
            Some(_) => issuer.at(host),
            None => issuer.url(),
        }
    }
}
