//! What clients do with their keys, written many rows at a time.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::DateTime;

use crate::domain::Time;
use crate::domain::page::PAGE_SIZE;
use crate::domain::token::TokenId;
use crate::domain::usage::{Counts, DAYS, RecentToken, SecretUse, last_days};

use super::rows::{Texts, statements, texts};
use super::{Result, Tx, on};

static ADD_HOURS: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO usage_hourly (hour, client, issued, introspected, refused) VALUES ",
        5,
        " ON CONFLICT (hour, client) DO UPDATE SET
            issued = usage_hourly.issued + excluded.issued,
            introspected = usage_hourly.introspected + excluded.introspected,
            refused = usage_hourly.refused + excluded.refused",
    )
});

static ADD_DAYS: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO usage_daily (day, client, requests) VALUES ",
        3,
        " ON CONFLICT (day, client) DO UPDATE SET requests = usage_daily.requests + excluded.requests",
    )
});

static ADVANCE_USES: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO secret_uses (client, secret, used_at) VALUES ",
        3,
        " ON CONFLICT (client, secret) DO UPDATE SET used_at = excluded.used_at
          WHERE secret_uses.used_at < excluded.used_at",
    )
});

static INSERT_TOKENS: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO recent_tokens (client, issued_at, token, expires_at, address) VALUES ",
        5,
        " ON CONFLICT (client, issued_at, token) DO NOTHING",
    )
});

/// Every day is named, because a range of days would be read for every client.
static LIST_DAYS: LazyLock<String> = LazyLock::new(|| {
    let days = placeholders(1, usize::from(DAYS));
    let clients = placeholders(1 + usize::from(DAYS), clients_at_once());
    format!(
        "SELECT day, client, requests FROM usage_daily WHERE day IN ({days}) AND client IN ({clients})"
    )
});

static LIST_USES: LazyLock<String> = LazyLock::new(|| {
    let clients = placeholders(1, clients_at_once());
    format!("SELECT client, secret, used_at FROM secret_uses WHERE client IN ({clients})")
});

/// How many requests a client made on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct UsageDay {
    /// The day, counted from 1970.
    pub day: i64,
    /// The client's number.
    pub client: i64,
    /// How many.
    pub requests: i64,
}

