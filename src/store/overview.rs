//! What the overview shows. Each statement reads a bounded number of rows from an index, however many clients there are.

use std::ops::Range;

use chrono::DateTime;
use sqlx::{AssertSqlSafe, QueryBuilder};

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::usage::{Counts, DAYS, last_days};

use super::types::read_from_row;
use super::{Result, Tx, on};

/// How many of the busiest clients of each day are added up over all days.
const BUSIEST_OF_A_DAY: i64 = 8;

// A condition that no index covers is applied to a fixed number of candidate rows, the inner `LIMIT`.

const EXPIRING: &str = "SELECT c.number FROM api_clients c
     WHERE c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1 AND c.expires_at < $2
     ORDER BY c.expires_at LIMIT $3";

/// The clients that were made last before a moment are looked at: most older ones are in use.
const NEVER_USED: &str = "SELECT w.number FROM (
         SELECT c.number, c.expires_at, c.created_at FROM api_clients c
         WHERE c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.created_at < $1
         ORDER BY c.created_at DESC LIMIT 300) AS w
     WHERE (w.expires_at IS NULL OR w.expires_at > $2)
         AND NOT EXISTS (SELECT 1 FROM client_uses u WHERE u.client = w.number)
     ORDER BY w.created_at DESC LIMIT $3";

/// Those that came to this age last are looked at: most older ones are revoked by then.
const UNUSED: &str = "SELECT w.client FROM (
         SELECT u.client, u.used_at FROM client_uses u WHERE u.used_at < $1 ORDER BY u.used_at DESC LIMIT 300) AS w
     JOIN api_clients c ON c.number = w.client
     WHERE c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)
     ORDER BY w.used_at DESC LIMIT $3";

/// A fifth of the requests of a day.
const OFTEN_REFUSED: &str = "SELECT d.day, d.client, d.requests, d.refused FROM (
         SELECT * FROM (
             SELECT day, client, requests, refused FROM usage_daily WHERE day = $1 AND refused >= 20
             ORDER BY refused DESC LIMIT 100) AS today
         UNION ALL
         SELECT * FROM (
             SELECT day, client, requests, refused FROM usage_daily WHERE day = $2 AND refused >= 20
             ORDER BY refused DESC LIMIT 100) AS yesterday) AS d
     WHERE d.refused * 5 >= d.requests
     ORDER BY d.day DESC, d.refused DESC, d.client LIMIT $3";

const ENDING_SECRETS: &str = "SELECT s.client, s.expires_at, u.used_at,
         (SELECT max(n.created_at) FROM client_secrets n
          WHERE n.client = s.client AND n.number > s.number AND n.revoked_at IS NULL) AS newer_at
     FROM (
         SELECT client, number, expires_at FROM client_secrets
         WHERE revoked_at IS NULL AND expires_at IS NOT NULL AND expires_at > $1 AND expires_at < $2
         ORDER BY expires_at LIMIT 100) AS s
     JOIN secret_uses u ON u.client = s.client AND u.secret = s.number
     ORDER BY s.expires_at, s.client";

/// The clients that were used last are looked at, and of those the ones that exercised a permission in a way that is known:
/// of the others nothing is known.
const UNEXERCISED: &str = "SELECT e.client, e.permissions FROM (
         SELECT w.client,
             (SELECT count(*) FROM client_permissions p WHERE p.client = w.client AND p.granted_at < $1)
             - (SELECT count(*) FROM permission_uses u JOIN client_permissions p
                ON p.client = u.client AND p.permission = u.permission
                WHERE u.client = w.client AND u.used_at >= $2 AND p.granted_at < $1) AS permissions
         FROM (SELECT client FROM client_uses ORDER BY used_at DESC LIMIT 100) AS w
         JOIN api_clients c ON c.number = w.client
         WHERE c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $3)
             AND EXISTS (SELECT 1 FROM permission_uses k WHERE k.client = w.client AND k.used_at >= $2)
         LIMIT 100) AS e WHERE e.permissions > 0 ORDER BY e.permissions DESC, e.client LIMIT $4";

const TOTALS: &str = "SELECT hour / $3 AS span, CAST(sum(issued) AS BIGINT) AS issued,
         CAST(sum(introspected) AS BIGINT) AS introspected, CAST(sum(refused) AS BIGINT) AS refused
     FROM usage_totals_hourly WHERE hour >= $1 AND hour < $2 GROUP BY hour / $3 ORDER BY span";

