//! Usage of clients, written many rows at a time.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::LazyLock;

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::token::TokenId;
use crate::domain::usage::{HourCounts, RECENT_TOKENS, RecentToken, SecretUse, last_days};

use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

static ADD_HOURS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO usage_hourly (hour, client, issued, introspected, refused) VALUES ",
        5,
        " ON CONFLICT (hour, client) DO UPDATE SET
            issued = usage_hourly.issued + excluded.issued,
            introspected = usage_hourly.introspected + excluded.introspected,
            refused = usage_hourly.refused + excluded.refused",
    )
});

static ADD_DAYS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO usage_daily (day, client, requests) VALUES ",
        3,
        " ON CONFLICT (day, client) DO UPDATE SET requests = usage_daily.requests + excluded.requests",
    )
});

static ADVANCE_USES: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO secret_uses (client, secret, used_at) VALUES ",
        3,
        " ON CONFLICT (client, secret) DO UPDATE SET used_at = excluded.used_at
          WHERE secret_uses.used_at < excluded.used_at",
    )
});

static ADVANCE_CLIENT_USES: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO client_uses (client, used_at) VALUES ",
        2,
        " ON CONFLICT (client) DO UPDATE SET used_at = excluded.used_at
          WHERE client_uses.used_at < excluded.used_at",
    )
});

static COUNT_TOKENS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO recent_token_counts (client, tokens) VALUES ",
        2,
        " ON CONFLICT (client) DO UPDATE SET tokens = recent_token_counts.tokens + excluded.tokens
          RETURNING client, tokens",
    )
});

static PUT_TOKENS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO recent_tokens (client, slot, token, issued_at, expires_at, address) VALUES ",
        6,
        " ON CONFLICT (client, slot) DO UPDATE SET
            token = excluded.token,
            issued_at = excluded.issued_at,
            expires_at = excluded.expires_at,
            address = excluded.address",
    )
});

/// How many requests a client made on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct UsageDay {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The client's number.
    pub client: ClientNumber,
    /// How many.
    pub requests: i64,
}

