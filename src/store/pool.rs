//! An open database, and how transactions begin.

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};

use super::error::Result;
use super::postgres_probe::PostgresProbe;
use super::sqlite_sessions::SqliteSessions;
use super::tx::Tx;

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) pool: Pool,
}

#[derive(Clone, Debug)]
pub(super) enum Pool {
    Sqlite {
        pool: SqlitePool,
        /// Looks up sessions past the pool.
        sessions: Arc<SqliteSessions>,
    },
    Postgres {
        pool: PgPool,
        /// Reads `directory_version` past the pool.
        probe: Arc<PostgresProbe>,
    },
}

/// What [`Store::open`] does when there is no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Makes it, and brings an older one up to date.
    Create,
    /// Fails, with the path or name in the message.
    Refuse,
}

impl Store {
    /// Opens a transaction with one snapshot that changes nothing.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.pool {
            Pool::Sqlite { pool, .. } => Tx::Sqlite(pool.begin().await?),
            // PostgreSQL itself refuses writes in it, and every statement sees the same snapshot.
            Pool::Postgres { pool, .. } => Tx::Postgres(
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
            Pool::Sqlite { pool, .. } => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Pool::Postgres { pool, .. } => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { pool, .. } => pool.close().await,
            Pool::Postgres { pool, probe } => {
                pool.close().await;
                probe.close().await;
            }
        }
    }
}
