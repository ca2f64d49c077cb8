//! Filtered pages of API clients, and their counts. The cost of neither grows with the number of clients.

use sqlx::AssertSqlSafe;

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientSummary, StatusCounts, StatusFilter};
use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;

use super::client_filters::{
    AccessPath, EXPIRING_PERIOD, FilterQuery, by_status, expiring_before, live, next_expiries,
    unbound,
};
use super::{Result, Tx, on};

/// At most so many clients of one organization or status are read one by one; where there are more, the rows of a term,
/// read newest first, match one of them soon enough.
pub(super) const FEW: i64 = 5_000;

/// The parameters of a list of clients.
#[derive(Clone, Debug)]
pub struct ClientListing<'a> {
    /// The filters.
    pub filter: &'a ClientFilter,
    /// Which page.
    pub cursor: Cursor,
    /// The most rows.
    pub limit: i64,
    /// The present moment.
    pub now: Time,
}

impl Tx {
    /// Clients, the newest first; before a cursor, the oldest first. Their permissions are by name.
    pub async fn list_clients(
        &mut self,
        listing: &ClientListing<'_>,
    ) -> Result<Vec<ClientSummary>> {
        let Some(mut filter_query) = FilterQuery::of(listing.filter) else {
            return Ok(Vec::new());
        };
        let path = self.path(&mut filter_query, listing).await?;
        self.list_by_path(path, &filter_query, listing).await
    }

    async fn list_by_path(
        &mut self,
        path: AccessPath,
        filter_query: &FilterQuery,
        listing: &ClientListing<'_>,
    ) -> Result<Vec<ClientSummary>> {
        let key = match listing.cursor {
            Cursor::First => i64::MAX,
            Cursor::After(key) | Cursor::Before(key) => key,
        };
        let (statement, values) = filter_query.page(path, listing.filter.status, listing.cursor);
        // No prepared plan on PostgreSQL: one that was made for other values would be slow.
        let keep = matches!(self, Self::Sqlite(_));
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(statement))
                .bind(listing.now)
                .bind(expiring_before(listing.now))
                .bind(listing.limit)
                .bind(filter_query.organization)
                .bind(key)
                .persistent(keep);
            for value in values {
                query = query.bind(value);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }

    /// How many clients each status has, up to [`COUNT_BOUND`].
    pub async fn count_clients(&mut self, now: Time) -> Result<StatusCounts> {
        let (all, endless, ending, expiring, expired, suspended, revoked) = on!(self, conn => {
            sqlx::query_as::<_, (i64, i64, i64, i64, i64, i64, i64)>(AssertSqlSafe(by_status()))
                .bind(now)
                .bind(expiring_before(now))
                .bind(COUNT_BOUND + 1)
                .fetch_one(conn)
                .await?
        });
        Ok(StatusCounts {
            all: Count::bounded(all),
            active: Count::bounded(endless + ending),
            expiring: Count::bounded(expiring),
            expired: Count::bounded(expired),
            suspended: Count::bounded(suspended),
            revoked: Count::bounded(revoked),
        })
    }

    /// The next moment at which a client that nobody changes gets another status: it begins to expire soon, or expires.
    pub async fn find_next_status_change(&mut self, now: Time) -> Result<Option<Time>> {
        let (ends, ends_later) = on!(self, conn => {
            sqlx::query_as::<_, (Option<Time>, Option<Time>)>(AssertSqlSafe(next_expiries()))
                .bind(now)
                .bind(expiring_before(now))
                .fetch_one(conn)
                .await?
        });
        let begins = ends_later.map(|end| end - EXPIRING_PERIOD);
        Ok([ends, begins].into_iter().flatten().min())
    }

