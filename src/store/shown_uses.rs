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
}

/// The use of a client, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownUse {
    /// The client.
    pub client: ClientNumber,
    /// When it was last used.
    pub used_at: Time,
    /// Its requests on each of the days that the pages show, today last.
    pub days: [i64; DAYS as usize],
}

/// A client with the last use of it, and one of its days, where it has any.
type Row = (ClientNumber, i64, Option<i64>, Option<i64>);

impl Tx {
    /// The clients that were used after what is known of them, at most a thousand, with their last days. Of one that was not,
    /// a single row is looked at.
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
            let mut query = QueryBuilder::new("WITH shown (client, known) AS (");
            query.push_values(known, |mut row, known| { row.push_bind(known.client).push_bind(known.used_at); });
            // With a range of days, the index would be read for every client of the table.
            query.push(USES);
            query.push_tuples(days.clone(), |mut list, day| { list.push_bind(day); });
            query.push(" ORDER BY u.client");
            query.build_query_as().fetch_all(conn).await?
        });
        let mut uses: Vec<ShownUse> = Vec::new();
        for (client, used_at, day, requests) in rows {
            let Some(used_at) = DateTime::from_timestamp_micros(used_at) else {
                continue;
            };
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

/// What follows the clients, up to the days.
const USES: &str = ") SELECT u.client, u.used_at, d.day, d.requests
    FROM shown
    JOIN client_uses u ON u.client = shown.client AND u.used_at > shown.known
    LEFT JOIN usage_daily d ON d.client = u.client AND d.day IN ";

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
            "WITH shown (client, known) AS (VALUES (1, 0), (2, 5){USES} (20000, 20001) ORDER BY u.client"
        );
        let plan = plan(&mut tx, &statement).await;
        for used in [
            "SEARCH u USING INDEX sqlite_autoindex_client_uses_1 (client=?)",
            "SEARCH d USING INDEX sqlite_autoindex_usage_daily_1 (day=? AND client=?)",
        ] {
            assert!(plan.contains(used), "{used}\n{plan}");
        }
    }
}
