//! How many tokens may be live, added up.

use std::collections::BTreeMap;

use crate::domain::ids::OrganizationId;

/// How many tokens may be live up to some hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveTokens {
    /// The organization of their clients; none for the tokens of all clients.
    pub organization: Option<OrganizationId>,
    /// The hour, counted from 1970-01-01.
    pub hour: i64,
    /// How many. What is added may be negative.
    pub tokens: i64,
}

/// The same of several clients, by organization and hour. Each token counts for its organization, if it has one, and for all.
#[derive(Clone, Debug, Default)]
pub struct LiveTokenSums(BTreeMap<(Option<OrganizationId>, i64), i64>);

impl LiveTokenSums {
    /// Adds tokens of clients of an organization, or of none, that may be live up to this hour.
    pub fn add(&mut self, organization: Option<OrganizationId>, hour: i64, tokens: i64) {
        *self.0.entry((None, hour)).or_default() += tokens;
        if organization.is_some() {
            *self.0.entry((organization, hour)).or_default() += tokens;
        }
    }

    /// Whether nothing was added, or everything removed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows, those of all clients first.
    pub fn rows(&self) -> impl Iterator<Item = LiveTokens> {
        self.0
            .iter()
            .map(|((organization, hour), tokens)| LiveTokens {
                organization: *organization,
                hour: *hour,
                tokens: *tokens,
            })
    }

    /// Removes the first so many rows.
    pub fn remove_first(&mut self, rows: usize) {
        for _ in 0..rows.min(self.0.len()) {
            self.0.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_for_its_organization_and_for_all() {
        let mut sums = LiveTokenSums::default();
        let one = Some(OrganizationId(1));
        sums.add(one, 7, 3);
        sums.add(None, 7, 2);
        sums.add(one, 8, -1);
        let rows = |sums: &LiveTokenSums| -> Vec<_> {
            let row = |row: LiveTokens| (row.organization, row.hour, row.tokens);
            sums.rows().map(row).collect()
        };
        let of_all = [(None, 7, 5), (None, 8, -1)];
        assert_eq!(
            rows(&sums),
            [&of_all[..], &[(one, 7, 3), (one, 8, -1)]].concat()
        );
        sums.remove_first(3);
        assert_eq!(rows(&sums), [(one, 8, -1)]);
        sums.remove_first(3);
        assert!(sums.is_empty());
    }
}
