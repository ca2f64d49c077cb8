//! Reads `directory_version` on PostgreSQL: one prepared statement without a transaction, on a connection of its own.
//!
//! That is one round trip to the database server. A transaction of the pool takes three more (the pool's ping, `BEGIN`,
//! `ROLLBACK`), and pages that use all of the pool's connections would delay it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::domain::ids::Version;

use super::directory::FIND_VERSION;
use super::{Error, Result};

/// The timeout of a read. TCP reports a peer that no longer answers only after a quarter of an hour; requests are
/// refused sooner.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// A read that this process gave up ends on the server too.
const LIMITS: &str = "SET statement_timeout = '2s'";

/// The connection that nothing but reads of `directory_version` use.
#[derive(Debug)]
pub(super) struct PostgresProbe {
    /// The pool of the same database. Once it is closed, reads fail.
    pool: PgPool,
    /// Opened on first use, and again after a failure.
    connection: Mutex<Option<PgConnection>>,
}

impl PostgresProbe {
    pub(super) fn new(pool: PgPool) -> Arc<Self> {
        Arc::new(Self {
            pool,
            connection: Mutex::default(),
        })
    }

    /// The version at a moment after this call began.
    pub(super) async fn read(self: &Arc<Self>) -> Result<Version> {
        let probe = Arc::clone(self);
        // In a task of its own, which goes on when this request is cancelled: otherwise clients that hang up could make
        // the server connect to the database as often as they like.
        let read = tokio::spawn(timeout(
            PROBE_TIMEOUT,
            async move { probe.read_version().await },
        ));
        match read.await {
            Ok(Ok(version)) => version.map_err(Error::Unavailable),
            Ok(Err(_elapsed)) => Err(Error::Unavailable(sqlx::Error::PoolTimedOut)),
            // It panicked, or the runtime stops.
            Err(_) => Err(Error::Unavailable(sqlx::Error::WorkerCrashed)),
        }
    }

    async fn read_version(&self) -> sqlx::Result<Version> {
        let mut kept = self.connection.lock().await;
        if self.pool.is_closed() {
            return Err(sqlx::Error::PoolClosed);
        }
        // Taken out and only put back after a whole answer: after a timeout the connection still has an answer to come,
        // which must never count as the answer to a later read.
        if let Some(mut connection) = kept.take() {
            match select(&mut connection).await {
                Ok(version) => {
                    *kept = Some(connection);
                    return Ok(version);
                }
                // The server may have ended it since the last read, for example because it was restarted.
                Err(error) => {
                    tracing::debug!(%error, "connecting again to read the directory's version");
                }
            }
        }
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await?;
        sqlx::raw_sql(LIMITS).execute(&mut connection).await?;
        let version = select(&mut connection).await?;
        *kept = Some(connection);
        Ok(version)
    }

    /// Closes the connection. The pool is closed before, so that no read opens another one.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            // The server notices an end without a farewell too.
            let _ = connection.close().await;
        }
    }
}

async fn select(connection: &mut PgConnection) -> sqlx::Result<Version> {
    sqlx::query_scalar(FIND_VERSION).fetch_one(connection).await
}
