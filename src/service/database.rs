//! Database access: the timeout, the mapping of failures, and pauses for other writers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::domain::error::Error;
use crate::store;

/// The timeout of a database operation that many requests wait for. Without it a broken network connection is noticed
/// only after a quarter of an hour, by TCP.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause between two transactions of many. On SQLite a writer that waits is not notified, but polls after some
/// milliseconds.
const PAUSE: Duration = Duration::from_millis(25);

/// Waits for the database at most [`DATABASE_TIMEOUT`].
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

/// Pauses after a transaction of many, so that other writers get the lock.
pub(in crate::service) async fn pause_for_writers() {
    tokio::time::sleep(PAUSE).await;
}

impl From<store::Error> for Error {
    /// Logs the cause, once, and hides it from the caller.
    fn from(error: store::Error) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        if let store::Error::Unavailable(cause) = &error {
            tracing::error!(%cause, "the database cannot be asked");
            return Self::Unavailable;
        }
        let reference = format!("E{:06}", COUNT.fetch_add(1, Ordering::Relaxed));
        // What the database reports, without the values that it reports it of.
        let cause =
            std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        tracing::error!(%reference, %cause, "the database refused a statement; this is a bug");
        Self::Internal { reference }
    }
}
