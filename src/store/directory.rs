//! The directory version, a one-row counter that every change of the directory raises, and the changes since a version.

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, Version};

use super::{Result, Tx, on};

/// Reads the directory version.
pub(super) const FIND_VERSION: &str = "SELECT version FROM directory_version WHERE one = 1";

/// What a change writes into the rows that it makes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The name of the actor, as people read it.
    pub by: String,
    /// When it is made.
    pub at: Time,
    /// The directory version that it makes.
    pub version: Version,
}

impl Tx {
    /// The directory version as this transaction sees it.
    pub async fn find_directory_version(&mut self) -> Result<Version> {
        on!(self, conn => Ok(sqlx::query_scalar(FIND_VERSION).fetch_one(conn).await?))
    }

    /// Raises the directory version. Later writers wait here for the end of this transaction, so versions are committed
    /// in order.
    pub async fn raise_directory_version(&mut self) -> Result<Version> {
        on!(self, conn => Ok(
            sqlx::query_scalar("UPDATE directory_version SET version = version + 1 WHERE one = 1 RETURNING version")
                .fetch_one(conn)
                .await?
        ))
    }

    /// The ids and numbers of the clients that changed after a version.
    pub async fn list_changed_clients(
        &mut self,
        since: Version,
    ) -> Result<Vec<(String, ClientNumber)>> {
        on!(self, conn => Ok(sqlx::query_as("SELECT id, number FROM api_clients WHERE version > $1").bind(since).fetch_all(conn).await?))
    }
}

impl Tx {
    /// The result of the engine's integrity check, if something is wrong.
    pub async fn find_damage(&mut self) -> Result<Option<String>> {
        match self {
            // Only SQLite can check its file in a statement.
            Self::Sqlite(tx) => {
                let found: String = sqlx::query_scalar(
                    "SELECT group_concat(integrity_check, '; ') FROM pragma_integrity_check",
                )
                .fetch_one(&mut **tx)
                .await?;
                Ok(Some(found).filter(|found| found != "ok"))
            }
            Self::Postgres(tx) => {
                sqlx::query("SELECT version FROM directory_version")
                    .fetch_one(&mut **tx)
                    .await?;
                Ok(None)
            }
        }
    }
}