/// The counts of all clients in some hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageTotal {
    /// The first hour, divided by how many hours are added up.
    pub span: i64,
    /// The numbers.
    pub counts: Counts,
}

read_from_row!(UsageTotal, row => UsageTotal {
    span: row.try_get("span")?,
    counts: Counts {
        issued: row.try_get("issued")?,
        introspected: row.try_get("introspected")?,
        refused: row.try_get("refused")?,
    },
});

/// A day on which a client was refused often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedDay {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The client's number.
    pub client: ClientNumber,
    /// How many requests it made.
    pub requests: i64,
    /// How many of them were refused.
    pub refused: i64,
}

read_from_row!(RefusedDay {
    day,
    client,
    requests,
    refused
});

/// A secret that ends by itself and was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndingSecret {
    /// The client's number.
    pub client: ClientNumber,
    /// When it ends.
    pub ends_at: Time,
    /// When it was last used.
    pub used_at: Time,
    /// When the newest of the client's newer secrets was made.
    pub newer_at: Option<Time>,
}

impl Tx {
    /// The counts of all clients in a range of hours, added up for every `span` hours. Those without a request are left
    /// out.
    pub async fn list_usage_totals(
        &mut self,
        hours: Range<i64>,
        span: i64,
    ) -> Result<Vec<UsageTotal>> {
        on!(self, conn => Ok(
            sqlx::query_as(TOTALS).bind(hours.start).bind(hours.end).bind(span).fetch_all(conn).await?
        ))
    }

