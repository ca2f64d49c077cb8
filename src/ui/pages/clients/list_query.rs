//! The query of the client list's address.

use crate::domain::address::{in_query, parameter};
use crate::domain::client::{ClientFilter, StatusFilter};
use crate::domain::page::Cursor;
use crate::ui::addresses::{CLIENTS, cursor_in, list_page};

/// The filter and the page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The filter.
    pub filter: ClientFilter,
    /// The page.
    pub cursor: Cursor,
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
        Self {
            filter,
            cursor: cursor_in(query),
        }
    }

    /// The address with this query.
    #[must_use]
    pub fn href(&self) -> String {
        let ClientFilter {
            search,
            status,
            organization,
            scope,
            permission,
        } = &self.filter;
        let mut parts = Vec::new();
        if !search.is_empty() {
            parts.push(format!("q={}", in_query(search)));
        }
        if *status != StatusFilter::All {
            parts.push(format!("status={}", status.as_str()));
        }
        if let Some(organization) = organization {
            parts.push(format!("organization={organization}"));
        }
        if let Some(scope) = scope {
            parts.push(format!("scope={}", in_query(scope)));
        }
        if let Some(permission) = permission {
            parts.push(format!("permission={}", in_query(permission)));
        }
        list_page(CLIENTS, parts, self.cursor)
    }

    /// The same filter on another page.
    #[must_use]
    pub fn at(&self, cursor: Cursor) -> Self {
        Self {
            cursor,
            ..self.clone()
        }
    }

    /// The same filter with another status, on the first page.
    #[must_use]
    pub fn with_status(&self, status: StatusFilter) -> Self {
        Self {
            filter: ClientFilter {
                status,
                ..self.filter.clone()
            },
            cursor: Cursor::First,
        }
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
    fn what_makes_no_sense_is_left_out() {
        let shown = ListQuery::read("q=&status=sleepy&organization=x&scope=&before=y");
        assert_eq!(shown, ListQuery::default());
        assert_eq!(shown.href(), CLIENTS);
    }
}
