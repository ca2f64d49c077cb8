//! Opens a database on either engine, or explains why that is not possible.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgPool, SqlitePool};

use super::address::Location;
use super::migrations::{COUNT, FOR_POSTGRES, FOR_SQLITE};
use super::pool::Pool;
use super::postgres_probe::PostgresProbe;
use super::sqlite_sessions::SqliteSessions;
use super::{DatabaseUrl, Error, Missing, Result, Store, files};
use crate::domain::start::{DatabaseComplaint, FileComplaint, FileFault, Unreached};

/// The node that migrates the tables may take as long as it needs, and other nodes wait until it is done.
const WITHOUT_LIMITS: &str = "SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0";

impl Store {
    /// Opens the database of a URL. On PostgreSQL a missing one is made too.
    ///
    /// # Errors
    /// [`Error::Open`], naming the URL without its password, and the cause.
    pub async fn open(url: &DatabaseUrl, missing: Missing) -> Result<Self> {
        let pool = match url.location() {
            Location::Sqlite { path, .. } => {
                let pool = sqlite(url, path, missing).await?;
                let sessions = Arc::new(SqliteSessions::new(pool.clone()));
                Pool::Sqlite { pool, sessions }
            }
            Location::Postgres(options) => {
                let pool = postgres(url, options, missing).await?;
                let probe = PostgresProbe::new(pool.clone());
                Pool::Postgres { pool, probe }
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
            Pool::Sqlite { pool, .. } => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                let done = FOR_SQLITE.run(&mut *tx).await;
                if done.is_ok() {
                    tx.commit().await?;
                }
                done
            }
            Pool::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await?;
                sqlx::raw_sql(WITHOUT_LIMITS)
                    .execute(&mut *connection)
                    .await?;
                let done = FOR_POSTGRES.run(&mut *connection).await;
                connection.close().await?;
                done
            }
        };
        done.map_err(|error| {
            let cause = error.to_string();
            DatabaseComplaint::NotMigrated { cause }.into()
        })
    }

    async fn require_current_schema(&self, url: &DatabaseUrl) -> Result<()> {
        let statement = "SELECT count(*) FROM _sqlx_migrations WHERE success";
        let counted: std::result::Result<i64, sqlx::Error> = match &self.pool {
            Pool::Sqlite { pool, .. } => sqlx::query_scalar(statement).fetch_one(pool).await,
            Pool::Postgres { pool, .. } => sqlx::query_scalar(statement).fetch_one(pool).await,
        };
        let known = i64::try_from(COUNT).expect("there are few migrations");
        let url = url.to_string();
        match counted {
            Ok(count) if count == known => Ok(()),
            Ok(count) if count > known => Err(DatabaseComplaint::TooNew { url }.into()),
            Ok(_) | Err(sqlx::Error::Database(_)) => Err(DatabaseComplaint::TooOld { url }.into()),
            Err(error) => Err(error.into()),
        }
    }
}

/// How long a writer waits for the lock of another one, and the timeout for a connection to a database server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A node that loses its power or its network during a transaction leaves it open on the server, with the lock that
/// every other change waits for. So the server ends idle transactions, and limits the wait for a lock.
const LIMITS: &str = "SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '5s'";

/// PostgreSQL's code for a database that does not exist (`invalid_catalog_name`).
const NO_SUCH_DATABASE: &str = "3D000";

