//! Tokens that were revoked one by one.

use crate::domain::Time;
use crate::domain::token::TokenId;

use super::{Result, Tx, Version, on};

impl Tx {
    /// Denies a token until it would have ended. Denying it twice changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn insert_denied_token(
        &mut self,
        token: TokenId,
        expires_at: Time,
        version: Version,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("INSERT INTO denied_tokens (token, expires_at, version) VALUES ($1, $2, $3) ON CONFLICT (token) DO NOTHING")
                .bind(token.0.as_slice())
                .bind(expires_at)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// The tokens denied after a version that have not ended, with their ends.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_denied_tokens(
        &mut self,
        since: Version,
        now: Time,
    ) -> Result<Vec<(TokenId, Time)>> {
        let rows: Vec<(Vec<u8>, Time)> = on!(self, conn => {
            sqlx::query_as("SELECT token, expires_at FROM denied_tokens WHERE version > $1 AND expires_at > $2")
                .bind(since)
                .bind(now)
                .fetch_all(conn)
                .await?
        });
        Ok(rows
            .into_iter()
            .filter_map(|(token, end)| Some((TokenId(token.try_into().ok()?), end)))
            .collect())
    }

    /// Forgets the denied tokens that have ended, and says how many.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn delete_ended_denied_tokens(&mut self, now: Time) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM denied_tokens WHERE expires_at <= $1").bind(now).execute(conn).await?.rows_affected()
        ))
    }
}
