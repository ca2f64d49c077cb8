//! Pages of clients by name and by last use.
//!
//! Where the filters leave at most [`FEW`] clients, those are read and sorted; where they leave more, the index of the order
//! is read until the page is full.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientOrder, ClientPlace, ClientSummary};
use crate::domain::ids::ClientNumber;
use crate::domain::page::Cursor;

use super::client_filters::{CLIENTS, FilterQuery, OF_ORGANIZATION, expiring_before, has_status};
#[cfg(doc)]
use super::client_lists::FEW;
use super::{Result, Tx, on};

// The parameters of statements: those of `client_filters`, with `$5` the number of the client that the page begins after,
// and `$6` its name's key or when it was last used; then those of the terms.

/// How many parameters come before those of the terms.
const COMMON_PARAMETERS: usize = 6;

/// The parameters of a list of clients in an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderedListing<'a> {
    /// The filters.
    pub filter: &'a ClientFilter,
    /// The order and the page.
    pub place: ClientPlace,
    /// The most rows.
    pub limit: i64,
    /// The present moment.
    pub now: Time,
}

/// A client, and where it is in the order of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedClient {
    /// The client.
    pub summary: ClientSummary,
    /// When it was last used, in microseconds since 1970; 0 when it never was, and in another order.
    pub used_at: i64,
}

/// How SQLite reaches the rows of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// By an index of the organization or the status, then sorted.
    Few,
    /// By the rows of the first term, then sorted.
    Term,
    /// By the index of the order.
    Index,
    /// In the order of use: those that were never used, by number.
    NeverUsed,
}

/// The end of an index at which a part of a page begins, or a client that it begins after.
#[derive(Clone, Copy, Debug)]
struct Edge {
    number: i64,
    used_at: i64,
}

impl Edge {
    /// Before every client, in the direction of reading.
    fn outermost(is_backwards: bool) -> Self {
        let key = if is_backwards { 0 } else { i64::MAX };
        Self {
            number: key,
            used_at: key,
        }
    }
}

/// A statement, with the values of its terms.
struct Statement {
    text: String,
    values: Vec<String>,
}

/// The statement of a page, or a part of it. It selects the number of each client and when it was last used.
fn page(filter_query: &FilterQuery, listing: &OrderedListing<'_>, source: Source) -> Statement {
    let is_backwards = matches!(listing.place.cursor, Cursor::Before(_));
    let mut parts = CLIENTS.with(
        &filter_query.terms,
        source == Source::Term,
        COMMON_PARAMETERS,
    );
    let status = has_status(listing.filter.status);
    let is_in_order = matches!(source, Source::Index | Source::NeverUsed);
    let filters = filter_query
        .organization
        .map(|_| OF_ORGANIZATION)
        .into_iter()
        .chain([status])
        .map(|filter| {
            if is_in_order {
                unindexed(filter)
            } else {
                filter.to_owned()
            }
        });
    parts.conditions.extend(filters);
    let (from, conditions) = (parts.from, parts.conditions.join(" AND "));
    let is_by_name = listing.place.order == ClientOrder::Name;
    let (beyond, order) = if is_by_name == is_backwards {
        ("<", "DESC")
    } else {
        (">", "ASC")
    };
    let text = match (is_by_name, source) {
        (true, _) => {
            // An expression is no column of an index, on either engine.
            let key = match source {
                Source::Index => "c.name_key",
                _ => "c.name_key || ''",
            };
            format!(
                "SELECT c.number, 0 FROM {from} WHERE {conditions} AND ({key}, c.number) {beyond} ($6, $5)
                 ORDER BY {key} {order}, c.number {order} LIMIT $3"
            )
        }
        (false, Source::Index) => format!(
            "SELECT c.number, u.used_at FROM client_uses u CROSS JOIN {from}
             WHERE c.number = u.client AND {conditions} AND (u.used_at, u.client) {beyond} ($6, $5)
             ORDER BY u.used_at {order}, u.client {order} LIMIT $3"
        ),
        (false, Source::NeverUsed) => format!(
            "SELECT c.number, 0 FROM {from} WHERE {conditions} AND c.number {beyond} $5
             AND NOT EXISTS (SELECT 1 FROM client_uses u WHERE u.client = c.number)
             ORDER BY c.number {order} LIMIT $3"
        ),
        (false, Source::Few | Source::Term) => format!(
            "SELECT m.number, m.used_at FROM (
                SELECT c.number, coalesce((SELECT u.used_at FROM client_uses u WHERE u.client = c.number), 0) AS used_at
                FROM {from} WHERE {conditions}
             ) m
             WHERE (m.used_at, m.number) {beyond} ($6, $5)
             ORDER BY m.used_at {order}, m.number {order} LIMIT $3"
        ),
    };
    Statement {
        text,
        values: parts.values,
    }
}

