//! Tokens that were revoked one by one, and how far their denials were swept away.

use std::sync::LazyLock;

use crate::domain::Time;
use crate::domain::token::{Lifetime, TokenId};

use super::rows::{Texts, statements, texts};
use super::{Result, Tx, Version, on};

static INSERT: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO denied_tokens (version, token, issued_at, expires_at) VALUES ",
        ["$1", "$", "$", "$"],
        " ON CONFLICT (token) DO NOTHING",
    )
});

impl Tx {
    /// Denies tokens. Denying one twice changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn insert_denied_tokens(
        &mut self,
        tokens: &[(TokenId, Lifetime)],
        version: Version,
    ) -> Result<()> {
        for (text, rows) in statements(&INSERT, tokens) {
            on!(self, conn => {
                let mut query = sqlx::query(text).bind(version);
                for (token, lifetime) in rows {
                    query = query
                        .bind(token.0.as_slice())
                        .bind(lifetime.issued_at)
                        .bind(lifetime.expires_at);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The tokens denied after a version, ended or not.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_denied_tokens(&mut self, since: Version) -> Result<Vec<(TokenId, Lifetime)>> {
        let rows: Vec<(Vec<u8>, Time, Time)> = on!(self, conn => {
            sqlx::query_as("SELECT token, issued_at, expires_at FROM denied_tokens WHERE version > $1")
                .bind(since)
                .fetch_all(conn)
                .await?
        });
        Ok(rows
            .into_iter()
            .filter_map(|(token, issued_at, expires_at)| {
                let lifetime = Lifetime {
                    issued_at,
                    expires_at,
                };
                Some((TokenId(token.try_into().ok()?), lifetime))
            })
            .collect())
    }

    /// The mark that swept denials left: the latest beginning and the latest end among them.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_swept_denials(&mut self) -> Result<Option<Lifetime>> {
        let row: Option<(Time, Time)> = on!(self, conn => {
            sqlx::query_as("SELECT issued_until, ended_until FROM swept_denials WHERE one = 1")
                .fetch_optional(conn)
                .await?
        });
        Ok(row.map(|(issued_at, expires_at)| Lifetime {
            issued_at,
            expires_at,
        }))
    }

    /// Forgets the denials of tokens that have ended by a moment, raises the mark to cover them, and says how many
    /// they were.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn sweep_denied_tokens(&mut self, now: Time) -> Result<u64> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO swept_denials (one, issued_until, ended_until)
                 SELECT 1, max(issued_at), max(expires_at) FROM denied_tokens WHERE expires_at <= $1 HAVING count(*) > 0
                 ON CONFLICT (one) DO UPDATE SET
                 issued_until = CASE WHEN excluded.issued_until > swept_denials.issued_until
                                THEN excluded.issued_until ELSE swept_denials.issued_until END,
                 ended_until = CASE WHEN excluded.ended_until > swept_denials.ended_until
                               THEN excluded.ended_until ELSE swept_denials.ended_until END",
            )
            .bind(now)
            .execute(&mut *conn)
            .await?;
            Ok(sqlx::query("DELETE FROM denied_tokens WHERE expires_at <= $1").bind(now).execute(conn).await?.rows_affected())
        })
    }
}
