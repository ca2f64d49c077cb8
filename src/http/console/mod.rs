//! The layers before pages and forms: sessions, cookies, CSRF checks, redirects of forms, static files.

use std::sync::Arc;

use serde_json::Value;

use super::peer::Proxies;
use crate::service::Console;
use assets::Site;
use transfers::Transfers;

pub mod assets;
pub mod audit_export;
pub mod client_export;
pub mod compression;
pub mod confirmation;
mod download;
pub mod forms;
pub mod held_forms;
pub mod hosts;
pub mod live;
pub mod own_pages;
pub mod pages;
pub mod problem;
pub mod session;
pub mod transfer_pages;
pub mod transfers;

/// The state of pages, forms and their layers.
#[derive(Clone, Debug)]
pub struct ConsoleState {
    /// The service for administrators.
    pub console: Console,
    /// Trusted proxies.
    pub proxies: Arc<Proxies>,
    /// The OpenAPI description of the endpoints for programs, which a page shows to people.
    pub api_description: Arc<Value>,
    /// The files that are being sent.
    pub transfers: Transfers,
    /// The static files of the pages.
    pub site: Site,
}

impl ConsoleState {
    /// Whether the pages are served over TLS, so that cookies may be `Secure`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.console.settings().issuer.is_secure()
    }
}
