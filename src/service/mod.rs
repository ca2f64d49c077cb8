//! What may happen, and in what order: every rule, and an entry in the audit log for every change.
//!
//! One [`Service`], cheap to clone, with one file of methods per noun. A method checks the actor and the
//! input, opens a transaction, reads, decides with what `domain` knows, writes, leaves its entry, commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::store::{self, Store, Tx};

pub mod auth;
pub mod catalog;
pub mod clock;
pub mod console;
pub mod crypto;
mod directory;
pub mod oauth;
pub mod settings;

pub use console::actor::{Actor, Visitor};
pub use console::clients::{CreatedClient, RevealedSecret};
pub use console::demo::FilledDemo;
pub use console::organizations::FrameCounts;
pub use console::sessions::StartedSession;
pub use crypto::token_format::{SealingKey, open, seal};
pub use oauth::grants::{Credentials, GrantError, IssuedToken, RequestOrigin};
pub use oauth::introspect::{Caller, Introspection, LiveToken};
pub use settings::Settings;

use auth::hash_queue::HashQueue;
use auth::refusals::{Limits, Refusals};
use auth::throttle::Throttle;
use clock::{Clock, Random};
use console::setup::SetupCode;
use crypto::keyring::Keys;
use directory::Directory;
use directory::denylist::DenylistWriter;
use oauth::usage::Usage;

/// The rules of the house over one database.
#[derive(Clone, Debug)]
pub struct Service(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Clock,
    random: Random,
    settings: Settings,
    keys: Arc<Keys>,
    directory: Arc<Directory>,
    denylist: DenylistWriter,
    /// Of administrators, and of secrets that they choose for clients.
    passwords: HashQueue,
    /// Of clients that show one.
    chosen_secrets: HashQueue,
    throttle: Throttle,
    /// Of clients.
    refusals: Refusals,
    /// Of whoever wants to sign in or to set up.
    failed_sign_ins: Refusals,
    setup: SetupCode,
    usage: Usage,
}

impl Service {
    /// Puts the rules over a database. The keys that the server makes for itself are made when missing.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(
        store: Store,
        master: crypto::keyring::Master,
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> Result<Self, StartError> {
        let keys = Arc::new(Keys::load_or_make(&store, &master, &clock, &random).await?);
        let directory = Arc::new(Directory::new(
            store.clone(),
            Arc::clone(&keys),
            &settings.catalog,
            settings.issuer.authority.host.clone(),
        ));
        Ok(Self(Arc::new(Inner {
            store,
            throttle: Throttle::new(clock.clone()),
            refusals: Refusals::new(Limits {
                at_once: 1_000,
                an_hour: 20_000,
            }),
            failed_sign_ins: Refusals::new(Limits {
                at_once: 20,
                an_hour: 200,
            }),
            clock,
            random,
            settings,
            keys,
            directory,
            denylist: DenylistWriter::default(),
            passwords: HashQueue::new(),
            chosen_secrets: HashQueue::new(),
            setup: SetupCode::default(),
            usage: Usage::default(),
        })))
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// What tells the time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Lets the database go.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    async fn read(&self) -> Result<Tx, Error> {
        Ok(self.0.store.read().await?)
    }
}

/// Why the service could not be put over a database.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not do it.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// The database's keys were sealed with another master key.
    #[error("this database was sealed with another master key")]
    OtherMasterKey,
}

/// How long the database may take over what many wait for. A network that has gone silent says nothing for a quarter
/// of an hour.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(10);

/// Waits for the database no longer than that.
async fn with_timeout<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(DATABASE_TIMEOUT, work)
        .await
        .unwrap_or_else(|_| {
            tracing::error!("the database does not answer");
            Err(Error::Unavailable)
        })
}

impl From<store::Error> for Error {
    /// Logs the cause, once, and keeps it from whoever asked.
    fn from(error: store::Error) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        if let store::Error::Unavailable(cause) = &error {
            tracing::error!(%cause, "the database cannot be asked");
            return Self::Unavailable;
        }
        let reference = format!("E{:06}", COUNT.fetch_add(1, Ordering::Relaxed));
        // What the database says, and not the values that it says it of.
        let cause =
            std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        tracing::error!(%reference, %cause, "a defect");
        Self::Internal { reference }
    }
}