impl Tx {
    /// Adds to the counts of hours, and of the days they belong to. Each client occurs once in an hour.
    ///
    /// The rows of every node are sorted by hour and client, so that two nodes that write at the same time lock rows in
    /// the same order and cannot deadlock.
    pub async fn add_usage(&mut self, hours: &[HourCounts]) -> Result<()> {
        let mut days = BTreeMap::<(i64, ClientNumber), i64>::new();
        for row in hours {
            *days
                .entry((row.hour.div_euclid(24), row.client))
                .or_default() += row.counts.requests();
        }
        let days: Vec<((i64, ClientNumber), i64)> = days.into_iter().collect();
        for (text, rows) in statements(self, &ADD_HOURS, hours) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for HourCounts { hour, client, counts } in rows {
                    query = query.bind(hour).bind(client).bind(counts.issued).bind(counts.introspected).bind(counts.refused);
                }
                query.execute(conn).await?;
            });
        }
        for (text, rows) in statements(self, &ADD_DAYS, &days) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for ((day, client), requests) in rows {
                    query = query.bind(day).bind(client).bind(requests);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Advances the last uses of secrets and of their clients, never back. Each secret occurs once. The order matters as
    /// in [`Tx::add_usage`].
    pub async fn advance_secret_uses(&mut self, uses: &[SecretUse]) -> Result<()> {
        for (text, rows) in statements(self, &ADVANCE_USES, uses) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query.bind(row.client).bind(row.secret).bind(row.used_at.timestamp_micros());
                }
                query.execute(conn).await?;
            });
        }
        let mut clients = BTreeMap::<ClientNumber, i64>::new();
        for row in uses {
            let used_at = clients.entry(row.client).or_default();
            *used_at = row.used_at.timestamp_micros().max(*used_at);
        }
        let clients: Vec<(ClientNumber, i64)> = clients.into_iter().collect();
        for (text, rows) in statements(self, &ADVANCE_CLIENT_USES, &clients) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, used_at) in rows {
                    query = query.bind(client).bind(used_at);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Puts recent tokens into the ring buffers of their clients, each client's in the order of issue. Of each client
    /// the last [`RECENT_TOKENS`] that any node put there remain.
    pub async fn put_recent_tokens(
        &mut self,
        tokens: &BTreeMap<ClientNumber, Vec<RecentToken>>,
    ) -> Result<()> {
        let added: Vec<(ClientNumber, i64)> = tokens
            .iter()
            .map(|(client, tokens)| (*client, i64::try_from(tokens.len()).unwrap_or_default()))
            .collect();
        // Updating the counts also locks their rows, so that two nodes do not use the same slots.
        let mut counts = HashMap::with_capacity(added.len());
        for (text, rows) in statements(self, &COUNT_TOKENS, &added) {
            on!(self, conn => {
                let mut query = sqlx::query_as::<_, (ClientNumber, i64)>(text);
                for (client, added) in rows {
                    query = query.bind(client).bind(added);
                }
                counts.extend(query.fetch_all(conn).await?);
            });
        }
        let mut slots = Vec::new();
        for (client, tokens) in tokens {
            let numbers = (0..counts.get(client).copied().unwrap_or_default()).rev();
            // A statement may change each row once, so a token that a later one overwrites at once is left out.
            let last = numbers.zip(tokens.iter().rev()).take(RECENT_TOKENS.into());
            slots.extend(
                last.map(|(number, token)| (client, number % i64::from(RECENT_TOKENS), token)),
            );
        }
        for (text, rows) in statements(self, &PUT_TOKENS, &slots) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, slot, token) in rows {
                    query = query
                        .bind(client)
                        .bind(slot)
                        .bind(token.id.0.as_slice())
                        .bind(token.issued_at.timestamp_micros())
                        .bind(token.expires_at.timestamp_micros())
                        .bind(token.address.map(|address| address.to_string()));
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The recent tokens of a client that have not ended, the newest first.
    pub async fn list_recent_tokens(
        &mut self,
        client: ClientNumber,
        now: Time,
    ) -> Result<Vec<RecentToken>> {
        let rows: Vec<(Vec<u8>, i64, i64, Option<String>)> = on!(self, conn => {
            sqlx::query_as(
                "SELECT token, issued_at, expires_at, address FROM recent_tokens
                 WHERE client = $1 AND expires_at > $2 ORDER BY issued_at DESC, token DESC",
            )
            .bind(client)
            .bind(now.timestamp_micros())
            .fetch_all(conn)
            .await?
        });
        let read = |(token, issued_at, expires_at, address): (Vec<u8>, _, _, Option<String>)| {
            Some(RecentToken {
                id: TokenId(token.try_into().ok()?),
                issued_at: DateTime::from_timestamp_micros(issued_at)?,
                expires_at: DateTime::from_timestamp_micros(expires_at)?,
                address: address.and_then(|address| address.parse::<IpAddr>().ok()),
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// How many requests clients, at most a page of them, made on each of the days that the pages show. Days without
    /// any are left out.
    pub async fn list_usage_days(
        &mut self,
        clients: &[ClientNumber],
        now: Time,
    ) -> Result<Vec<UsageDay>> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, conn => {
            let mut query = QueryBuilder::new("SELECT day, client, requests FROM usage_daily WHERE day IN ");
            // With a range of days, the index would be read for every client of the table.
            query.push_tuples(last_days(now), |mut list, day| { list.push_bind(day); });
            query.push(" AND client IN ");
            query.push_tuples(clients.iter().copied(), |mut list, client| { list.push_bind(client); });
            Ok(query.build_query_as().fetch_all(conn).await?)
        })
    }

    /// When the secrets of clients, at most a page of them, were last used. Unused ones are left out.
    pub async fn list_secret_uses(&mut self, clients: &[ClientNumber]) -> Result<Vec<SecretUse>> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(ClientNumber, SecretNumber, i64)> = on!(self, conn => {
            let mut query = QueryBuilder::new("SELECT client, secret, used_at FROM secret_uses WHERE client IN ");
            query.push_tuples(clients.iter().copied(), |mut list, client| { list.push_bind(client); });
            query.build_query_as().fetch_all(conn).await?
        });
        let read = |(client, secret, used_at)| {
            Some(SecretUse {
                client,
                secret,
                used_at: DateTime::from_timestamp_micros(used_at)?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Deletes the oldest counts before a day, at most so many of hours and so many of days, and returns the number of
    /// rows.
    pub async fn delete_usage_before(&mut self, day: i64, at_most: i64) -> Result<u64> {
        on!(self, conn => {
            let hours = sqlx::query(
                "DELETE FROM usage_hourly WHERE (hour, client) IN (
                    SELECT hour, client FROM usage_hourly WHERE hour < $1 ORDER BY hour, client LIMIT $2)",
            )
            .bind(day * 24)
            .bind(at_most)
            .execute(&mut *conn)
            .await?;
            let days = sqlx::query(
                "DELETE FROM usage_daily WHERE (day, client) IN (
                    SELECT day, client FROM usage_daily WHERE day < $1 ORDER BY day, client LIMIT $2)",
            )
            .bind(day)
            .bind(at_most)
            .execute(&mut *conn)
            .await?;
            Ok(hours.rows_affected() + days.rows_affected())
        })
    }
}
