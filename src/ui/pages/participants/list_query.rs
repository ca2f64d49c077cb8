//! The query of the address of the list of participants.

use crate::domain::address::{in_query, parameter};
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;
use crate::ui::addresses::{PARTICIPANTS, cursor_in, list_page};

/// The search and the page of the list of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    /// The organization.
    pub(super) organization: OrganizationId,
    /// What is searched, or nothing.
    pub(super) search: String,
    /// The page.
    pub(super) cursor: Cursor,
}

impl ListQuery {
    /// Parses the raw query. Invalid values count as absent.
    pub(super) fn read(organization: OrganizationId, query: &str) -> Self {
        let search = parameter(query, "q").unwrap_or_default();
        Self {
            organization,
            search: search.trim().to_owned(),
            cursor: cursor_in(query),
        }
    }

    /// The address of another page of the same search.
    pub(super) fn at(&self, cursor: Cursor) -> String {
        let mut parameters = vec![format!("organization={}", self.organization)];
        if !self.search.is_empty() {
            parameters.push(format!("q={}", in_query(&self.search)));
        }
        list_page(PARTICIPANTS, parameters, cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_and_written() {
        for (query, address) in [
            (
                "q=+a%26b+&after=40",
                "/system/participants?organization=7&q=a%26b&after=40",
            ),
            ("q=&before=y", "/system/participants?organization=7"),
        ] {
            let query = ListQuery::read(OrganizationId(7), query);
            assert_eq!(query.at(query.cursor), address);
        }
    }
}