    /// The busiest clients of the days that the pages show, the busiest first: of those that were among the busiest of
    /// one of these days, to the minute.
    pub async fn list_busiest_clients(
        &mut self,
        now: Time,
        limit: i64,
    ) -> Result<Vec<ClientNumber>> {
        let candidates: Vec<ClientNumber> = on!(self, conn => {
            let mut query = sqlx::query_scalar(AssertSqlSafe(busiest_of_days()));
            for day in last_days(now) {
                query = query.bind(day);
            }
            query.bind(BUSIEST_OF_A_DAY).fetch_all(conn).await?
        });
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, conn => {
            let mut query = QueryBuilder::new("SELECT client FROM usage_daily WHERE day IN ");
            query.push_tuples(last_days(now), |mut list, day| { list.push_bind(day); });
            query.push(" AND client IN ");
            query.push_tuples(candidates, |mut list, client| { list.push_bind(client); });
            query.push(" GROUP BY client ORDER BY sum(requests) DESC, client LIMIT ").push_bind(limit);
            Ok(query.build_query_scalar().fetch_all(conn).await?)
        })
    }

    /// The active clients that expire in a range of time, the first to expire first.
    pub async fn list_expiring_clients(
        &mut self,
        moments: Range<Time>,
        limit: i64,
    ) -> Result<Vec<ClientNumber>> {
        on!(self, conn => Ok(
            sqlx::query_scalar(EXPIRING).bind(moments.start).bind(moments.end).bind(limit).fetch_all(conn).await?
        ))
    }

    /// Active clients that were made before a moment and never used, the newest first. Among the 300 newest that were
    /// made before it.
    pub async fn list_never_used_clients(
        &mut self,
        made_before: Time,
        now: Time,
        limit: i64,
    ) -> Result<Vec<ClientNumber>> {
        on!(self, conn => Ok(
            sqlx::query_scalar(NEVER_USED).bind(made_before).bind(now).bind(limit).fetch_all(conn).await?
        ))
    }

    /// Active clients that were last used before a moment, those that were used last first. Among the 300 that were used
    /// last before it.
    pub async fn list_unused_clients(
        &mut self,
        used_before: Time,
        now: Time,
        limit: i64,
    ) -> Result<Vec<ClientNumber>> {
        let used_before = used_before.timestamp_micros();
        on!(self, conn => Ok(
            sqlx::query_scalar(UNUSED).bind(used_before).bind(now).bind(limit).fetch_all(conn).await?
        ))
    }

    /// Active clients with the number of permissions that were granted before a moment and not exercised since, the most
    /// first. Among the hundred clients that were used last, and only those that exercised another permission since.
    pub async fn list_unexercised(
        &mut self,
        granted_before: Time,
        now: Time,
        limit: i64,
    ) -> Result<Vec<(ClientNumber, i64)>> {
        let exercised_before = granted_before.timestamp_micros();
        on!(self, conn => Ok(
            sqlx::query_as(UNEXERCISED)
                .bind(granted_before)
                .bind(exercised_before)
                .bind(now)
                .bind(limit)
                .fetch_all(conn)
                .await?
        ))
    }

    /// Clients of which on a day, or on the day before it, many requests and a fifth of all were refused: those of the
    /// day first, and of each day the most often refused first. Among the hundred most often refused of each.
    pub async fn list_often_refused(&mut self, day: i64, limit: i64) -> Result<Vec<RefusedDay>> {
        on!(self, conn => Ok(
            sqlx::query_as(OFTEN_REFUSED).bind(day).bind(day - 1).bind(limit).fetch_all(conn).await?
        ))
    }

    /// The secrets that end in a range of time, are not revoked and were used: of the first hundred to end.
    pub async fn list_ending_secrets(&mut self, moments: Range<Time>) -> Result<Vec<EndingSecret>> {
        let rows: Vec<(ClientNumber, Time, i64, Option<Time>)> = on!(self, conn => {
            sqlx::query_as(ENDING_SECRETS).bind(moments.start).bind(moments.end).fetch_all(conn).await?
        });
        let read = |(client, ends_at, used_at, newer_at)| {
            Some(EndingSecret {
                client,
                ends_at,
                used_at: DateTime::from_timestamp_micros(used_at)?,
                newer_at,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}

/// The busiest clients of each of the days `$1`, `$2` and so on.
fn busiest_of_days() -> String {
    let limit = DAYS + 1;
    let of_day = |day: u8| {
        format!(
            "SELECT client FROM (SELECT client FROM usage_daily WHERE day = ${day} ORDER BY ranked DESC LIMIT ${limit}) AS d{day}"
        )
    };
    let days: Vec<String> = (1..=DAYS).map(of_day).collect();
    days.join(" UNION ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

    /// Whether a step reads a whole table; subqueries, which are bounded, are named otherwise.
    fn is_scan(step: &str) -> bool {
        let tables = [
            "c",
            "u",
            "n",
            "usage_daily",
            "client_secrets",
            "usage_totals_hourly",
        ];
        step.strip_prefix("SCAN ").is_some_and(|rest| {
            let name = rest.split(' ').next().unwrap_or_default();
            tables.contains(&name)
        })
    }

    #[tokio::test]
    async fn nothing_is_read_from_every_row() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        let scan = plan(&mut tx, "SELECT 1 FROM usage_daily WHERE requests > 5").await;
        assert!(scan.lines().any(is_scan), "{scan}");

        let busiest = busiest_of_days();
        for (statement, used) in [
            (TOTALS, "usage_totals_hourly USING INTEGER PRIMARY KEY"),
            (&busiest, "USING COVERING INDEX usage_daily_by_rank (day=?)"),
            (
                "SELECT client FROM usage_daily WHERE day IN (1, 2, 3) AND client IN (4, 5, 6)
                 GROUP BY client ORDER BY sum(requests) DESC, client LIMIT 5",
                "(day=? AND client=?)",
            ),
            (
                EXPIRING,
                "COVERING INDEX api_clients_by_end (expires_at>? AND expires_at<?)",
            ),
            (
                NEVER_USED,
                "COVERING INDEX api_clients_by_creation (created_at<?)",
            ),
            (UNUSED, "COVERING INDEX client_uses_by_time (used_at<?)"),
            (UNEXERCISED, "SEARCH p USING PRIMARY KEY (client=?)"),
            (
                OFTEN_REFUSED,
                "USING INDEX usage_daily_by_refused (day=? AND refused>?)",
            ),
            (
                ENDING_SECRETS,
                "COVERING INDEX client_secrets_by_end (expires_at>? AND expires_at<?)",
            ),
        ] {
            let steps = plan(&mut tx, statement).await;
            assert!(!steps.lines().any(is_scan), "{statement}\n{steps}");
            assert!(steps.contains(used), "{statement}\n{steps}");
        }
    }
}
