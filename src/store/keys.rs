//! The server's own keys, sealed under the master key.

use crate::domain::Time;
use crate::domain::ids::Version;

use super::types::read_from_row;
use super::{Result, Tx, on};

/// A stored key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The purpose of the key.
    pub purpose: String,
    /// Its number within the purpose, from 1.
    pub number: i64,
    /// The key, sealed under the master key.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Time,
    /// After this moment it opens nothing.
    pub retires_at: Option<Time>,
}

read_from_row!(KeyRow {
    purpose,
    number,
    sealed,
    created_at,
    retires_at
});

impl Tx {
    /// Every key that changed after a version, by purpose and number.
    pub async fn list_keys(&mut self, since: Version) -> Result<Vec<KeyRow>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT purpose, number, sealed, created_at, retires_at FROM server_keys WHERE version > $1 ORDER BY purpose, number")
                .bind(since)
                .fetch_all(conn)
                .await?
        ))
    }

    /// Adds a key.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when the purpose has a key of this number.
    pub async fn insert_key(&mut self, key: &KeyRow, version: Version) -> Result<()> {
        on!(self, conn => {
            sqlx::query("INSERT INTO server_keys (purpose, number, sealed, created_at, retires_at, version) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(&key.purpose)
                .bind(key.number)
                .bind(&key.sealed)
                .bind(key.created_at)
                .bind(key.retires_at)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }
}
