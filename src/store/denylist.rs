//! The denylist: tokens that were revoked one by one, and the watermarks of its sweeps.

use std::sync::LazyLock;

use sqlx::{ColumnIndex, Decode, Row, Type};

use crate::domain::Time;
use crate::domain::ids::Version;
use crate::domain::token::{Lifetime, SweepWatermark, TokenId};

use super::rows::{LazyStatements, filled_up, statements, texts};
use super::{Result, Tx, on};

static INSERT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO denylist (version, token, issued_at, expires_at) VALUES ",
        4,
        " ON CONFLICT (version, token) DO NOTHING",
    )
});

impl Tx {
    /// Adds tokens to the denylist.
    pub async fn insert_denylist(
        &mut self,
        tokens: &[(TokenId, Lifetime)],
        version: Version,
    ) -> Result<()> {
        for (text, rows) in statements(self, &INSERT, &filled_up(tokens)) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (token, lifetime) in rows {
                    query = query
                        .bind(version)
                        .bind(token.0.as_slice())
                        .bind(lifetime.issued_at)
                        .bind(lifetime.expires_at);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The tokens added to the denylist after a version, ended or not.
    pub async fn list_denylist(&mut self, since: Version) -> Result<Vec<(TokenId, Lifetime)>> {
        // Streamed, because there may be very many, and a server that starts reads them all.
        on!(self, conn => Ok(
            sqlx::query("SELECT token, issued_at, expires_at FROM denylist WHERE version > $1")
                .bind(since)
                .try_map(denylist)
                .fetch_all(conn)
                .await?
        ))
    }

    /// The watermarks that sweeps left.
    pub async fn list_sweep_watermarks(&mut self) -> Result<Vec<SweepWatermark>> {
        let rows: Vec<(Version, Time, Time)> = on!(self, conn => {
            sqlx::query_as("SELECT version, issued_until, ended_until FROM sweep_watermarks ORDER BY version")
                .fetch_all(conn)
                .await?
        });
        Ok(rows
            .into_iter()
            .map(|(version, issued_at, expires_at)| SweepWatermark {
                version,
                lifetime: Lifetime {
                    issued_at,
                    expires_at,
                },
            })
            .collect())
    }

    /// Deletes the entries of tokens that have ended by a moment, the first to end first and at most so many, leaves a
    /// watermark that covers them, and returns how many they were. Watermarks whose tokens have all ended by then are merged
    /// into it; one of a clock that was ahead is not, because it would end tokens that were issued since.
    pub async fn sweep_denylist(
        &mut self,
        now: Time,
        version: Version,
        at_most: i64,
    ) -> Result<u64> {
        let entries: Vec<(Time, Time)> = on!(self, conn => {
            sqlx::query_as(
                "DELETE FROM denylist WHERE (version, token) IN (
                    SELECT version, token FROM denylist WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
                 RETURNING issued_at, expires_at",
            )
            .bind(now)
            .bind(at_most)
            .fetch_all(conn)
            .await?
        });
        if entries.is_empty() {
            return Ok(0);
        }
        let merged: Vec<(Time, Time)> = on!(self, conn => {
            sqlx::query_as("DELETE FROM sweep_watermarks WHERE ended_until <= $1 RETURNING issued_until, ended_until")
                .bind(now)
                .fetch_all(conn)
                .await?
        });
        let covered = || entries.iter().chain(&merged);
        on!(self, conn => {
            sqlx::query("INSERT INTO sweep_watermarks (version, issued_until, ended_until) VALUES ($1, $2, $3)")
                .bind(version)
                .bind(covered().map(|(issued_at, _)| *issued_at).max())
                .bind(covered().map(|(_, ended_at)| *ended_at).max())
                .execute(conn)
                .await?;
        });
        Ok(u64::try_from(entries.len()).unwrap_or(u64::MAX))
    }
}

/// A denylist entry, from a row of either engine.
fn denylist<R: Row>(row: R) -> sqlx::Result<(TokenId, Lifetime)>
where
    usize: ColumnIndex<R>,
    for<'r> &'r [u8]: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Time: Decode<'r, R::Database> + Type<R::Database>,
{
    let token: &[u8] = row.try_get(0)?;
    let token = token
        .try_into()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let lifetime = Lifetime {
        issued_at: row.try_get(1)?,
        expires_at: row.try_get(2)?,
    };
    Ok((TokenId(token), lifetime))
}
