//! The query of the address of the list of organizations.

use crate::domain::address::{in_query, parameter};
use crate::domain::page::Cursor;
use crate::ui::addresses::{ORGANIZATIONS, cursor_in, list_page};

/// The search and the page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListQuery {
    /// What is searched, or nothing.
    pub(super) search: String,
    /// The page.
    pub(super) cursor: Cursor,
}

impl ListQuery {
    /// Parses the raw query. Invalid values count as absent.
    pub(super) fn read(query: &str) -> Self {
        let search = parameter(query, "q").unwrap_or_default();
        Self {
            search: search.trim().to_owned(),
            cursor: cursor_in(query),
        }
    }

    /// The address of another page of the same search.
    pub(super) fn at(&self, cursor: Cursor) -> String {
        let search = (!self.search.is_empty()).then(|| format!("q={}", in_query(&self.search)));
        list_page(ORGANIZATIONS, search.into_iter().collect(), cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_and_written() {
        let query = ListQuery::read("q=+a%26b+&after=40");
        assert_eq!(
            query.at(query.cursor),
            "/system/organizations?q=a%26b&after=40"
        );
        let query = ListQuery::read("q=&before=y");
        assert_eq!(query, ListQuery::default());
        assert_eq!(query.at(query.cursor), ORGANIZATIONS);
    }
}
