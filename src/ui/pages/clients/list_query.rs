//! The query of the client list's address.

use crate::domain::address::{in_query, parameter};
use crate::domain::client::{ClientFilter, ClientOrder, ClientPlace, StatusFilter};
use crate::domain::page::Cursor;
use crate::ui::addresses::{CLIENTS, cursor_in};

/// The filter, the order and the page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The filter.
    pub filter: ClientFilter,
    /// The order and the page.
    pub place: ClientPlace,
}

impl ListQuery {
    /// Parses the raw query. Invalid values count as absent.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let text = |name: &str| {
            parameter(query, name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let filter = ClientFilter {
            search: text("q").unwrap_or_default(),
            status: text("status")
                .map(|word| StatusFilter::parse(&word))
                .unwrap_or_default(),
            organization: text("organization").and_then(|text| text.parse().ok()),
            scope: text("scope"),
            permission: text("permission"),
        };
        let order = text("sort").map(|word| ClientOrder::parse(&word));
        let used_at = text("used").and_then(|text| text.parse().ok());
        let place = ClientPlace {
            order: order.unwrap_or_default(),
            cursor: cursor_in(query),
            used_at: used_at.unwrap_or_default(),
        };
        Self { filter, place }
    }

    /// The parameters that differ from the usual ones, with their values.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let ClientFilter {
            search,
            status,
            organization,
            scope,
            permission,
        } = &self.filter;
        let ClientPlace {
            order,
            cursor,
            used_at,
        } = self.place;
        let cursor = match cursor {
            Cursor::First => None,
            Cursor::After(number) => Some(("after", number)),
            Cursor::Before(number) => Some(("before", number)),
        };
        let has_used_at = cursor.is_some() && order == ClientOrder::Used;
        let number = |(name, number): (_, i64)| (name, number.to_string());
        [
            (!search.is_empty()).then(|| ("q", search.clone())),
            (*status != StatusFilter::All).then(|| ("status", status.as_str().to_owned())),
            organization.map(|organization| ("organization", organization.to_string())),
            scope.clone().map(|scope| ("scope", scope)),
            permission
                .clone()
                .map(|permission| ("permission", permission)),
            order.as_str().map(|word| ("sort", word.to_owned())),
            cursor.map(number),
            has_used_at.then(|| ("used", used_at.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The address with this query.
    #[must_use]
    pub fn href(&self) -> String {
        let parameters = self.parameters().into_iter();
        let parts: Vec<String> = parameters
            .map(|(name, value)| format!("{name}={}", in_query(&value)))
            .collect();
        if parts.is_empty() {
            CLIENTS.to_owned()
        } else {
            format!("{CLIENTS}?{}", parts.join("&"))
        }
    }

    /// The same list on another page, which begins beside a client that was last used at a moment.
    #[must_use]
    pub fn at(&self, cursor: Cursor, used_at: i64) -> Self {
        let order = self.place.order;
        Self {
            filter: self.filter.clone(),
            place: ClientPlace {
                order,
                cursor,
                used_at,
            },
        }
    }

    /// The first page of the same list.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.at(Cursor::First, 0)
    }

    /// The first page of the same list in another order.
    #[must_use]
    pub fn in_order(&self, order: ClientOrder) -> Self {
        Self {
            filter: self.filter.clone(),
            place: ClientPlace {
                order,
                ..ClientPlace::default()
            },
        }
    }

    /// The same filter with another status, on the first page.
    #[must_use]
    pub fn with_status(&self, status: StatusFilter) -> Self {
        let mut other = self.first_page();
        other.filter.status = status;
        other
    }

    /// Whether any filter is set.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filter != ClientFilter::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_and_written() {
        let shown = ListQuery::read(
            "q=+a%26b+&status=expiring&organization=2&scope=blogs&permission=blogs.read&after=40",
        );
        assert_eq!(
            shown.href(),
            "/system/api-clients?q=a%26b&status=expiring&organization=2&scope=blogs&permission=blogs.read&after=40"
        );
    }

    #[test]
    fn what_looks_like_an_escape_is_searched_as_it_was_typed() {
        let shown = ListQuery::read("q=%2541");
        assert_eq!(shown.filter.search, "%41");
        assert_eq!(shown.href(), "/system/api-clients?q=%2541");
    }

    #[test]
    fn an_order_has_its_own_place_in_the_list() {
        let used = "/system/api-clients?status=active&sort=used&after=40&used=1700000000000000";
        let shown = ListQuery::read(used.split_once('?').unwrap().1);
        assert_eq!(shown.href(), used);
        assert_eq!(
            shown.in_order(ClientOrder::Name).href(),
            "/system/api-clients?status=active&sort=name"
        );
        assert_eq!(
            shown.with_status(StatusFilter::All).href(),
            "/system/api-clients?sort=used"
        );
        assert_eq!(
            ListQuery::read("sort=name&after=40&used=7").href(),
            "/system/api-clients?sort=name&after=40"
        );
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let shown =
            ListQuery::read("q=&status=sleepy&organization=x&scope=&before=y&sort=colour&used=z");
        assert_eq!(shown, ListQuery::default());
        assert_eq!(shown.href(), CLIENTS);
    }
}