    /// How many clients are not revoked.
    pub async fn count_live_clients(&mut self) -> Result<Count> {
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(AssertSqlSafe(live())).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// How many clients belong to no organization and are not revoked.
    pub async fn count_unbound_clients(&mut self) -> Result<Count> {
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(AssertSqlSafe(unbound())).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// The access path of a page; the rarest term is moved to the front.
    async fn path(
        &mut self,
        filter_query: &mut FilterQuery,
        listing: &ClientListing<'_>,
    ) -> Result<AccessPath> {
        let status = listing.filter.status;
        let left = filter_query.left(status);
        let is_searched = !filter_query.terms.is_empty();
        let has_choice = filter_query.terms.len() > 1 || is_searched && left.is_some();
        if has_choice && self.rank(&mut filter_query.terms).await? {
            return Ok(AccessPath::Term);
        }
        // Without a term only expired clients are read in another way when they are few.
        let counted = left.filter(|_| is_searched || status == StatusFilter::Expired);
        if let Some(statement) = counted {
            let organization = filter_query.organization;
            if self.are_few(statement, organization, listing.now).await? {
                return Ok(AccessPath::Few);
            }
        }
        Ok(if is_searched {
            AccessPath::Term
        } else {
            AccessPath::Newest
        })
    }

    /// Whether a statement of [`FilterQuery::left`] counts at most [`FEW`].
    pub(super) async fn are_few(
        &mut self,
        statement: String,
        organization: Option<OrganizationId>,
        now: Time,
    ) -> Result<bool> {
        let left: i64 = on!(self, conn => {
            sqlx::query_scalar(AssertSqlSafe(statement))
                .bind(now)
                .bind(expiring_before(now))
                .bind(FEW + 1)
                .bind(organization)
                .fetch_one(conn)
                .await?
        });
        Ok(left <= FEW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::ClientId;
    use crate::domain::ids::{ClientNumber, Version};
    use crate::domain::scope::Scopes;
    use crate::store::search::{Noun, Term};
    use crate::store::{FilledClient, Missing, Stamp, Store};

    /// A database with sixty clients of every status, whose names begin in three ways.
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
                number: ClientNumber(number),
                id: ClientId::parse(&format!("id_data{number}")).unwrap(),
                name: format!(
                    "{} no. {number}",
                    ["Open data", "Metadata", "Budget"][usize::try_from(number % 3).unwrap()]
                ),
                organization_id: None,
                scopes: Scopes::stored("system"),
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
            version: Version(1),
        };
        tx.insert_clients(&clients, &stamp).await.unwrap();
        (folder, tx, now)
    }

    #[tokio::test]
    async fn the_rarest_term_leads_unless_few_are_left() {
        let (_folder, mut tx, now) = filled().await;
        for (search, status, path, first) in [
            (
                "data open id_data1",
                StatusFilter::All,
                AccessPath::Term,
                "id_data1",
            ),
            ("id_data open", StatusFilter::All, AccessPath::Term, "open"),
            ("id_data", StatusFilter::All, AccessPath::Term, "id_data"),
            (
                "id_data",
                StatusFilter::Suspended,
                AccessPath::Few,
                "id_data",
            ),
            ("open", StatusFilter::Suspended, AccessPath::Term, "open"),
        ] {
            let filter = ClientFilter {
                search: search.to_owned(),
                status,
                ..ClientFilter::default()
            };
            let listing = ClientListing {
                filter: &filter,
                cursor: Cursor::First,
                limit: 26,
                now,
            };
            let mut filter_query = FilterQuery::of(&filter).unwrap();
            assert_eq!(
                tx.path(&mut filter_query, &listing).await.unwrap(),
                path,
                "{search}"
            );
            assert_eq!(
                filter_query.terms[..1],
                Term::typed(Noun::Client, first),
                "{search}"
            );
        }
    }

    /// Query plans are SQLite's own, so only that engine is tested.
    #[tokio::test]
    async fn every_access_path_finds_the_same_clients() {
        let (_folder, mut tx, now) = filled().await;
        for search in [
            "data",
            "d",
            "id_data1",
            "da",
            "nowhere",
            "Open data",
            "metadata",
        ] {
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
                        limit: 26,
                        now,
                    };
                    let filter_query = FilterQuery::of(&filter).unwrap();
                    let mut found = Vec::new();
                    for path in [AccessPath::Few, AccessPath::Newest, AccessPath::Term] {
                        found.push(
                            tx.list_by_path(path, &filter_query, &listing)
                                .await
                                .unwrap(),
                        );
                    }
                    assert_eq!(found[0], found[1], "{filter:?} {cursor:?}");
                    assert_eq!(found[0], found[2], "{filter:?} {cursor:?}");
                }
            }
        }
    }
}
