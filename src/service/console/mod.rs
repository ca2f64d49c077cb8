//! The rules of administrators, for the pages and the command line.

mod account;
pub mod actor;
pub(in crate::service) mod admin_links;
mod administrators;
pub(in crate::service) mod admins;
pub(in crate::service) mod audit;
mod catalog;
mod change;
pub(in crate::service) mod clients;
pub(in crate::service) mod demo;
mod failed_sign_ins;
mod find;
pub(in crate::service) mod form_keys;
mod housekeeping;
mod live;
pub(in crate::service) mod live_feed;
mod live_tokens;
pub(in crate::service) mod organizations;
mod outline;
mod overview;
pub(in crate::service) mod participants;
pub(in crate::service) mod permission_copies;
mod permissions;
mod rotations;
mod secrets;
pub(in crate::service) mod sessions;
mod setup;
mod setup_code;
mod shown_clients;
mod stepped_up;
mod tokens;
mod typed_forms;
mod usage;

use std::ops::Deref;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::host::Host;
use crate::service::auth::hash_queue::HashQueue;
use crate::service::auth::refusals::{Refusals, ReportLimits};
use crate::service::clock::Clock;
use crate::service::settings::Settings;
use crate::service::shared::Shared;
use crate::store::Tx;
use live_feed::LiveFeed;
use outline::{NewestOutline, Outline};
use setup_code::SetupCode;

/// The rules of administrators over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Console(Arc<ConsoleParts>);

#[derive(Debug)]
struct ConsoleParts {
    shared: Arc<Shared>,
    /// For passwords of administrators, and secrets that they choose for clients.
    passwords: HashQueue,
    /// Of attempts to sign in or to set up.
    failed_sign_ins: Refusals,
    setup: SetupCode,
    outline: NewestOutline,
    live: LiveFeed,
}

impl Deref for ConsoleParts {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Console {
    pub(in crate::service) fn new(shared: Arc<Shared>) -> Self {
        Self(Arc::new(ConsoleParts {
            shared,
            passwords: HashQueue::new(),
            failed_sign_ins: Refusals::new(ReportLimits {
                at_once: 20,
                an_hour: 200,
            }),
            setup: SetupCode::default(),
            outline: NewestOutline::default(),
            live: LiveFeed::default(),
        }))
    }

    /// The installation's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Closes the connections to the database, also those of the token server.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    /// Whether a host is a tenant host. For the main host the database is not asked.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn is_organization_host(&self, host: &Host<'_>) -> Result<bool, Error> {
        if self.0.directory.is_main(host) {
            return Ok(false);
        }
        self.0.directory.refresh().await?;
        Ok(self.0.directory.organization_at(host).is_some())
    }

    /// What many pages show of the whole directory.
    async fn outline(&self) -> Result<Arc<Outline>, Error> {
        let ConsoleParts {
            shared, outline, ..
        } = &*self.0;
        outline
            .refreshed(&shared.directory, &shared.store, self.now())
            .await
    }

    async fn read(&self) -> Result<Tx, Error> {
        Ok(self.0.store.read().await?)
    }
}
