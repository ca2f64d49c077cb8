//! The database, SQLite or PostgreSQL. The only module that has SQL.
//!
//! Every statement runs in a transaction ([`Tx`]), which [`Store::read`] or [`Store::write`] opens. A statement is
//! written once, in the SQL that both engines share, and the macro `on!` runs it on the engine that is open. Where the
//! engines need different statements, a comment says why.
//!
//! Every method fails with [`Error::Unavailable`] when the database cannot be asked.

#![allow(clippy::missing_errors_doc)]

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

mod address;
mod admins;
mod client_filters;
mod client_lists;
mod clients;
mod demo;
mod denylist;
mod directory;
mod events;
mod files;
mod keys;
mod libpq;
mod open;
mod organizations;
mod permissions;
mod revocations;
mod rows;
mod search;
mod secrets;
mod sessions;
mod usage;
mod version_probe;

pub use address::DatabaseUrl;
use address::Location;
pub use admins::AdminRow;
pub use client_lists::ClientListing;
pub use clients::ClientUpdate;
pub use demo::{FilledClient, PermissionSet};
pub use directory::{Stamp, Version};
pub use events::Verification;
pub use files::{FreshFiles, create_private, is_there};
pub use keys::KeyRow;
pub use revocations::RevocationCount;
pub use secrets::SecretRow;
pub use sessions::SessionRow;
pub use usage::UsageDay;
pub use version_probe::VersionProbe;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The node that migrates the tables may take as long as it needs, and other nodes wait until it is done.
const WITHOUT_LIMITS: &str = "SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0";

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
}

#[derive(Clone, Debug)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// An open transaction. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique value is taken.
    #[error("a unique value is taken")]
    Taken,
    /// The database cannot be reached, is full, locked or read-only.
    #[error("the database cannot be asked")]
    Unavailable(#[source] sqlx::Error),
    /// A statement or a stored value is invalid: a defect.
    #[error("the database holds or was asked nonsense")]
    Defect(#[source] sqlx::Error),
    /// The database URL cannot be used, or the database could not be set up.
    #[error("{0}")]
    Open(String),
}

/// What [`Store::open`] does when there is no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Makes it, and brings an older one up to date.
    Create,
    /// Fails, with the path or name in the message.
    Refuse,
}

/// Runs one statement on the engine of the transaction.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

/// The result of a store method.
pub type Result<T> = std::result::Result<T, Error>;

impl Store {
    /// Opens the database of a URL. On PostgreSQL a missing one is made too.
    ///
    /// # Errors
    /// [`Error::Open`], naming the URL without its password, and the cause.
    pub async fn open(url: &DatabaseUrl, missing: Missing) -> Result<Self> {
        let pool = match url.location() {
            Location::Sqlite { path, .. } => Pool::Sqlite(open::sqlite(url, path, missing).await?),
            Location::Postgres(options) => {
                Pool::Postgres(open::postgres(url, options, missing).await?)
            }
        };
        let store = Self { pool };
        match missing {
            Missing::Create => store.migrate().await?,
            Missing::Refuse => store.require_current_schema(url).await?,
        }
        Ok(store)
    }

    /// Migrates the tables to this version.
    ///
    /// # Errors
    /// [`Error::Open`].
    pub async fn migrate(&self) -> Result<()> {
        let done = match &self.pool {
            // One lock around all of it: a node that starts at the same time waits, and then finds it done.
            Pool::Sqlite(pool) => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                let done = MIGRATIONS.run(&mut *tx).await;
                if done.is_ok() {
                    tx.commit().await?;
                }
                done
            }
            Pool::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                sqlx::raw_sql(WITHOUT_LIMITS)
                    .execute(&mut *connection)
                    .await?;
                let done = MIGRATIONS.run(&mut *connection).await;
                connection.close().await?;
                done
            }
        };
        done.map_err(|error| {
            Error::Open(format!(
                "the database could not be brought up to date: {error}"
            ))
        })
    }

    /// Opens a transaction with one snapshot that changes nothing.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
            // PostgreSQL itself refuses writes in it, and every statement sees the same snapshot.
            Pool::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// Opens a transaction that may write.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match &self.pool {
            // Taking the write lock at the beginning makes writers queue; taken after a read it fails when the snapshot
            // is old.
            Pool::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Pool::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The version probe, on a connection of its own.
    #[must_use]
    pub fn version_probe(&self) -> VersionProbe {
        match &self.pool {
            Pool::Sqlite(pool) => VersionProbe::on_file(pool.clone()),
            Pool::Postgres(_) => VersionProbe::on_server(self.clone()),
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    async fn require_current_schema(&self, url: &DatabaseUrl) -> Result<()> {
        let statement = "SELECT count(*) FROM _sqlx_migrations WHERE success";
        let counted: std::result::Result<i64, sqlx::Error> = match &self.pool {
            Pool::Sqlite(pool) => sqlx::query_scalar(statement).fetch_one(pool).await,
            Pool::Postgres(pool) => sqlx::query_scalar(statement).fetch_one(pool).await,
        };
        let known = i64::try_from(MIGRATIONS.iter().count()).expect("there are few migrations");
        match counted {
            Ok(count) if count == known => Ok(()),
            Ok(count) if count > known => Err(Error::Open(format!(
                "the database {url} belongs to a newer Claviger"
            ))),
            Ok(_) | Err(sqlx::Error::Database(_)) => Err(Error::Open(format!(
                "the database {url} is not up to date; run `claviger database migrate`"
            ))),
            Err(error) => Err(error.into()),
        }
    }
}

impl Tx {
    /// Commits the transaction.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; then it is rolled back.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Self::Taken,
            // Busy, full, read-only, cannot open, input or output fails: SQLite's codes 5, 6, 8, 10, 13, 14 and theirs.
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                Some(code) if is_outage(code) => Self::Unavailable(error),
                _ => Self::Defect(error),
            },
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_) => Self::Defect(error),
            _ => Self::Unavailable(error),
        }
    }
}

/// True for codes that say "not now" rather than "not so": SQLite's primary codes for busy, locked,
/// read-only, I/O error, full and cannot open; PostgreSQL's classes 08, 25, 40, 53, 55, 57 and 58.
fn is_outage(code: &str) -> bool {
    // SQLite's codes are numbers of at most four digits, PostgreSQL's have five characters.
    if code.len() == 5 {
        return ["08", "25", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|number| matches!(number & 0xFF, 5 | 6 | 8 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_differ_from_defects() {
        for code in ["5", "13", "8", "1032", "57P01", "53300", "08006"] {
            assert!(is_outage(code), "{code}");
        }
        for code in ["1", "19", "2067", "23505", "42P01"] {
            assert!(!is_outage(code), "{code}");
        }
    }
}