/// A filter that no index serves, on either engine: SQLite would read all that match from an index of their own, and sort
/// them. The indexes of the orders are partial by `revoked_at`, which stays.
fn unindexed(filter: &str) -> String {
    let columns = ["c.organization_id", "c.suspended_at", "c.expires_at"];
    columns.iter().fold(filter.to_owned(), |filter, column| {
        filter.replace(column, &format!("coalesce({column}, NULL)"))
    })
}

impl Tx {
    /// Clients in another order than the newest first; before a cursor, in the opposite direction.
    pub async fn list_clients_in_order(
        &mut self,
        listing: &OrderedListing<'_>,
    ) -> Result<Vec<PlacedClient>> {
        let Some(mut filter_query) = FilterQuery::of(listing.filter) else {
            return Ok(Vec::new());
        };
        let source = self.source(&mut filter_query, listing).await?;
        let places = match listing.place.order {
            ClientOrder::Name => self.places_by_name(&filter_query, listing, source).await?,
            ClientOrder::Newest | ClientOrder::Used => {
                self.places_by_use(&filter_query, listing, source).await?
            }
        };
        let numbers: Vec<ClientNumber> = places.iter().map(|(number, _)| *number).collect();
        let clients = self.list_clients_by_number(&numbers).await?;
        let mut clients: HashMap<ClientNumber, ClientSummary> = clients
            .into_iter()
            .map(|summary| (summary.client.number, summary))
            .collect();
        let placed = places.into_iter().filter_map(|(number, used_at)| {
            let summary = clients.remove(&number)?;
            Some(PlacedClient { summary, used_at })
        });
        Ok(placed.collect())
    }

    /// Where the rows of a page are read from; the rarest term is moved to the front.
    async fn source(
        &mut self,
        filter_query: &mut FilterQuery,
        listing: &OrderedListing<'_>,
    ) -> Result<Source> {
        if self.is_term_first(&mut filter_query.terms).await? {
            return Ok(Source::Term);
        }
        if let Some(statement) = filter_query.left(listing.filter.status) {
            let organization = filter_query.organization;
            if self.are_few(statement, organization, listing.now).await? {
                return Ok(Source::Few);
            }
        }
        Ok(Source::Index)
    }

    async fn places_by_name(
        &mut self,
        filter_query: &FilterQuery,
        listing: &OrderedListing<'_>,
        source: Source,
    ) -> Result<Vec<(ClientNumber, i64)>> {
        let (name, number) = match listing.place.cursor {
            Cursor::First => (Some(String::new()), 0),
            Cursor::After(number) | Cursor::Before(number) => {
                (self.find_client_name_key(number).await?, number)
            }
        };
        let Some(name) = name else {
            return Ok(Vec::new());
        };
        let Statement { text, values } = page(filter_query, listing, source);
        // No prepared plan on PostgreSQL: one that was made for other values would be slow.
        let keep = matches!(self, Self::Sqlite(_));
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(text))
                .bind(listing.now)
                .bind(expiring_before(listing.now))
                .bind(listing.limit)
                .bind(filter_query.organization)
                .bind(number)
                .bind(name)
                .persistent(keep);
            for value in values {
                query = query.bind(value);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }

    /// The key of a client's name, revoked or not.
    async fn find_client_name_key(&mut self, number: i64) -> Result<Option<String>> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT name_key FROM api_clients WHERE number = $1")
                .bind(number)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// From the index, those that were used and those that were not are two parts.
    async fn places_by_use(
        &mut self,
        filter_query: &FilterQuery,
        listing: &OrderedListing<'_>,
        source: Source,
    ) -> Result<Vec<(ClientNumber, i64)>> {
        let ClientPlace {
            cursor, used_at, ..
        } = listing.place;
        let is_backwards = matches!(cursor, Cursor::Before(_));
        let outermost = Edge::outermost(is_backwards);
        let edge = match cursor {
            Cursor::First => outermost,
            Cursor::After(number) | Cursor::Before(number) => Edge { number, used_at },
        };
        if source != Source::Index {
            let statement = page(filter_query, listing, source);
            return self.places(filter_query, listing, statement, edge).await;
        }
        let begins_with_never = cursor != Cursor::First && used_at == 0;
        let parts = match (is_backwards, begins_with_never) {
            (false, false) => [Some(Source::Index), Some(Source::NeverUsed)],
            (false, true) => [Some(Source::NeverUsed), None],
            (true, true) => [Some(Source::NeverUsed), Some(Source::Index)],
            (true, false) => [Some(Source::Index), None],
        };
        let mut found = Vec::new();
        for (position, part) in parts.into_iter().flatten().enumerate() {
            let length = i64::try_from(found.len()).unwrap_or(i64::MAX);
            if length >= listing.limit {
                break;
            }
            let rest = OrderedListing {
                limit: listing.limit - length,
                ..*listing
            };
            let edge = if position == 0 { edge } else { outermost };
            let statement = page(filter_query, &rest, part);
            found.extend(self.places(filter_query, &rest, statement, edge).await?);
        }
        Ok(found)
    }