impl Tx {
    /// Adds to the counts of hours, and of the days they belong to. Each client occurs once in an hour.
    ///
    /// Rows are taken in the order of tables, hours or days, and clients if the clients of an hour are in order. So two
    /// nodes that write at the same time wait for each other, but never in a circle.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn add_usage(&mut self, hours: &BTreeMap<i64, Vec<(i64, Counts)>>) -> Result<()> {
        let mut days = BTreeMap::<i64, BTreeMap<i64, i64>>::new();
        for (hour, clients) in hours {
            let day = days.entry(hour.div_euclid(24)).or_default();
            for (client, counts) in clients {
                *day.entry(*client).or_default() += counts.requests();
            }
            for (text, rows) in statements(self, &ADD_HOURS, clients) {
                on!(self, conn => {
                    let mut query = sqlx::query(text);
                    for (client, counts) in rows {
                        query = query.bind(hour).bind(client).bind(counts.issued).bind(counts.introspected).bind(counts.refused);
                    }
                    query.execute(conn).await?;
                });
            }
        }
        for (day, clients) in days {
            let clients: Vec<(i64, i64)> = clients.into_iter().collect();
            for (text, rows) in statements(self, &ADD_DAYS, &clients) {
                on!(self, conn => {
                    let mut query = sqlx::query(text);
                    for (client, requests) in rows {
                        query = query.bind(day).bind(client).bind(requests);
                    }
                    query.execute(conn).await?;
                });
            }
        }
        Ok(())
    }

    /// Moves the last uses of secrets that each occur once; never back. Their order matters as in [`Tx::add_usage`].
    ///
    /// # Errors
    /// When the database cannot be asked.
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
        Ok(())
    }

    /// Adds tokens, each with its client's number. One that is there already stays as it is.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn insert_recent_tokens(&mut self, tokens: &[(i64, RecentToken)]) -> Result<()> {
        for (text, rows) in statements(self, &INSERT_TOKENS, tokens) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, token) in rows {
                    query = query
                        .bind(client)
                        .bind(token.issued_at.timestamp_micros())
                        .bind(token.id.0.as_slice())
                        .bind(token.expires_at.timestamp_micros())
                        .bind(token.address.map(|address| address.to_string()));
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Forgets the tokens of a client except the newest.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn delete_older_recent_tokens(&mut self, client: i64, kept: i64) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "DELETE FROM recent_tokens WHERE client = $1 AND (issued_at, token) <= (
                    SELECT issued_at, token FROM recent_tokens WHERE client = $1
                    ORDER BY issued_at DESC, token DESC LIMIT 1 OFFSET $2)",
            )
            .bind(client)
            .bind(kept)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// The tokens of a client that have not ended, the newest first, and at most so many.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_recent_tokens(
        &mut self,
        client: i64,
        now: Time,
        limit: i64,
    ) -> Result<Vec<RecentToken>> {
        let rows: Vec<(Vec<u8>, i64, i64, Option<String>)> = on!(self, conn => {
            sqlx::query_as(
                "SELECT token, issued_at, expires_at, address FROM recent_tokens
                 WHERE client = $1 AND expires_at > $2 ORDER BY issued_at DESC, token DESC LIMIT $3",
            )
            .bind(client)
            .bind(now.timestamp_micros())
            .bind(limit)
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

    /// How many requests clients made on each of the last days that pages show. Days without any are left out.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_usage_days(&mut self, clients: &[i64], now: Time) -> Result<Vec<UsageDay>> {
        let mut found = Vec::new();
        for clients in filled_up(clients) {
            found.extend(on!(self, conn => {
                let mut query = sqlx::query_as::<_, UsageDay>(LIST_DAYS.as_str());
                for day in last_days(now) {
                    query = query.bind(day);
                }
                for client in clients {
                    query = query.bind(client);
                }
                query.fetch_all(conn).await?
            }));
        }
        Ok(found)
    }

    /// When the secrets of clients were last used. Those that never were are left out.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_secret_uses(&mut self, clients: &[i64]) -> Result<Vec<SecretUse>> {
        let mut found = Vec::new();
        for clients in filled_up(clients) {
            let rows: Vec<(i64, i64, i64)> = on!(self, conn => {
                let mut query = sqlx::query_as(LIST_USES.as_str());
                for client in clients {
                    query = query.bind(client);
                }
                query.fetch_all(conn).await?
            });
            found.extend(rows.into_iter().filter_map(|(client, secret, used_at)| {
                Some(SecretUse {
                    client,
                    secret,
                    used_at: DateTime::from_timestamp_micros(used_at)?,
                })
            }));
        }
        Ok(found)
    }

    /// The next clients after a number that have about so many tokens: the last of them, and how many of their tokens
    /// have ended. None when there are no more tokens.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_ended_recent_tokens(
        &mut self,
        after: i64,
        now: Time,
        about: i64,
    ) -> Result<Option<(i64, i64)>> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "SELECT until, (
                    SELECT count(*) FROM recent_tokens WHERE client > $1 AND client <= until AND expires_at <= $2)
                 FROM (
                    SELECT max(client) AS until FROM (
                        SELECT client FROM recent_tokens WHERE client > $1 ORDER BY client LIMIT $3) AS next_rows
                    ) AS part
                 WHERE until IS NOT NULL",
            )
            .bind(after)
            .bind(now.timestamp_micros())
            .bind(about)
            .fetch_optional(conn)
            .await?
        ))
    }

    /// Forgets the recent tokens of some clients that have ended, and says how many.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn delete_ended_recent_tokens(
        &mut self,
        clients: RangeInclusive<i64>,
        now: Time,
    ) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM recent_tokens WHERE client BETWEEN $1 AND $2 AND expires_at <= $3")
                .bind(*clients.start())
                .bind(*clients.end())
                .bind(now.timestamp_micros())
                .execute(conn)
                .await?
                .rows_affected()
        ))
    }

    /// Forgets the oldest counts that lie before a day, at most so many of hours and so many of days, and says how many
    /// rows went.
    ///
    /// # Errors
    /// When the database cannot be asked.
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

fn placeholders(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count)
        .map(|number| format!("${number}"))
        .collect();
    all.join(", ")
}

/// How many clients a query asks about: a page of them.
fn clients_at_once() -> usize {
    usize::try_from(PAGE_SIZE).expect("the page size is small")
}

/// Clients in parts of the length that queries take. Zero, which is nobody's number, fills up the last one.
fn filled_up(clients: &[i64]) -> impl Iterator<Item = impl Iterator<Item = i64>> {
    clients.chunks(clients_at_once()).map(|part| {
        part.iter()
            .copied()
            .chain(std::iter::repeat(0))
            .take(clients_at_once())
    })
}
