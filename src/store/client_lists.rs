//! API clients as filtered pages, and how many there are. Neither a page nor a count grows with the number of
//! clients.

use sqlx::AssertSqlSafe;

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientSummary, StatusCounts, StatusFilter};
use crate::domain::count::{COUNT_BOUND, Count, SEARCH_BOUND};
use crate::domain::page::{Cursor, PAGE_SIZE};

use super::client_filters::{AccessPath, Asked, expiring_before, live, unbound};
use super::clients::Row;
use super::{Result, Tx, on};

/// Clients of one status are looked through one by one when there are no more than this; beyond, their number
/// makes a match among the newest likely enough to ask the search index.
const FEW: i64 = 5_000;

/// What a list of clients is asked with.
#[derive(Clone, Debug)]
pub struct ClientListing<'a> {
    /// The filters.
    pub filter: &'a ClientFilter,
    /// Which page.
    pub cursor: Cursor,
    /// When.
    pub now: Time,
}

impl Tx {
    /// Up to one more row than a page holds, the newest first; before a cursor, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_clients(
        &mut self,
        listing: &ClientListing<'_>,
    ) -> Result<Vec<ClientSummary>> {
        let filter = listing.filter;
        let asked = Asked::of(filter);
        let path = self.path(&asked, Some(filter.status), listing.now).await?;
        self.list_led_by(path, &asked, listing).await
    }

    async fn list_led_by(
        &mut self,
        path: AccessPath,
        asked: &Asked,
        listing: &ClientListing<'_>,
    ) -> Result<Vec<ClientSummary>> {
        let key = match listing.cursor {
            Cursor::First => i64::MAX,
            Cursor::After(key) | Cursor::Before(key) => key,
        };
        let expression = self.expression(path, asked).await?;
        let statement = asked.page(path, listing.filter.status, listing.cursor);
        let keep = self.keeps_plans();
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(AssertSqlSafe(statement))
                .bind(listing.now)
                .bind(expiring_before(listing.now))
                .bind(asked.organization)
                .bind(PAGE_SIZE + 1)
                .bind(&asked.search.within)
                .bind(&asked.search.beginning)
                .bind(&asked.scope)
                .bind(&expression)
                .bind(key)
                .persistent(keep)
                .fetch_all(conn)
                .await?
                .into_iter()
                .map(Into::into)
                .collect()
        ))
    }

    /// How many clients each status has under the filters, whatever status they ask for. Without a filter each
    /// is counted up to [`COUNT_BOUND`]; under one, what the newest clients up to a bound have is "at least".
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_clients(
        &mut self,
        filter: &ClientFilter,
        now: Time,
    ) -> Result<StatusCounts> {
        let asked = Asked::of(filter);
        let path = self.path(&asked, None, now).await?;
        let expression = self.expression(path, &asked).await?;
        let statement = asked.counts(path);
        let bound = match path {
            AccessPath::Few | AccessPath::Newest => COUNT_BOUND,
            AccessPath::Search | AccessPath::Planner => SEARCH_BOUND,
        };
        let keep = self.keeps_plans();
        let (examined, all, active, expiring, expired, suspended, revoked) = on!(self, conn => {
            sqlx::query_as::<_, (i64, i64, i64, i64, i64, i64, i64)>(AssertSqlSafe(statement))
                .bind(now)
                .bind(expiring_before(now))
                .bind(asked.organization)
                .bind(bound + 1)
                .bind(&asked.search.within)
                .bind(&asked.search.beginning)
                .bind(&asked.scope)
                .bind(&expression)
                .persistent(keep)
                .fetch_one(conn)
                .await?
        });
        let count = if examined > bound {
            Count::at_least
        } else {
            Count::bounded
        };
        Ok(StatusCounts {
            all: count(all),
            active: count(active),
            expiring: count(expiring),
            expired: count(expired),
            suspended: count(suspended),
            revoked: count(revoked),
        })
    }

    /// How many clients are not revoked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_live_clients(&mut self) -> Result<Count> {
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(AssertSqlSafe(live())).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// How many clients belong to no organization and are not revoked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_unbound_clients(&mut self) -> Result<Count> {
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(AssertSqlSafe(unbound())).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// What leads to the rows, of one status to list them or of all to count them.
    async fn path(
        &mut self,
        asked: &Asked,
        status: Option<StatusFilter>,
        now: Time,
    ) -> Result<AccessPath> {
        let is_searched = asked.is_searched();
        let is_planned = matches!(self, Self::Postgres(_));
        let bound = match status {
            // PostgreSQL knows how often a value occurs, and weighs its indexes by itself.
            Some(_) if is_searched && is_planned => return Ok(AccessPath::Planner),
            Some(_) => FEW,
            // A count of few is exact when the rows path; without a term they always do.
            None if is_searched => COUNT_BOUND,
            None => return Ok(AccessPath::Newest),
        };
        if let Some(statement) = asked.left(status) {
            let left: i64 = on!(self, conn => {
                sqlx::query_scalar(AssertSqlSafe(statement))
                    .bind(now)
                    .bind(expiring_before(now))
                    .bind(asked.organization)
                    .bind(bound + 1)
                    .fetch_one(conn)
                    .await?
            });
            if left <= bound {
                return Ok(AccessPath::Few);
            }
        }
        Ok(match (is_searched, is_planned) {
            (false, _) => AccessPath::Newest,
            (true, false) => AccessPath::Search,
            (true, true) => AccessPath::Planner,
        })
    }

    /// What the search index is asked for: nothing, unless it leads; else the rarest trigrams of the term.
    async fn expression(&mut self, path: AccessPath, asked: &Asked) -> Result<String> {
        let (Self::Sqlite(tx), AccessPath::Search) = (self, path) else {
            return Ok(String::new());
        };
        let candidates = &asked.search.candidates;
        let Some(statement) = candidates.commonness() else {
            return Ok(asked.expression(&[]));
        };
        let mut query = sqlx::query_scalar(AssertSqlSafe(statement));
        for trigram in candidates.each() {
            query = query.bind(trigram);
        }
        Ok(asked.expression(&query.fetch_all(&mut **tx).await?))
    }

    /// Whether a plan is used again for other values. PostgreSQL would make one that fits none of them well.
    fn keeps_plans(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::ClientId;
    use crate::store::{FilledClient, Missing, Stamp, Store};

    /// A database of sixty clients of every status and three names.
    async fn filled() -> (tempfile::TempDir, Tx, Time) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let now: Time = "2026-11-23T12:00:00Z".parse().unwrap();
        let day = chrono::TimeDelta::days(1);
        let clients: Vec<FilledClient> = (1..=60)
            .map(|number| FilledClient {
                number,
                id: ClientId::parse(&format!("id_data{number}")).unwrap(),
                name: ["Open data", "Metadata", "Budget"][usize::try_from(number % 3).unwrap()]
                    .to_owned(),
                organization_id: None,
                scopes: "system".to_owned(),
                expires_at: (number % 4 == 1)
                    .then_some(now + day * (i32::try_from(number % 2).unwrap() * 2 - 1)),
                suspended_at: (number % 5 == 2).then_some(now),
                revoked_at: (number % 7 == 3).then_some(now),
                created_at: now,
            })
            .collect();
        let mut tx = store.write().await.unwrap();
        let stamp = Stamp {
            by: "shell:tester".to_owned(),
            at: now,
            version: 1,
        };
        tx.insert_clients(&clients, &stamp).await.unwrap();
        (folder, tx, now)
    }

    /// On the other engine the planner does this.
    #[tokio::test]
    async fn of_a_term_the_rarest_trigrams_are_looked_up() {
        let (_folder, mut tx, _) = filled().await;
        let filter = ClientFilter {
            search: "open id_data".to_owned(),
            ..ClientFilter::default()
        };
        let asked = Asked::of(&filter);
        let expression = tx.expression(AccessPath::Search, &asked).await.unwrap();
        // A third of the names has what comes first; every id has what is behind it.
        assert_eq!(expression, "(\"ope\" AND \"n  \" AND \"d_d\")");
        assert_eq!(asked.expression(&[]), "(\"ope\" AND \" id\" AND \"ata\")");
    }

    /// The plans of SQLite are its own, so this is told on that engine alone.
    #[tokio::test]
    async fn whatever_leads_the_same_clients_are_found() {
        let (_folder, mut tx, now) = filled().await;
        for search in ["data", "d", "id_data1", "da", "nowhere", "Open data"] {
            for status in StatusFilter::EVERY {
                for cursor in [Cursor::First, Cursor::After(30), Cursor::Before(30)] {
                    let filter = ClientFilter {
                        search: search.to_owned(),
                        status,
                        ..ClientFilter::default()
                    };
                    let listing = ClientListing {
                        filter: &filter,
                        cursor,
                        now,
                    };
                    let asked = Asked::of(&filter);
                    let mut found = Vec::new();
                    for path in [AccessPath::Few, AccessPath::Newest, AccessPath::Search] {
                        found.push(tx.list_led_by(path, &asked, &listing).await.unwrap());
                    }
                    assert_eq!(found[0], found[1], "{filter:?} {cursor:?}");
                    assert_eq!(found[0], found[2], "{filter:?} {cursor:?}");
                }
            }
        }
    }
}
