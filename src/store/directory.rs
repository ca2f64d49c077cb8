//! The one-row counter that every change of the directory raises, and what changed since.

use crate::domain::Time;

use super::{Result, Tx, on};

/// A value of the counter.
pub type Version = i64;

/// What a change leaves on the rows that it makes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who makes it, as people read it.
    pub by: String,
    /// When.
    pub at: Time,
    /// The directory's version that it makes.
    pub version: Version,
}

impl Tx {
    /// The counter as this transaction sees it.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_directory_version(&mut self) -> Result<Version> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT version FROM directory_version WHERE one = 1").fetch_one(conn).await?))
    }

    /// Raises the counter. Later writers wait here until this transaction ends, so versions are seen in order.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn raise_directory_version(&mut self) -> Result<Version> {
        on!(self, conn => Ok(
            sqlx::query_scalar("UPDATE directory_version SET version = version + 1 WHERE one = 1 RETURNING version")
                .fetch_one(conn)
                .await?
        ))
    }

    /// The ids and numbers of the clients that changed after a version.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_changed_clients(&mut self, since: Version) -> Result<Vec<(String, i64)>> {
        on!(self, conn => Ok(sqlx::query_as("SELECT id, number FROM api_clients WHERE version > $1").bind(since).fetch_all(conn).await?))
    }
}

impl Tx {
    /// What is wrong with the stored bytes, if anything.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_damage(&mut self) -> Result<Option<String>> {
        match self {
            // Only the embedded engine's file can be checked from inside a statement.
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
