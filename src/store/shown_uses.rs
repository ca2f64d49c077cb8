//! The use of the clients that pages show, read for all of them at once.

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::usage::{DAYS, last_days};

use super::{Result, Tx, on};

/// What is known of a client's use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownUse {
    /// The client.
    pub client: ClientNumber,
    /// When it was last used as far as is known, in microseconds since 1970; 0 when nothing is.
    pub used_at: i64,
    /// Its requests today as far as is known.
    pub today: i64,
}

/// The use of a client, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownUse {
    /// The client.
    pub client: ClientNumber,
    /// When it was last used, to the minute. None: all its requests were refused.
    pub used_at: Option<Time>,
    /// Its requests on each of the days that the pages show, today last.
    pub days: [i64; DAYS as usize],
}

/// A client with the last use of it, and one of its days, where it has any.
type Row = (ClientNumber, Option<i64>, Option<i64>, Option<i64>);

impl Tx {
    /// The clients, of at most a thousand, of which more than this is known by now, with their last days: the last use is
    /// written once a minute, the requests each second. Of one that was not used, two rows are looked at.
    pub async fn list_uses_after(
        &mut self,
        known: &[KnownUse],
        now: Time,
    ) -> Result<Vec<ShownUse>> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let days = last_days(now);
        let rows: Vec<Row> = on!(self, conn => {
            let mut query = QueryBuilder::new("WITH shown (client, used_at, today) AS (");
            query.push_values(known, |mut row, known| {
                row.push_bind(known.client).push_bind(known.used_at).push_bind(known.today);
            });
            query.push(USES).push_bind(*days.end()).push(DAYS_OF_USED);
            // With a range of days, the index would be read for every client of the table.
            query.push_tuples(days.clone(), |mut list, day| { list.push_bind(day); });
            query.push(IF_NEWER);
            query.build_query_as().fetch_all(conn).await?
        });
        let mut uses: Vec<ShownUse> = Vec::new();
        for (client, used_at, day, requests) in rows {
            let used_at = used_at.and_then(DateTime::from_timestamp_micros);
            if uses.last().is_none_or(|last| last.client != client) {
                uses.push(ShownUse {
                    client,
                    used_at,
                    days: [0; DAYS as usize],
                });
            }
            let place = day.and_then(|day| usize::try_from(day - days.start()).ok());
            if let (Some(last), Some(place), Some(requests)) = (uses.last_mut(), place, requests) {
                last.days[place] = requests;
            }
        }
        Ok(uses)
    }
}

/// What follows the clients, up to the day.
const USES: &str = ") SELECT s.client, u.used_at, d.day, d.requests
    FROM shown s
    LEFT JOIN client_uses u ON u.client = s.client
    LEFT JOIN usage_daily t ON t.client = s.client AND t.day = ";

/// What follows the day, up to the days.
const DAYS_OF_USED: &str = " LEFT JOIN usage_daily d ON d.client = s.client AND d.day IN ";

/// What follows the days.
const IF_NEWER: &str = " WHERE (COALESCE(u.used_at, 0) > s.used_at OR COALESCE(t.requests, 0) <> s.today) ORDER BY s.client";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

    #[tokio::test]
    async fn each_client_is_looked_up() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        let statement = format!(
            "WITH shown (client, used_at, today) AS (VALUES (1, 0, 0), (2, 5, 7){USES} 20001 {DAYS_OF_USED} (20000, 20001) {IF_NEWER}"
        );
        let plan = plan(&mut tx, &statement).await;
        for used in [
            "SEARCH u USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH t USING PRIMARY KEY (day=? AND client=?)",
            "SEARCH d USING PRIMARY KEY (day=? AND client=?)",
        ] {
            assert!(plan.contains(used), "{used}\n{plan}");
        }
    }
}
