//! Usage of clients, written many rows at a time.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::usage::{Counts, HourCounts, SecretUse, last_days};

use super::rows::{
    LazyStatements, NumberStatement, numbers, statements, sums, texts, write_numbers,
};
use super::{Result, Tx, on};

static ADD_HOURS: LazyLock<NumberStatement> = LazyLock::new(|| {
    sums(
        "usage_hourly",
        &[
            "hour",
            "client",
            "issued",
            "introspected",
            "refused",
            "live_until",
        ],
        2,
        "issued = usage_hourly.issued + excluded.issued,
            introspected = usage_hourly.introspected + excluded.introspected,
            refused = usage_hourly.refused + excluded.refused,
            live_until = CASE WHEN excluded.live_until > usage_hourly.live_until
                THEN excluded.live_until ELSE usage_hourly.live_until END",
    )
});

static ADD_DAYS: LazyLock<NumberStatement> = LazyLock::new(|| {
    sums(
        "usage_daily",
        &["day", "client", "requests", "refused", "ranked"],
        2,
        "requests = usage_daily.requests + excluded.requests,
            refused = usage_daily.refused + excluded.refused",
    )
});

static RANK_DAYS: LazyLock<NumberStatement> = LazyLock::new(|| {
    sums(
        "usage_daily",
        &["day", "client", "requests", "refused", "ranked"],
        2,
        "ranked = usage_daily.requests",
    )
});

static ADD_TOTALS: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "usage_totals_hourly (hour, issued, introspected, refused)",
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

static ADVANCE_CLIENT_USES: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "client_uses (client, used_at)",
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

/// What clients used, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedUses {
    /// The last uses of their secrets, by client.
    pub secrets: Vec<SecretUse>,
    /// Their requests, by client and day.
    pub days: Vec<UsageDay>,
}

/// A client; whether it is a day, or a secret; which; the requests, or the moment; the network.
type UseRow = (ClientNumber, i32, i64, i64, Option<String>);

impl Tx {
    /// Adds to the counts of hours, and of the days they belong to. Each client occurs once in an hour.
    pub async fn add_usage(&mut self, hours: &[HourCounts]) -> Result<()> {
        self.add_usage_hours(hours).await?;
        self.add_usage_days(hours).await
    }

    /// Adds to the counts of hours. Each client occurs once in an hour.
    ///
    /// On PostgreSQL one transaction at a time adds counts, until its end; so this, [`Tx::add_usage_days`] and
    /// [`Tx::rank_usage_days`] come before whatever locks rows of other tables.
    pub async fn add_usage_hours(&mut self, hours: &[HourCounts]) -> Result<()> {
        let row = |HourCounts {
                       hour,
                       client,
                       counts,
                       live_until,
                   }: &HourCounts| {
            [
                *hour,
                client.0,
                counts.issued,
                counts.introspected,
                counts.refused,
                *live_until,
            ]
        };
        let rows: Vec<[i64; 6]> = hours.iter().map(row).collect();
        write_numbers(self, &ADD_HOURS, &rows).await
    }

    /// Adds the counts of hours to those of the days they belong to. Nodes take turns as in [`Tx::add_usage_hours`].
    pub async fn add_usage_days(&mut self, hours: &[HourCounts]) -> Result<()> {
        let mut days = BTreeMap::<(i64, ClientNumber), Counts>::new();
        for row in hours {
            let day = row.hour.div_euclid(24);
            *days.entry((day, row.client)).or_default() += row.counts;
        }
        let row = |((day, client), counts): (&(i64, ClientNumber), &Counts)| {
            let requests = counts.requests();
            [*day, client.0, requests, counts.refused, requests]
        };
        let rows: Vec<[i64; 5]> = days.iter().map(row).collect();
        write_numbers(self, &ADD_DAYS, &rows).await
    }

    /// Gives clients their place among the busiest of a day, by the requests that were added before; once a minute is
    /// enough. Nodes take turns as in [`Tx::add_usage_hours`].
    pub async fn rank_usage_days(&mut self, days: &[(i64, ClientNumber)]) -> Result<()> {
        let row = |(day, client): &(i64, ClientNumber)| [*day, client.0, 0, 0, 0];
        let rows: Vec<[i64; 5]> = days.iter().map(row).collect();
        write_numbers(self, &RANK_DAYS, &rows).await
    }

