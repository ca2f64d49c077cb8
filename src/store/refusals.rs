//! Refused requests of clients.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::DateTime;

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::refusal::{CountedRefusal, RECENT_REFUSALS, RefusedFor};

use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

// Equal refusals are counted from the beginning again when there was none for a week (in microseconds).
static ADD: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO client_refusals
            (client, is_proven, reason, detail, network, refused, first_at, last_at) VALUES ",
        8,
        " ON CONFLICT (client, is_proven, reason, detail, network) DO UPDATE SET
            refused = CASE WHEN client_refusals.last_at + 604800000000 < excluded.first_at
                THEN excluded.refused ELSE client_refusals.refused + excluded.refused END,
            first_at = CASE WHEN client_refusals.last_at + 604800000000 < excluded.first_at
                THEN excluded.first_at ELSE client_refusals.first_at END,
            last_at = CASE WHEN client_refusals.last_at < excluded.last_at
                THEN excluded.last_at ELSE client_refusals.last_at END",
    )
});

/// The columns of refusals.
type Row = (i64, i64, String, i64, i64, i64);

impl Tx {
    /// Adds refusals of clients; of each client the last [`RECENT_REFUSALS`] of its own remain, and as many of others.
    /// Equal refusals of a client occur once. The order of the rows is that of their key, so that two nodes that write at
    /// the same time cannot deadlock.
    pub async fn add_refusals(
        &mut self,
        refusals: &BTreeMap<ClientNumber, Vec<CountedRefusal>>,
    ) -> Result<()> {
        let mut rows: Vec<_> = refusals
            .iter()
            .flat_map(|(client, refusals)| refusals.iter().map(|refusal| (*client, refusal)))
            .collect();
        rows.sort_by_key(|(client, refusal)| {
            let reason = refusal.reason;
            (
                *client,
                reason.is_proven(),
                reason.stored(),
                &refusal.network,
            )
        });
        for client in refusals.keys() {
            self.lock_refusals(*client).await?;
        }
        for (text, rows) in statements(self, &ADD, &rows) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, refusal) in rows {
                    let (reason, detail) = refusal.reason.stored();
                    query = query
                        .bind(client)
                        .bind(i64::from(refusal.reason.is_proven()))
                        .bind(reason)
                        .bind(detail)
                        .bind(refusal.network.as_str())
                        .bind(refusal.count)
                        .bind(refusal.first_at.timestamp_micros())
                        .bind(refusal.last_at.timestamp_micros());
                }
                query.execute(conn).await?;
            });
        }
        for client in refusals.keys() {
            for is_proven in [0_i64, 1] {
                self.trim_refusals(*client, is_proven).await?;
            }
        }
        Ok(())
    }

    /// Keeps other nodes from the refusals of a client until the end of the transaction: two that write and trim different
    /// rows of it would wait for each other. Locks of the rows that are there say nothing about those that are yet to come.
    async fn lock_refusals(&mut self, client: ClientNumber) -> Result<()> {
        // SQLite has one writer, and no such lock.
        if let Self::Postgres(conn) = self {
            sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('client_refusals', $1))")
                .bind(client)
                .execute(&mut **conn)
                .await?;
        }
        Ok(())
    }

    /// Deletes the refusals of a client beyond the last ones of this kind.
    async fn trim_refusals(&mut self, client: ClientNumber, is_proven: i64) -> Result<()> {
        on!(self, conn => {
            // SQLite has no offset without a limit.
            sqlx::query(
                "DELETE FROM client_refusals WHERE (client, is_proven, reason, detail, network) IN (
                    SELECT client, is_proven, reason, detail, network FROM client_refusals
                    WHERE client = $1 AND is_proven = $2
                    ORDER BY last_at DESC, reason, detail, network LIMIT 1000 OFFSET $3)",
            )
            .bind(client)
            .bind(is_proven)
            .bind(i64::from(RECENT_REFUSALS))
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// The last refusals of a client, the newest first.
    pub async fn list_refusals(&mut self, client: ClientNumber) -> Result<Vec<CountedRefusal>> {
        let rows: Vec<Row> = on!(self, conn => {
            sqlx::query_as(
                "SELECT reason, detail, network, refused, first_at, last_at FROM client_refusals
                 WHERE client = $1 ORDER BY last_at DESC, reason, detail, network",
            )
            .bind(client)
            .fetch_all(conn)
            .await?
        });
        let read = |(reason, detail, network, count, first_at, last_at): Row| {
            Some(CountedRefusal {
                reason: RefusedFor::from_stored(reason, detail)?,
                network,
                count,
                first_at: DateTime::from_timestamp_micros(first_at)?,
                last_at: DateTime::from_timestamp_micros(last_at)?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Deletes refusals of which the last one was before a moment, at most so many, and returns the number.
    pub async fn delete_refusals_before(&mut self, moment: Time, at_most: i64) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query(
                "DELETE FROM client_refusals WHERE (client, is_proven, reason, detail, network) IN (
                    SELECT client, is_proven, reason, detail, network FROM client_refusals
                    WHERE last_at < $1 ORDER BY last_at LIMIT $2)",
            )
            .bind(moment.timestamp_micros())
            .bind(at_most)
            .execute(conn)
            .await?
            .rows_affected()
        ))
    }
}
