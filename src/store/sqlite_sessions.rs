//! Looks up sessions in an SQLite file, on a connection of its own. Every page begins with it: on the thread of the caller it takes some
//! ten microseconds, where the pool would pass the statement to another thread and ping the connection afterwards.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::DateTime;
use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use sqlx::SqlitePool;

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::ids::{AdminId, Sequence};
use crate::domain::role::Role;

use super::sessions::{FIND_SESSION, SessionRow};
use super::{Error, Result};

/// The sessions of a file.
#[derive(Debug)]
pub(super) struct SqliteSessions {
    /// The pool of the same file. Once it is closed, look-ups fail.
    pool: SqlitePool,
    /// Opened on first use, and again after a failure.
    connection: Mutex<Option<Connection>>,
}

impl SqliteSessions {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            connection: Mutex::default(),
        }
    }

    /// The session with this digest, ended or not.
    pub(super) fn find(&self, digest: &[u8]) -> Result<Option<SessionRow>> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.pool.is_closed() {
            *connection = None;
            return Err(Error::Unavailable(sqlx::Error::PoolClosed));
        }
        let path = self.pool.connect_options();
        query(&mut connection, path.get_filename(), digest).map_err(|error| {
            *connection = None;
            Error::Unavailable(sqlx::Error::Protocol(error.to_string()))
        })
    }
}

fn query(
    connection: &mut Option<Connection>,
    path: &Path,
    digest: &[u8],
) -> rusqlite::Result<Option<SessionRow>> {
    let open = match connection {
        Some(open) => open,
        none => none.insert(Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?),
    };
    // The same event as sqlx's for its statements, so that tests that count statements count this one too.
    tracing::trace!(summary = FIND_SESSION, "asked");
    let mut statement = open.prepare_cached(FIND_SESSION)?;
    statement.query_row([digest], read).optional()
}

/// The columns in the order of [`FIND_SESSION`].
fn read(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let disabled_at = row.get_ref(4)?.as_str_or_null()?;
    Ok(SessionRow {
        admin: Admin {
            id: AdminId(row.get(0)?),
            email: row.get(1)?,
            role: Role::parse(row.get_ref(2)?.as_str()?).unwrap_or(Role::Auditor),
            created_at: time(row.get_ref(3)?.as_str()?, 3)?,
            disabled_at: disabled_at.map(|text| time(text, 4)).transpose()?,
        },
        seen_at: time(row.get_ref(5)?.as_str()?, 5)?,
        ends_at: time(row.get_ref(6)?.as_str()?, 6)?,
        proved_at: time(row.get_ref(7)?.as_str()?, 7)?,
        newest_event: Sequence(row.get(8)?),
    })
}

/// A moment as the driver of the pool stores it (RFC 3339).
fn time(text: &str, column: usize) -> rusqlite::Result<Time> {
    let parsed = DateTime::parse_from_rfc3339(text);
    let parsed = parsed.map(|at| at.to_utc());
    parsed.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}
