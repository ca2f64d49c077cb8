//! Whether the token server can do its work.

use std::time::Duration;

use crate::domain::error::Error;
use crate::service::oauth::TokenServer;

/// How long the database may take. Whoever asks gives up soon after, and counts that as a no.
const READY_TIMEOUT: Duration = Duration::from_secs(3);

impl TokenServer {
    /// Asks what a request for a token, an introspection or a revocation has to ask before it is decided: the
    /// directory's version, that it is no older than one seen before, and a client that is not in memory. Nothing is
    /// written: where nothing can be, tokens are issued and judged all the same.
    ///
    /// # Errors
    /// Whatever such a request would be refused with, and [`Error::Unavailable`] when there is no answer in time.
    pub async fn check_readiness(&self) -> Result<(), Error> {
        tokio::time::timeout(READY_TIMEOUT, self.0.directory.check())
            .await
            .unwrap_or(Err(Error::Unavailable))
    }
}
