//! The statements of lists of clients by name and by last use, composed so that each is answered from an index.

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientOrder, ClientPlace};
use crate::domain::page::Cursor;

use super::client_filters::{CLIENTS, FilterQuery, OF_ORGANIZATION, has_status};

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

/// How SQLite reaches the rows of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// By an index of the organization or the status, then sorted.
    Few,
    /// By the rows of the first term, then sorted.
    Term,
    /// By the index of the order.
    Index,
    /// In the order of use: those that were never used, by number.
    NeverUsed,
}

/// A statement, with the values of its terms.
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) values: Vec<String>,
}

/// The statement of a page, or a part of it. It selects the number of each client and when it was last used.
pub(super) fn page(
    filter_query: &FilterQuery,
    listing: &OrderedListing<'_>,
    source: Source,
) -> Statement {
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
                "SELECT c.number, CAST(0 AS BIGINT) FROM {from} WHERE {conditions} AND ({key}, c.number) {beyond} ($6, $5)
                 ORDER BY {key} {order}, c.number {order} LIMIT $3"
            )
        }
        (false, Source::Index) => format!(
            "SELECT c.number, u.used_at FROM client_uses u CROSS JOIN {from}
             WHERE c.number = u.client AND {conditions} AND (u.used_at, u.client) {beyond} ($6, $5)
             ORDER BY u.used_at {order}, u.client {order} LIMIT $3"
        ),
        (false, Source::NeverUsed) => format!(
            "SELECT c.number, CAST(0 AS BIGINT) FROM {from} WHERE {conditions} AND c.number {beyond} $5
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

#[cfg(test)]
mod tests {

    use super::*;
    use crate::domain::client::StatusFilter;
    use crate::domain::ids::OrganizationId;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

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
                            permission: None,
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