pub(super) async fn sqlite(url: &DatabaseUrl, path: &Path, missing: Missing) -> Result<SqlitePool> {
    let refused = |fault: FileFault| DatabaseComplaint::from(FileComplaint::new(path, fault));
    if !files::is_there(path).map_err(DatabaseComplaint::from)? {
        if missing == Missing::Refuse || !url.may_be_made() {
            let url = url.to_string();
            return Err(DatabaseComplaint::Missing { url }.into());
        }
        files::create_private_unless_there(path)
            .map_err(|error| refused(FileFault::Unmade(error.to_string())))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // In KiB. The overview reads more than the two megabytes that a connection keeps otherwise, and would read them
        // from the file again each time.
        .pragma("cache_size", "-4096")
        .busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .acquire_timeout(BUSY_TIMEOUT)
        // The pool pings a connection that comes back, which completes a pending rollback; a file needs no second ping.
        .test_before_acquire(false)
        // After a commit that failed on a full disk SQLite has rolled back by itself, which the driver does not know:
        // reused, such a connection would stay in one old snapshot.
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        .connect_with(options)
        .await
        .map_err(|error| refused(FileFault::Unopened(error.to_string())))?;
    Ok(pool)
}

pub(super) async fn postgres(
    url: &DatabaseUrl,
    options: &PgConnectOptions,
    missing: Missing,
) -> Result<PgPool> {
    // Connects once before there is a pool, because the pool retries and reports only its timeout.
    let connected = match connect(options).await {
        Err(error) if code(&error).as_deref() == Some(NO_SUCH_DATABASE) => {
            if missing == Missing::Refuse {
                let url = url.to_string();
                return Err(DatabaseComplaint::MissingOnServer { url }.into());
            }
            create_database(url, options).await?;
            connect(options).await
        }
        connected => connected,
    };
    let mut connection = connected.map_err(|error| unreached(url, &error))?;
    require_version(url, &connection)?;
    require_utf8(url, &mut connection).await?;
    connection.close().await?;
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(BUSY_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(LIMITS).execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(|error| unreached(url, &error))
}

async fn connect(options: &PgConnectOptions) -> std::result::Result<PgConnection, sqlx::Error> {
    tokio::time::timeout(BUSY_TIMEOUT, PgConnection::connect_with(options))
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.map(std::borrow::Cow::into_owned)
}

/// Why a server cannot be connected to.
fn unreached(url: &DatabaseUrl, error: &sqlx::Error) -> Error {
    let cause = match error {
        sqlx::Error::PoolTimedOut => Unreached::NoAnswer {
            seconds: BUSY_TIMEOUT.as_secs(),
        },
        sqlx::Error::Io(error) => Unreached::NotConnected(error.to_string()),
        // Class 28: invalid authorization specification.
        sqlx::Error::Database(error) if error.code().is_some_and(|code| code.starts_with("28")) => {
            Unreached::SignInRefused(error.message().to_owned())
        }
        other => Unreached::Other(message(other)),
    };
    let url = url.to_string();
    DatabaseComplaint::Unreached { url, cause }.into()
}

/// What the server says, or the driver.
fn message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

/// Makes a database as `createdb` does: connected to another one on the same server.
async fn create_database(url: &DatabaseUrl, options: &PgConnectOptions) -> Result<()> {
    let name = options.get_database().unwrap_or(options.get_username());
    let other = match name {
        "postgres" => "template1",
        _ => "postgres",
    };
    let unmade = |error: &sqlx::Error| DatabaseComplaint::Unmade {
        url: url.to_string(),
        cause: message(error),
    };
    let mut connection = connect(&options.clone().database(other))
        .await
        .map_err(|error| unmade(&error))?;
    let statement = format!(
        "CREATE DATABASE \"{}\" ENCODING 'UTF8'",
        name.replace('"', "\"\"")
    );
    // The default template has what the server's administrator wants in every database, but may have another encoding.
    for template in ["", " TEMPLATE template0"] {
        let done = sqlx::raw_sql(AssertSqlSafe(format!("{statement}{template}")))
            .execute(&mut connection)
            .await;
        let Err(error) = done else { break };
        match code(&error).as_deref() {
            // Another process made it meanwhile: `duplicate_database`, or the unique index of `pg_database`.
            Some("42P04" | "23505") => break,
            // `invalid_parameter_value`: the encodings differ.
            Some("22023") if template.is_empty() => {}
            _ => return Err(unmade(&error).into()),
        }
    }
    connection.close().await?;
    Ok(())
}

/// MERGE begins with PostgreSQL 15.
fn require_version(url: &DatabaseUrl, connection: &PgConnection) -> Result<()> {
    const OLDEST: u32 = 15;
    // 150004 is 15.4. A fork that names no version is tried.
    match connection.server_version_num() {
        Some(number) if number / 10_000 < OLDEST => {
            let url = url.to_string();
            Err(DatabaseComplaint::ServerTooOld {
                url,
                oldest: OLDEST,
            }
            .into())
        }
        _ => Ok(()),
    }
}

/// Names may be in any script, and the length checks count characters.
async fn require_utf8(url: &DatabaseUrl, connection: &mut PgConnection) -> Result<()> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .fetch_one(connection)
        .await?;
    if encoding == "UTF8" {
        return Ok(());
    }
    let url = url.to_string();
    Err(DatabaseComplaint::NotUtf8 { url, encoding }.into())
}
