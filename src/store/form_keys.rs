//! Keys of forms that made something (idempotency keys), each with its answer.

use crate::domain::Time;

use super::types::read_from_row;
use super::{Result, Tx, on};

/// A form that made something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormKeyRow {
    /// The SHA-256 of what the form asks for.
    pub digest: Vec<u8>,
    /// The id of what was made.
    pub made: String,
    /// A secret that was made with it, sealed.
    pub sealed: Option<String>,
}

read_from_row!(FormKeyRow {
    digest,
    made,
    sealed
});

impl Tx {
    /// The form with this key of an actor, given by name.
    pub async fn find_form_key(&mut self, actor: &str, key: &[u8]) -> Result<Option<FormKeyRow>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT digest, made, sealed FROM form_keys WHERE actor = $1 AND key = $2")
                .bind(actor)
                .bind(key)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// Adds a form; [`Error::Taken`](super::Error::Taken) when the actor has one with this key.
    pub async fn insert_form_key(
        &mut self,
        actor: &str,
        key: &[u8],
        row: &FormKeyRow,
        at: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("INSERT INTO form_keys (actor, key, digest, made, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(actor)
                .bind(key)
                .bind(&row.digest)
                .bind(&row.made)
                .bind(&row.sealed)
                .bind(at)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Removes the sealed secrets that were made by `sealed_before`, deletes the forms that were sent by `before`, and
    /// returns how many were deleted.
    pub async fn sweep_form_keys(&mut self, before: Time, sealed_before: Time) -> Result<u64> {
        on!(self, conn => {
            sqlx::query("UPDATE form_keys SET sealed = NULL WHERE created_at <= $1 AND sealed IS NOT NULL")
                .bind(sealed_before)
                .execute(&mut *conn)
                .await?;
            Ok(sqlx::query("DELETE FROM form_keys WHERE created_at <= $1").bind(before).execute(conn).await?.rows_affected())
        })
    }
}
