//! How the database is asked: for how long at most, what its failures become, and how others get to write.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::domain::error::Error;
use crate::store;

/// How long the database may take over what many wait for. A network that has gone silent says nothing for a quarter
/// of an hour.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long others may write between two transactions of many. On SQLite whoever waits is not called, but looks again
/// after some milliseconds.
const PAUSE: Duration = Duration::from_millis(25);

/// Waits for the database no longer than [`DATABASE_TIMEOUT`].
pub(in crate::service) async fn with_timeout<T>(
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(DATABASE_TIMEOUT, work)
        .await
        .unwrap_or_else(|_| {
            tracing::error!("the database does not answer");
            Err(Error::Unavailable)
        })
}

/// Pauses after a transaction of many, so that others can write.
pub(in crate::service) async fn let_others_write() {
    tokio::time::sleep(PAUSE).await;
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
