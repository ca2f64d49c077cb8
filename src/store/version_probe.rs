//! Reads `directory_version` quickly: a connection of its own with one prepared statement.
//!
//! Every decision on the token path waits for such a read, so it must cost little. On SQLite it takes a few
//! microseconds on the thread of the caller; the pool would spend ten times that on handing the statement to another
//! thread.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::SqlitePool;

use super::{Error, Result, Store, Version};

/// How long a read may take. TCP reports a peer that no longer answers after a quarter of an hour only; requests are
/// refused sooner.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Reads `directory_version`.
#[derive(Debug)]
pub struct VersionProbe(ProbeKind);

#[derive(Debug)]
enum ProbeKind {
    Sqlite {
        /// The pool of the same file. Once it is closed, reads fail.
        pool: SqlitePool,
        /// Opened when first needed, and again after a failure.
        connection: Mutex<Option<Connection>>,
    },
    Postgres(Store),
}

impl VersionProbe {
    pub(super) fn on_file(pool: SqlitePool) -> Self {
        Self(ProbeKind::Sqlite {
            pool,
            connection: Mutex::default(),
        })
    }

    pub(super) fn on_server(store: Store) -> Self {
        Self(ProbeKind::Postgres(store))
    }

    /// The version as of a moment after this call began.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
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
            // In a transaction of its own: one whose future was dropped while it began may still be open on the connection,
            // and a statement by itself would stay in its snapshot.
            // Boxed: otherwise the future of every request would be as large, on SQLite too.
            ProbeKind::Postgres(store) => {
                let read = async { store.read().await?.find_directory_version().await };
                Box::pin(tokio::time::timeout(PROBE_TIMEOUT, read))
                    .await
                    .unwrap_or(Err(Error::Unavailable(sqlx::Error::PoolTimedOut)))
            }
        }
    }
}

const STATEMENT: &str = "SELECT version FROM directory_version WHERE one = 1";

fn read(connection: &mut Option<Connection>, path: &Path) -> rusqlite::Result<Version> {
    let connection = match connection {
        Some(open) => open,
        none => none.insert(Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?),
    };
    // As sqlx traces its statements, so that whoever counts statements counts these too.
    tracing::trace!(summary = STATEMENT, "asked");
    let mut statement = connection.prepare_cached(STATEMENT)?;
    statement.query_row([], |row| row.get(0))
}
