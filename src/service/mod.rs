//! The rules: what may happen and in what order, with an entry in the audit log for every change.
//!
//! There are two sets over one database. [`Console`] has the rules of administrators: a method takes an [`Actor`]
//! first, checks the input, opens a transaction, reads, decides, writes, records, commits. [`TokenServer`] has the
//! rules of the OAuth endpoints, which decide from memory. Neither names the other; what both use lies below them:
//!
//! ```text
//! console | oauth → change → shared → auth → directory → crypto → audit, clock, database, settings
//! ```

mod answer_times;
pub mod auth;
pub mod catalog;
mod change;
pub mod clock;
pub mod console;
pub mod crypto;
mod database;
mod directory;
pub mod oauth;
pub mod settings;
mod shared;

pub use console::Console;
pub use console::actor::{Actor, Visitor};
pub use console::admin_links::MadeLink;
pub use console::audit::Export;
pub use console::clients::export::ClientExport;
pub use console::clients::{CreatedClient, RevealedSecret};
pub use console::demo::FilledDemo;
pub use console::form_keys::{FormAnswer, SentForm};
pub use console::live_feed::{ClientUse, LiveNews, LiveUpdate, LiveUpdates};
pub use console::participants::import::HashProgress;
pub use console::permission_copies::PermissionCopy;
pub use console::sessions::{ResumedSession, StartedSession};
pub use crypto::keyring::StartError;
pub use crypto::token_format::{SealingKey, open, seal};
pub use oauth::grants::{
    Exchange, GrantRequest, GrantType, Impersonation, IssuedToken, Login, Registration,
    TokenRequest,
};
pub use oauth::introspect::{Caller, Introspection};
pub use oauth::live_token::{LiveToken, TokenParticipant};
pub use oauth::verify::Requirements;
pub use oauth::{Credentials, GrantError, RequestOrigin, TokenServer};
pub use settings::Settings;

use std::sync::Arc;

use clock::{Clock, Random};
use crypto::master_key::MasterKey;
use shared::Shared;

use crate::store::Store;

/// The rules over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    /// What administrators may do.
    pub console: Console,
    /// What clients may do at the OAuth endpoints.
    pub tokens: TokenServer,
}

impl Services {
    /// Opens the service over a database. The keys that the server makes for itself are made when missing.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(
        store: Store,
        master: MasterKey,
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> Result<Self, StartError> {
        let shared = Arc::new(Shared::load(store, &master, settings, clock, random).await?);
        Ok(Self {
            console: Console::new(Arc::clone(&shared)),
            tokens: TokenServer::new(shared),
        })
    }

    /// Writes the queued revocations, and closes the database.
    pub async fn close(&self) {
        self.tokens.finish_denylist().await;
        self.console.close().await;
    }
}
