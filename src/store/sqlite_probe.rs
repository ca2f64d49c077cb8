//! Reads `directory_version` of an SQLite file: on a connection of its own with one prepared statement, and mostly without
//! a query.
//!
//! A query takes a few microseconds on the caller's thread; the pool would take ten times as long to pass the statement
//! to another thread. While the header of the WAL index is unchanged, the last answer is still right, and a request
//! takes that.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{Connection, OpenFlags};
use sqlx::SqlitePool;

use crate::domain::ids::Version;

use super::directory::FIND_VERSION;
use super::wal_header::HeldVersion;
use super::wal_index::WalIndex;
use super::{Error, Result};

/// The version probe of a file.
#[derive(Debug)]
pub(super) struct SqliteProbe {
    /// The pool of the same file. Once it is closed, reads fail.
    pool: SqlitePool,
    /// Opened on first use, and again after a failure.
    connection: Mutex<Option<ProbeConnection>>,
    /// What the last read found, for as long as its connection is open.
    held: RwLock<Option<Held>>,
}

#[derive(Debug)]
struct ProbeConnection {
    connection: Connection,
    /// None where the index cannot be read.
    index: Option<WalIndex>,
}

#[derive(Debug)]
struct Held {
    index: WalIndex,
    version: HeldVersion,
}

impl SqliteProbe {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            connection: Mutex::default(),
            held: RwLock::default(),
        }
    }

    /// The version at a moment after this call began, if nothing was committed since the last read.
    pub(super) fn unchanged(&self) -> Option<Version> {
        // Locked while the header is read, so that the connection is open by then; see `close`. If `hold` or `close` has
        // the lock, the held version is being replaced; the caller then reads.
        let held = self.held.try_read().ok()?;
        let held = held.as_ref()?;
        if self.pool.is_closed() {
            return None;
        }
        held.version.while_unchanged(held.index.header())
    }

    /// The version at a moment after this call began.
    pub(super) fn read(&self) -> Result<Version> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.pool.is_closed() {
            self.close(connection);
            return Err(Error::Unavailable(sqlx::Error::PoolClosed));
        }
        match query(&mut connection, self.pool.connect_options().get_filename()) {
            Ok((version, held)) => {
                self.hold(held);
                Ok(version)
            }
            Err(error) => {
                self.close(connection);
                Err(Error::Unavailable(sqlx::Error::Protocol(error.to_string())))
            }
        }
    }

    fn hold(&self, held: Option<Held>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Without a connection of this process SQLite may begin the index anew, and with it the headers. So what is held
    /// goes first.
    fn close(&self, mut connection: MutexGuard<'_, Option<ProbeConnection>>) {
        self.hold(None);
        *connection = None;
    }
}

fn query(
    connection: &mut Option<ProbeConnection>,
    path: &Path,
) -> rusqlite::Result<(Version, Option<Held>)> {
    let open = match connection {
        Some(open) => open,
        none => none.insert(ProbeConnection::open(path)?),
    };
    // The same event as sqlx's for its statements, so that tests that count statements count this one too.
    tracing::trace!(summary = FIND_VERSION, "asked");
    let index = open.index.as_ref();
    let header = || index.and_then(WalIndex::header);
    let (version, held) = HeldVersion::query(header, || find_version(&open.connection))?;
    let held = index.cloned().zip(held);
    let held = held.map(|(index, version)| Held { index, version });
    Ok((version, held))
}

impl ProbeConnection {
    fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // SQLite maps the index with the first query.
        find_version(&connection)?;
        let index = WalIndex::open(path).inspect_err(|cause| {
            tracing::debug!(%cause, "the WAL index is not used; every read of the version is a query");
        });
        let index = index.ok();
        Ok(Self { connection, index })
    }
}

fn find_version(connection: &Connection) -> rusqlite::Result<Version> {
    let mut statement = connection.prepare_cached(FIND_VERSION)?;
    statement.query_row([], |row| row.get(0).map(Version))
}
