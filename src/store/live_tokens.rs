//! How many tokens may be live: issued, and not expired.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use sqlx::QueryBuilder;

use crate::domain::ids::ClientNumber;
use crate::domain::live_tokens::LiveTokens;

use super::rows::{NumberStatement, numbers, write_numbers};
use super::{Result, Tx, on};

static ADD: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "live_tokens (organization, hour, tokens)",
        3,
        " ON CONFLICT (organization, hour) DO UPDATE SET tokens = live_tokens.tokens + excluded.tokens",
    )
});

impl Tx {
    /// Adds to the numbers of live tokens, or takes away. Nodes wait here for each other as in
    /// [`Tx::add_organization_usage`]; the order matters as in [`Tx::advance_secret_uses`], those of all clients first.
    pub async fn add_live_tokens(&mut self, tokens: &[LiveTokens]) -> Result<()> {
        let row = |row: &LiveTokens| {
            let organization = row.organization.map_or(0, |id| id.0);
            [organization, row.hour, row.tokens]
        };
        let rows: Vec<[i64; 3]> = tokens.iter().map(row).collect();
        write_numbers(self, &ADD, &rows).await
    }

    /// How many tokens of all clients may be live in an hour.
    pub async fn count_live_tokens(&mut self, hour: i64) -> Result<i64> {
        let tokens: Option<i64> = on!(self, conn => {
            sqlx::query_scalar("SELECT CAST(sum(tokens) AS BIGINT) FROM live_tokens WHERE organization = 0 AND hour >= $1")
                .bind(hour)
                .fetch_one(conn)
                .await?
        });
        Ok(tokens.unwrap_or_default().max(0))
    }

    /// The tokens of a client that may be live in the last one of some hours, by the hour until which they may be: of those that
    /// it got in these hours, the ones that were not revoked all together.
    pub async fn list_live_tokens_of_client(
        &mut self,
        client: ClientNumber,
        issued: RangeInclusive<i64>,
    ) -> Result<Vec<(i64, i64)>> {
        let now = *issued.end();
        on!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT h.live_until, h.issued - CASE WHEN r.hour = h.hour THEN r.issued ELSE 0 END
                 FROM usage_hourly h LEFT JOIN revoked_token_counts r ON r.client = h.client
                 WHERE (r.hour IS NULL OR r.hour <= h.hour) AND h.live_until >= ",
            );
            query.push_bind(now).push(" AND h.client = ").push_bind(client).push(" AND h.hour IN ");
            // With a range of hours, the index would be read for every client of the table.
            query.push_tuples(issued, |mut list, hour| { list.push_bind(hour); });
            Ok(query.build_query_as().fetch_all(conn).await?)
        })
    }

    /// Keeps that all tokens of a client were revoked in an hour, by how many it had got in that hour.
    pub async fn keep_revoked_token_count(
        &mut self,
        client: ClientNumber,
        hour: i64,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO revoked_token_counts (client, hour, issued)
                 VALUES ($1, $2, COALESCE((SELECT issued FROM usage_hourly WHERE client = $1 AND hour = $2), 0))
                 ON CONFLICT (client) DO UPDATE SET hour = excluded.hour, issued = excluded.issued",
            )
            .bind(client)
            .bind(hour)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Deletes numbers of tokens that have expired before an hour, at most so many, and returns the number of rows.
    pub async fn delete_live_tokens_before(&mut self, hour: i64, at_most: i64) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query(
                "DELETE FROM live_tokens WHERE (organization, hour) IN (
                    SELECT organization, hour FROM live_tokens WHERE hour < $1 LIMIT $2)",
            )
            .bind(hour)
            .bind(at_most)
            .execute(conn)
            .await?
            .rows_affected()
        ))
    }
}
