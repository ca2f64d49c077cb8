//! What stands before pages and forms: sessions, cookies, where a form came from and where it leads, files.

use std::sync::Arc;

use super::peer::Proxies;
use crate::service::Console;

pub mod assets;
pub mod forms;
pub mod hosts;
pub mod own_pages;
pub mod pages;
pub mod problem;
mod sandbox;
pub mod session;

/// What pages, forms and what stands before them get.
#[derive(Clone, Debug)]
pub struct ConsoleState {
    /// The rules of administrators.
    pub console: Console,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<Proxies>,
}

impl ConsoleState {
    /// Whether administrators come over TLS, so that cookies may demand it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.console.settings().issuer.is_secure()
    }
}
