//! Reads `directory_version` quickly. Every decision on the token path waits for such a read.

use std::time::Duration;

use crate::domain::ids::Version;

use super::pool::Pool;
use super::sqlite_probe::SqliteProbe;
use super::{Error, Result, Store};

/// The timeout of a read. TCP reports a peer that no longer answers only after a quarter of an hour; requests are
/// refused sooner.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Reads `directory_version`.
#[derive(Debug)]
pub struct VersionProbe(ProbeKind);

#[derive(Debug)]
enum ProbeKind {
    Sqlite(SqliteProbe),
    Postgres(Store),
}

impl Store {
    /// The version probe, on a connection of its own.
    #[must_use]
    pub fn version_probe(&self) -> VersionProbe {
        match &self.pool {
            Pool::Sqlite(pool) => VersionProbe(ProbeKind::Sqlite(SqliteProbe::new(pool.clone()))),
            Pool::Postgres(_) => VersionProbe::on_server(self.clone()),
        }
    }
}

impl VersionProbe {
    pub(super) fn on_server(store: Store) -> Self {
        Self(ProbeKind::Postgres(store))
    }

    /// The version at a moment after this call began, if it is known without asking the database: nothing was committed
    /// since the last read.
    pub fn unchanged(&self) -> Option<Version> {
        match &self.0 {
            ProbeKind::Sqlite(probe) => probe.unchanged(),
            ProbeKind::Postgres(_) => None,
        }
    }

    /// The version at a moment after this call began.
    pub async fn read(&self) -> Result<Version> {
        match &self.0 {
            ProbeKind::Sqlite(probe) => probe.read(),
            // In a transaction of its own: a transaction whose future was dropped while it began may still be open on
            // the connection, and a single statement would read its snapshot. Boxed: otherwise the future of every
            // request would be as large, on SQLite too.
            ProbeKind::Postgres(store) => {
                let read = async { store.read().await?.find_directory_version().await };
                Box::pin(tokio::time::timeout(PROBE_TIMEOUT, read))
                    .await
                    .unwrap_or(Err(Error::Unavailable(sqlx::Error::PoolTimedOut)))
            }
        }
    }
}