    /// Adds the counts of these clients to those of all clients by hour. Every node adds to the row of the present hour, and
    /// waits there until the transaction of another one ends, so this should be the last statement.
    pub async fn add_usage_totals(&mut self, hours: &[HourCounts]) -> Result<()> {
        let mut totals = BTreeMap::<i64, Counts>::new();
        for row in hours {
            *totals.entry(row.hour).or_default() += row.counts;
        }
        let row = |(hour, counts): (&i64, &Counts)| {
            [*hour, counts.issued, counts.introspected, counts.refused]
        };
        let rows: Vec<[i64; 4]> = totals.iter().map(row).collect();
        write_numbers(self, &ADD_TOTALS, &rows).await
    }

    /// Advances the last uses of secrets, and of the clients they belong to, never back. Each secret occurs once.
    ///
    /// The rows of every node are sorted by client and secret, so that two nodes that write at the same time lock rows in the
    /// same order and cannot deadlock.
    pub async fn advance_secret_uses(&mut self, uses: &[SecretUse]) -> Result<()> {
        let mut clients = BTreeMap::<ClientNumber, Time>::new();
        for row in uses {
            let last = clients.entry(row.client).or_insert(row.used_at);
            *last = row.used_at.max(*last);
        }
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
        let row =
            |(client, used_at): (&ClientNumber, &Time)| [client.0, used_at.timestamp_micros()];
        let rows: Vec<[i64; 2]> = clients.iter().map(row).collect();
        write_numbers(self, &ADVANCE_CLIENT_USES, &rows).await
    }

    /// The requests of one client in those of some hours, at most those of a month, in which there were any; in any order.
    pub async fn list_usage_hours(
        &mut self,
        client: ClientNumber,
        hours: RangeInclusive<i64>,
    ) -> Result<Vec<HourCounts>> {
        let rows: Vec<(i64, i64, i64, i64, i64)> = on!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT hour, issued, introspected, refused, live_until FROM usage_hourly WHERE hour IN ",
            );
            // With a range of hours, the index would be read for every client of the table.
            query.push_tuples(hours, |mut list, hour| { list.push_bind(hour); });
            query.push(" AND client = ").push_bind(client);
            query.build_query_as().fetch_all(conn).await?
        });
        let read = |(hour, issued, introspected, refused, live_until)| HourCounts {
            hour,
            client,
            counts: Counts {
                issued,
                introspected,
                refused,
            },
            live_until,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// When and from where the secrets of clients were last used, and how many requests clients made on each of the days that
    /// the pages show; at most a page of clients each. What was not used is left out.
    ///
    /// One statement, because on SQLite each costs as much as reading some twenty rows.
    pub async fn list_client_uses(
        &mut self,
        clients: &[ClientNumber],
        with_days: &[ClientNumber],
        now: Time,
    ) -> Result<ListedUses> {
        let mut listed = ListedUses::default();
        if clients.is_empty() && with_days.is_empty() {
            return Ok(listed);
        }
        // An empty list is no SQL. Numbers begin at 1.
        let or_none = |clients: &[ClientNumber]| match clients {
            [] => vec![ClientNumber::default()],
            clients => clients.to_vec(),
        };
        let rows: Vec<UseRow> = on!(self, conn => {
            let mut query = QueryBuilder::new(
                "SELECT client, 0 AS is_day, secret AS number, used_at AS amount, network FROM secret_uses WHERE client IN ",
            );
            query.push_tuples(or_none(clients), |mut list, client| { list.push_bind(client); });
            query.push(" UNION ALL SELECT client, 1, day, requests, NULL FROM usage_daily WHERE day IN ");
            // With a range of days, the index would be read for every client of the table.
            query.push_tuples(last_days(now), |mut list, day| { list.push_bind(day); });
            query.push(" AND client IN ");
            query.push_tuples(or_none(with_days), |mut list, client| { list.push_bind(client); });
            // Sorted rows are handed over together; otherwise two threads wake each other for every row.
            query.push(" ORDER BY client, is_day, number");
            query.build_query_as().fetch_all(conn).await?
        });
        for (client, is_day, number, amount, network) in rows {
            if is_day == 1 {
                listed.days.push(UsageDay {
                    day: number,
                    client,
                    requests: amount,
                });
            } else if let Some(used_at) = DateTime::from_timestamp_micros(amount) {
                listed.secrets.push(SecretUse {
                    client,
                    secret: SecretNumber(number),
                    used_at,
                    network,
                });
            }
        }
        Ok(listed)
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
