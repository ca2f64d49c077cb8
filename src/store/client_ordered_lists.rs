//! Pages of clients by name and by last use.
//!
//! Where the filters leave at most so many clients as are read one by one, those are read and sorted; where they leave more,
//! the index of the order is read until the page is full.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use crate::domain::client::{ClientOrder, ClientPlace, ClientSummary};
use crate::domain::ids::ClientNumber;
use crate::domain::page::Cursor;

use super::client_filters::{FilterQuery, expiring_before};
use super::client_orders::{OrderedListing, Source, Statement, page};
use super::{Result, Tx, on};

/// A client, and where it is in the order of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedClient {
    /// The client.
    pub summary: ClientSummary,
    /// When it was last used, in microseconds since 1970; 0 when it never was, and in another order.
    pub used_at: i64,
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
        let rows = places.into_iter().filter_map(|(number, used_at)| {
            let summary = clients.remove(&number)?;
            Some(PlacedClient { summary, used_at })
        });
        Ok(rows.collect())
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
