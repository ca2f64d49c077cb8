//! Reads `directory_version` quickly. Every decision on the token path waits for such a read.

use std::sync::Arc;

use crate::domain::ids::Version;

use super::pool::Pool;
use super::postgres_probe::PostgresProbe;
use super::sqlite_probe::SqliteProbe;
use super::{Result, Store};

/// Reads `directory_version`.
#[derive(Debug)]
pub struct VersionProbe(ProbeKind);

#[derive(Debug)]
enum ProbeKind {
    // Boxed, because it is many times as large as the other.
    Sqlite(Box<SqliteProbe>),
    Postgres(Arc<PostgresProbe>),
}

impl Store {
    /// The version probe, on a connection of its own.
    #[must_use]
    pub fn version_probe(&self) -> VersionProbe {
        VersionProbe(match &self.pool {
            Pool::Sqlite { pool, .. } => {
                ProbeKind::Sqlite(Box::new(SqliteProbe::new(pool.clone())))
            }
            Pool::Postgres { probe, .. } => ProbeKind::Postgres(Arc::clone(probe)),
        })
    }
}

impl VersionProbe {
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
            ProbeKind::Postgres(probe) => probe.read().await,
        }
    }
}