    async fn places(
        &mut self,
        filter_query: &FilterQuery,
        listing: &OrderedListing<'_>,
        statement: Statement,
        edge: Edge,
    ) -> Result<Vec<(ClientNumber, i64)>> {
        let Statement { text, values } = statement;
        let keep = matches!(self, Self::Sqlite(_));
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(text))
                .bind(listing.now)
                .bind(expiring_before(listing.now))
                .bind(listing.limit)
                .bind(filter_query.organization)
                .bind(edge.number)
                .bind(edge.used_at)
                .persistent(keep);
            for value in values {
                query = query.bind(value);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::StatusFilter;
    use crate::domain::ids::OrganizationId;
    use crate::store::{Missing, Store};

    /// SQLite's query plan, a step a line.
    async fn plan(tx: &mut Tx, statement: &str) -> String {
        let Tx::Sqlite(tx) = tx else { unreachable!() };
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(&mut **tx).await.unwrap();
        let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
        steps.join("\n")
    }

    /// Every combination of search, organization, status and scope.
    fn filters() -> Vec<ClientFilter> {
        let mut filters = Vec::new();
        for search in ["", "data", "open participation", "a b c d e f"] {
            for organization in [None, Some(OrganizationId(1))] {
                for scope in [None, Some("blogs".to_owned())] {
                    for status in StatusFilter::EVERY {
                        filters.push(ClientFilter {
                            search: search.to_owned(),
                            status,
                            organization,
                            scope: scope.clone(),
                        });
                    }
                }
            }
        }
        filters
    }

    /// The sources that may serve a filter in an order.
    fn sources(filter_query: &FilterQuery, listing: &OrderedListing<'_>) -> Vec<Source> {
        let is_searched = !filter_query.terms.is_empty();
        let is_left = filter_query.left(listing.filter.status).is_some();
        let by_use = listing.place.order == ClientOrder::Used;
        [
            Some(Source::Index),
            is_searched.then_some(Source::Term),
            is_left.then_some(Source::Few),
            by_use.then_some(Source::NeverUsed),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What is wrong with a plan, if anything.
    fn fault(steps: &str, source: Source, order: ClientOrder) -> Option<&'static str> {
        // What is read in order is found in an index; the others are few.
        let sorts = steps.contains("TEMP B-TREE FOR ORDER BY");
        let in_order = matches!(source, Source::Index | Source::NeverUsed);
        let index = match (source, order) {
            (Source::Index, ClientOrder::Name) => "_by_name (",
            (Source::Index, _) => "client_uses_by_time (",
            _ => "",
        };
        // An index of nothing but the few is read whole.
        let is_few = |step: &str| {
            let few = ["INDEX api_clients_suspended", "INDEX api_clients_revoked"];
            source == Source::Few && few.iter().any(|index| step.contains(index))
        };
        let is_scan = |step: &str| {
            let table = step.strip_prefix("SCAN ").unwrap_or_default();
            table.starts_with(['c', 'u', 'w']) && !is_few(step)
        };
        if steps.lines().any(is_scan) {
            Some("a scan")
        } else if in_order && sorts {
            Some("a sort")
        } else if !steps.contains(index) {
            Some("another index")
        } else {
            None
        }
    }

    #[tokio::test]
    async fn no_page_in_an_order_is_read_from_every_client() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        let scan = plan(
            &mut tx,
            "SELECT c.number FROM api_clients c ORDER BY c.name_key || ''",
        );
        let faults = fault(&scan.await, Source::Index, ClientOrder::Name);
        assert_eq!(faults, Some("a scan"));

        for filter in filters() {
            let filter_query = FilterQuery::of(&filter).unwrap();
            for order in [ClientOrder::Name, ClientOrder::Used] {
                for cursor in [Cursor::First, Cursor::Before(7)] {
                    let listing = OrderedListing {
                        filter: &filter,
                        place: ClientPlace {
                            order,
                            cursor,
                            used_at: 0,
                        },
                        limit: 26,
                        now: Time::UNIX_EPOCH,
                    };
                    for source in sources(&filter_query, &listing) {
                        let statement = page(&filter_query, &listing, source).text;
                        let steps = plan(&mut tx, &statement).await;
                        let fault = fault(&steps, source, order);
                        assert_eq!(fault, None, "{source:?} {statement}\n{steps}");
                    }
                }
            }
        }
    }
}
