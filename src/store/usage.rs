//! Usage of clients, written many rows at a time.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::usage::{Counts, HourCounts, SecretUse, last_days};

use super::rows::{LazyStatements, statements, texts};
use super::types::read_from_row;
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
        "INSERT INTO usage_daily (day, client, requests, refused) VALUES ",
        4,
        " ON CONFLICT (day, client) DO UPDATE SET
            requests = usage_daily.requests + excluded.requests,
            refused = usage_daily.refused + excluded.refused",
    )
});

static ADD_TOTALS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO usage_totals_hourly (hour, issued, introspected, refused) VALUES ",
        4,
        " ON CONFLICT (hour) DO UPDATE SET
            issued = usage_totals_hourly.issued + excluded.issued,
            introspected = usage_totals_hourly.introspected + excluded.introspected,
            refused = usage_totals_hourly.refused + excluded.refused",
    )
});

static ADVANCE_USES: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO secret_uses (client, secret, used_at, network) VALUES ",
        4,
        " ON CONFLICT (client, secret) DO UPDATE SET used_at = excluded.used_at, network = excluded.network
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

/// Delete the oldest rows of each table; of the first two by hour, of the others by day.
const DELETE_BEFORE: [&str; 4] = [
    "DELETE FROM usage_hourly WHERE (hour, client) IN (
        SELECT hour, client FROM usage_hourly WHERE hour < $1 ORDER BY hour, client LIMIT $2)",
    "DELETE FROM usage_totals_hourly WHERE hour IN (
        SELECT hour FROM usage_totals_hourly WHERE hour < $1 ORDER BY hour LIMIT $2)",
    "DELETE FROM usage_daily WHERE (day, client) IN (
        SELECT day, client FROM usage_daily WHERE day < $1 ORDER BY day, client LIMIT $2)",
    "DELETE FROM organization_usage_daily WHERE (day, organization) IN (
        SELECT day, organization FROM organization_usage_daily WHERE day < $1 ORDER BY day, organization LIMIT $2)",
];

/// How many requests a client made on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageDay {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The client's number.
    pub client: ClientNumber,
    /// How many.
    pub requests: i64,
}

read_from_row!(UsageDay {
    day,
    client,
    requests
});

impl Tx {
    /// Adds to the counts of hours, and of the days they belong to. Each client occurs once in an hour.
    ///
    /// The rows of every node are sorted by hour and client, so that two nodes that write at the same time lock rows in
    /// the same order and cannot deadlock.
    pub async fn add_usage(&mut self, hours: &[HourCounts]) -> Result<()> {
        let mut days = BTreeMap::<(i64, ClientNumber), Counts>::new();
        for row in hours {
            let day = row.hour.div_euclid(24);
            *days.entry((day, row.client)).or_default() += row.counts;
        }
        let days: Vec<((i64, ClientNumber), Counts)> = days.into_iter().collect();
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
                for ((day, client), counts) in rows {
                    query = query.bind(day).bind(client).bind(counts.requests()).bind(counts.refused);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Adds the counts of these clients to those of all clients by hour. Every node adds to the row of the present hour, and
    /// waits there until the transaction of another one ends, so this should be the last statement.
    pub async fn add_usage_totals(&mut self, hours: &[HourCounts]) -> Result<()> {
        let mut totals = BTreeMap::<i64, Counts>::new();
        for row in hours {
            *totals.entry(row.hour).or_default() += row.counts;
        }
        let totals: Vec<(i64, Counts)> = totals.into_iter().collect();
        for (text, rows) in statements(self, &ADD_TOTALS, &totals) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (hour, counts) in rows {
                    query = query.bind(hour).bind(counts.issued).bind(counts.introspected).bind(counts.refused);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Advances the last uses of secrets, and of the clients they belong to, never back. Each secret occurs once. The
    /// order matters as in [`Tx::add_usage`].
    pub async fn advance_secret_uses(&mut self, uses: &[SecretUse]) -> Result<()> {
        let mut clients = BTreeMap::<ClientNumber, Time>::new();
        for row in uses {
            let last = clients.entry(row.client).or_insert(row.used_at);
            *last = row.used_at.max(*last);
        }
        let clients: Vec<(ClientNumber, Time)> = clients.into_iter().collect();
        for (text, rows) in statements(self, &ADVANCE_USES, uses) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query
                        .bind(row.client)
                        .bind(row.secret)
                        .bind(row.used_at.timestamp_micros())
                        .bind(&row.network);
                }
                query.execute(conn).await?;
            });
        }
        for (text, rows) in statements(self, &ADVANCE_CLIENT_USES, &clients) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, used_at) in rows {
                    query = query.bind(client).bind(used_at.timestamp_micros());
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The requests of one client in those of some hours, at most those of a month, in which there were any; in any order.
    pub async fn list_usage_hours(
        &mut self,
        client: ClientNumber,
        hours: RangeInclusive<i64>,
    ) -> Result<Vec<HourCounts>> {
        let rows: Vec<(i64, i64, i64, i64)> = on!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT hour, issued, introspected, refused FROM usage_hourly WHERE hour IN ",
            );
            // With a range of hours, the index would be read for every client of the table.
            query.push_tuples(hours, |mut list, hour| { list.push_bind(hour); });
            query.push(" AND client = ").push_bind(client);
            query.build_query_as().fetch_all(conn).await?
        });
        let read = |(hour, issued, introspected, refused)| HourCounts {
            hour,
            client,
            counts: Counts {
                issued,
                introspected,
                refused,
            },
        };
        Ok(rows.into_iter().map(read).collect())
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
            // Sorted rows are handed over together; otherwise two threads wake each other for every row.
            query.push(" ORDER BY client, day");
            Ok(query.build_query_as().fetch_all(conn).await?)
        })
    }

    /// When and from where the secrets of clients, at most a page of them, were last used. Unused ones are left out.
    pub async fn list_secret_uses(&mut self, clients: &[ClientNumber]) -> Result<Vec<SecretUse>> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(ClientNumber, SecretNumber, i64, Option<String>)> = on!(self, conn => {
            let mut query = QueryBuilder::new("SELECT client, secret, used_at, network FROM secret_uses WHERE client IN ");
            query.push_tuples(clients.iter().copied(), |mut list, client| { list.push_bind(client); });
            query.build_query_as().fetch_all(conn).await?
        });
        let read = |(client, secret, used_at, network)| {
            Some(SecretUse {
                client,
                secret,
                used_at: DateTime::from_timestamp_micros(used_at)?,
                network,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Deletes the oldest counts before a day, at most so many of each table, and returns the number of rows.
    pub async fn delete_usage_before(&mut self, day: i64, at_most: i64) -> Result<u64> {
        on!(self, conn => {
            let mut deleted = 0;
            for (statement, before) in DELETE_BEFORE.into_iter().zip([day * 24, day * 24, day, day]) {
                let done = sqlx::query(statement).bind(before).bind(at_most).execute(&mut *conn).await?;
                deleted += done.rows_affected();
            }
            Ok(deleted)
        })
    }
}
