//! Reads `directory_version` quickly: a connection of its own with one prepared statement.
//!
//! Every decision on the token path waits for such a read, so it must be fast. On SQLite it takes a few microseconds on
//! the caller's thread; the pool would take ten times as long to pass the statement to another thread.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use sqlx::SqlitePool;

use crate::domain::ids::Version;

use super::pool::Pool;
use super::postgres_probe::{PostgresProbe, STATEMENT};
use super::{Error, Result, Store};

/// Reads `directory_version`.
#[derive(Debug)]
pub struct VersionProbe(ProbeKind);

#[derive(Debug)]
enum ProbeKind {
    Sqlite {
        /// The pool of the same file. Once it is closed, reads fail.
        pool: SqlitePool,
        /// Opened on first use, and again after a failure.
        connection: Mutex<Option<Connection>>,
    },
    Postgres(Arc<PostgresProbe>),
}

impl Store {
    /// The version probe, on a connection of its own.
    #[must_use]
    pub fn version_probe(&self) -> VersionProbe {
        match &self.pool {
            Pool::Sqlite(pool) => VersionProbe::on_file(pool.clone()),
            Pool::Postgres { probe, .. } => VersionProbe(ProbeKind::Postgres(Arc::clone(probe))),
        }
    }
}

impl VersionProbe {
    pub(super) fn on_file(pool: SqlitePool) -> Self {
        Self(ProbeKind::Sqlite {
            pool,
            connection: Mutex::default(),
        })
    }

    /// The version at a moment after this call began.
    pub async fn read(&self) -> Result<Version> {
        match &self.0 {
            ProbeKind::Sqlite { pool, connection } => {
                let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                if pool.is_closed() {
                    *connection = None;
                    return Err(Error::Unavailable(sqlx::Error::PoolClosed));
                }
                let version = read(&mut connection, pool.connect_options().get_filename());
                if version.is_err() {
                    *connection = None;
                }
                version
                    .map_err(|error| Error::Unavailable(sqlx::Error::Protocol(error.to_string())))
            }
            ProbeKind::Postgres(probe) => probe.read().await,
        }
    }
}

fn read(connection: &mut Option<Connection>, path: &Path) -> rusqlite::Result<Version> {
    let connection = match connection {
        Some(open) => open,
        none => none.insert(Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?),
    };
    // The same event as sqlx's for its statements, so that tests that count statements count this one too.
    tracing::trace!(summary = STATEMENT, "asked");
    let mut statement = connection.prepare_cached(STATEMENT)?;
    statement.query_row([], |row| row.get(0).map(Version))
}
