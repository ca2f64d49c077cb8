//! The rules of the OAuth endpoints. They decide from memory, and write only revocations and usage.

pub(in crate::service) mod authenticate;
mod error;
mod flush;
pub(in crate::service) mod grants;
pub(in crate::service) mod introspect;
pub(in crate::service) mod live_token;
mod readiness;
mod revoke;
mod usage;

use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::host::Authority;
use crate::domain::secret::Secret;
use crate::service::auth::client_secret::ClientSecrets;
use crate::service::auth::refusals::{Refusals, ReportLimits};
use crate::service::clock::{Clock, Random};
use crate::service::crypto::keyring::Keys;
use crate::service::directory::Directory;
use crate::service::directory::denylist::DenylistWriter;
use crate::service::settings::Settings;
use crate::service::shared::Shared;
use crate::store::Store;

pub use error::GrantError;

use error::{NO_TOKEN, unavailable};
use usage::Usage;

/// The rules of the OAuth endpoints over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TokenServer(Arc<TokenServerParts>);

#[derive(Debug)]
struct TokenServerParts {
    store: Store,
    clock: Clock,
    random: Random,
    settings: Arc<Settings>,
    keys: Arc<Keys>,
    directory: Arc<Directory>,
    secrets: ClientSecrets,
    refusals: Arc<Refusals>,
    denylist: Arc<DenylistWriter>,
    usage: Usage,
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
    pub(in crate::service) fn new(shared: Shared) -> Self {
        let Shared {
            store,
            clock,
            random,
            settings,
            keys,
            directory,
            throttle,
        } = shared;
        let refusals = Arc::new(Refusals::new(ReportLimits {
            at_once: 1_000,
            an_hour: 20_000,
        }));
        let secrets = ClientSecrets::new(
            clock.clone(),
            Arc::clone(&directory),
            throttle,
            Arc::clone(&refusals),
        );
        let denylist = DenylistWriter::new(store.clone(), clock.clone());
        Self(Arc::new(TokenServerParts {
            store,
            clock,
            random,
            settings,
            keys,
            directory,
            secrets,
            refusals,
            denylist: Arc::new(denylist),
            usage: Usage::default(),
        }))
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
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
    pub async fn issuer(&self, origin: &RequestOrigin<'_>) -> Result<String, GrantError> {
        self.wait_for_freshness().await?;
        let issuer = &self.0.settings.issuer;
        Ok(match self.0.directory.organization_at(&origin.host.host) {
            // With the port, because a client compares the issuer with the URL that it used (RFC 8414 §3.3).
            Some(_) => issuer.at(&origin.host),
            None => issuer.url(),
        })
    }
}
