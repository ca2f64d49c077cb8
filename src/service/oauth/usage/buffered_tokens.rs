//! Recent tokens in the usage buffer. They cost the database more than counts do, so few are written at once, and those that
//! would be dropped are not even kept.

use std::collections::{BTreeMap, VecDeque};

use crate::domain::ids::ClientNumber;
use crate::domain::usage::{RECENT_TOKENS, RecentToken};
use crate::service::oauth::usage::stored_token::stored;
use crate::store::StoredToken;

/// How many one transaction writes. The tokens of each client are on a database page of their own.
const AT_ONCE: usize = 500;

/// How many wait at most: some two megabytes.
const MOST: usize = 10_000;

/// Recent tokens that are not written yet, with the numbers of their clients; first in, first out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BufferedTokens(VecDeque<(ClientNumber, RecentToken)>);

impl BufferedTokens {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many tokens of each of so many clients are taken, at least one. Each gets the same share of the free space, so that
    /// busy clients do not displace the tokens of others.
    pub(super) fn share(&self, clients: usize) -> usize {
        (self.space() / clients.max(1)).clamp(1, usize::from(RECENT_TOKENS))
    }

    /// How many tokens each of so many clients keeps until the next flush. None while there is no space for one of each: nearly
    /// all would be dropped, and among ten thousand clients each costs its request a few cache misses.
    pub(super) fn next_share(&self, clients: usize) -> usize {
        if self.space() < clients.min(MOST) {
            0
        } else {
            self.share(clients)
        }
    }

    fn space(&self) -> usize {
        MOST.saturating_sub(self.0.len())
    }

    /// Adds tokens of a client; beyond [`MOST`] the oldest are dropped.
    pub(super) fn add(&mut self, client: ClientNumber, tokens: Vec<RecentToken>) {
        self.0
            .extend(tokens.into_iter().map(|token| (client, token)));
        let beyond = self.0.len().saturating_sub(MOST);
        self.0.drain(..beyond);
    }

    /// What one transaction writes.
    pub(super) fn first_part(&self) -> BTreeMap<ClientNumber, Vec<StoredToken>> {
        let mut part = BTreeMap::<_, Vec<_>>::new();
        for (client, token) in self.0.iter().take(AT_ONCE) {
            part.entry(*client).or_default().push(stored(token));
        }
        part
    }

    /// Removes it after its commit.
    pub(super) fn remove_first_part(&mut self) {
        let written = self.0.len().min(AT_ONCE);
        self.0.drain(..written);
    }
}

#[cfg(test)]
pub(super) mod tests;
