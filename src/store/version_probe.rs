//! The quick look at `directory_version`: a connection of its own with one prepared statement.
//!
//! Every decision on the token path waits for such a look, so it must cost little. On the embedded engine it
//! is a few microseconds without leaving the thread; the pool would spend ten times that on handing the
//! statement to another one.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::SqlitePool;

use super::{Error, Result, Store, Version};

/// How long a look may take. A network that has gone silent says nothing for a quarter of an hour; whoever waits
/// for it is told sooner that nothing can be judged.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Looks at `directory_version`.
#[derive(Debug)]
pub struct VersionProbe(ProbeKind);

#[derive(Debug)]
enum ProbeKind {
    Sqlite {
        /// Whose file it is; when it is closed, nothing is looked at any more.
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
                let looked = read(&mut connection, pool.connect_options().get_filename());
                if looked.is_err() {
                    *connection = None;
                }
                looked.map_err(|error| Error::Unavailable(sqlx::Error::Protocol(error.to_string())))
            }
            // In a transaction of its own: one that somebody gave up while it began may be open on the connection, and a
            // statement by itself would leave it open, to show this moment to whoever looks next.
            // Boxed: every request holds the room for this future, and with the embedded engine none needs it.
            ProbeKind::Postgres(store) => {
                let look = async { store.read().await?.find_directory_version().await };
                Box::pin(tokio::time::timeout(PROBE_TIMEOUT, look))
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
    // As the pool tells of its statements, so that whoever counts them counts these too.
    tracing::trace!(summary = STATEMENT, "asked");
    let mut statement = connection.prepare_cached(STATEMENT)?;
    statement.query_row([], |row| row.get(0))
}
