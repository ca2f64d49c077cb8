//! Readiness of the token server.

use std::time::Duration;

use crate::domain::error::Error;
use crate::service::oauth::TokenServer;

/// The timeout of the check. A probe usually gives up soon after and counts that as not ready.
const READY_TIMEOUT: Duration = Duration::from_secs(3);

impl TokenServer {
    /// Makes the reads that a request for a token, an introspection or a revocation may need: the directory version,
    /// the check that it is not older than one seen before, and a client that is not in memory. Nothing is written,
    /// because tokens are issued and checked also on a read-only database.
    ///
    /// # Errors
    /// The error that such a request would get, and [`Error::Unavailable`] after the timeout.
    pub async fn check_readiness(&self) -> Result<(), Error> {
        tokio::time::timeout(READY_TIMEOUT, self.0.directory.check())
            .await
            .unwrap_or(Err(Error::Unavailable))
    }
}
