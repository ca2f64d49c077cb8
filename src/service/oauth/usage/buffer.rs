//! The usage buffer: counts and last uses, added up by client, and recent tokens that are not written yet.
//!
//! However many clients come and go, and however long the database cannot be written, it holds at most [`MOST_COUNTS`]
//! counts, [`MOST_TOKENS`] recent tokens, [`MOST_PERMISSIONS`] last uses of permissions, and one last use of each secret.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::usage::{
    Counts, HourCounts, PermissionUse, RECENT_TOKENS, RecentToken, SecretUse,
};
use crate::service::directory::counters::ClientCounters;
use crate::store::Tx;

/// How many counts, and how many last uses, one transaction writes: other writers wait for it.
const ROWS_AT_ONCE: usize = 5_000;

/// How many recent tokens one transaction writes. They cost more: the tokens of each client are on a database page of
/// their own.
const TOKENS_AT_ONCE: usize = 500;

/// The most counts in the buffer, each of one client in one hour: some 30 megabytes.
const MOST_COUNTS: usize = 500_000;

/// The most last uses of permissions in the buffer: some 20 megabytes. Beyond, those of the lowest clients are dropped; their
/// next uses are kept again.
const MOST_PERMISSIONS: usize = 200_000;

/// The most recent tokens in the buffer: less than a megabyte.
const MOST_TOKENS: usize = 10_000;

/// Usage that was taken out of the client counters and is not written yet.
#[derive(Debug, Default)]
pub(in crate::service) struct UsageBuffer {
    /// By hour and client.
    counts: BTreeMap<(i64, ClientNumber), Counts>,
    /// By client and secret.
    uses: BTreeMap<(ClientNumber, SecretNumber), Time>,
    /// By client and permission.
    permissions: BTreeMap<(ClientNumber, Box<str>), Time>,
    /// With the numbers of their clients; first in, first out.
    tokens: VecDeque<(ClientNumber, RecentToken)>,
    /// How many requests were in the counts that were dropped since the last successful write.
    dropped: i64,
}

impl UsageBuffer {
    /// Whether everything is written.
    pub(in crate::service) fn is_empty(&self) -> bool {
        self.has_only_tokens() && self.tokens.is_empty()
    }

    /// Whether all counts and last uses are written.
    pub(in crate::service) fn has_only_tokens(&self) -> bool {
        self.counts.is_empty() && self.uses.is_empty() && self.permissions.is_empty()
    }

    /// Takes everything out of these counters.
    pub(in crate::service) fn gather(&mut self, changed: Vec<Arc<ClientCounters>>) {
        // Each client gets the same share of the free space, so that busy clients do not displace the tokens of others.
        let space = MOST_TOKENS.saturating_sub(self.tokens.len());
        let share = (space / changed.len().max(1)).clamp(1, usize::from(RECENT_TOKENS));
        for counters in changed {
            let taken = counters.take(share);
            let client = taken.client;
            for (hour, counts) in taken.counts {
                *self.counts.entry((hour, client)).or_default() += counts;
            }
            for (secret, used_at) in taken.uses {
                let last = self.uses.entry((client, secret)).or_insert(used_at);
                *last = used_at.max(*last);
            }
            for (permission, used_at) in taken.permissions {
                let last = self.permissions.entry((client, permission));
                let last = last.or_insert(used_at);
                *last = used_at.max(*last);
            }
            let tokens = taken.tokens.into_iter();
            self.tokens.extend(tokens.map(|token| (client, token)));
        }
        self.drop_oldest(MOST_COUNTS, MOST_TOKENS);
    }

    fn drop_oldest(&mut self, most_counts: usize, most_tokens: usize) {
        while self.counts.len() > most_counts
            && let Some((_, counts)) = self.counts.pop_first()
        {
            self.dropped += counts.requests();
        }
        while self.permissions.len() > MOST_PERMISSIONS {
            self.permissions.pop_first();
        }
        let beyond = self.tokens.len().saturating_sub(most_tokens);
        self.tokens.drain(..beyond);
    }

    /// Writes the first part. Rows are in the same order on every node, so that two nodes cannot deadlock.
    pub(in crate::service) async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        let counts = self.counts.iter().take(ROWS_AT_ONCE);
        let hours = counts.map(|((hour, client), counts)| HourCounts {
            hour: *hour,
            client: *client,
            counts: *counts,
        });
        tx.add_usage(&hours.collect::<Vec<_>>()).await?;
        let uses = self.uses.iter().take(ROWS_AT_ONCE);
        let uses = uses.map(|((client, secret), used_at)| SecretUse {
            client: *client,
            secret: *secret,
            used_at: *used_at,
        });
        tx.advance_secret_uses(&uses.collect::<Vec<_>>()).await?;
        let permissions = self.permissions.iter().take(ROWS_AT_ONCE);
        let permissions = permissions.map(|((client, permission), used_at)| PermissionUse {
            client: *client,
            permission: permission.clone(),
            used_at: *used_at,
        });
        tx.advance_permission_uses(&permissions.collect::<Vec<_>>())
            .await?;
        let mut tokens = BTreeMap::<ClientNumber, Vec<RecentToken>>::new();
        for (client, token) in self.tokens.iter().take(TOKENS_AT_ONCE) {
            tokens.entry(*client).or_default().push(*token);
        }
        Ok(tx.put_recent_tokens(&tokens).await?)
    }

    /// Removes the first part after its commit, and logs how much was dropped before.
    pub(in crate::service) fn remove_written(&mut self) {
        for _ in 0..ROWS_AT_ONCE {
            self.counts.pop_first();
            self.uses.pop_first();
            self.permissions.pop_first();
        }
        let tokens = self.tokens.len().min(TOKENS_AT_ONCE);
        self.tokens.drain(..tokens);
        let requests = std::mem::take(&mut self.dropped);
        if requests > 0 {
            tracing::warn!(
                requests,
                "usage could not be written for so long that the oldest counts were dropped"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::token::TokenId;
    use crate::service::oauth::usage::RequestKind;

    const SEVEN: ClientNumber = ClientNumber(7);
    const ONE: SecretNumber = SecretNumber(1);

    fn at(second: i64) -> Time {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn token(second: i64) -> RecentToken {
        RecentToken {
            id: TokenId([7; 24]),
            issued_at: at(second),
            expires_at: at(second + 7_200),
            address: None,
        }
    }

    fn issued(issued: i64) -> Counts {
        Counts {
            issued,
            ..Counts::default()
        }
    }

    #[test]
    fn taken_counters_are_dropped_and_the_newest_tokens_are_buffered() {
        let mut buffer = UsageBuffer::default();
        let counters = |client| {
            let secrets = std::iter::once(SecretNumber(client));
            Arc::new(ClientCounters::new(ClientNumber(client), secrets))
        };
        let clients: Vec<Arc<ClientCounters>> = (1..=12_000).map(counters).collect();
        for second in [10, 20, 30] {
            for (client, counters) in (1..).zip(&clients) {
                counters.used(SecretNumber(client), at(second));
                for issued_at in [second - 1, second] {
                    counters.count(RequestKind::Issued, at(second));
                    counters.issued(token(issued_at));
                }
            }
            buffer.gather(clients.clone());
            let mut counters = clients.iter();
            assert!(counters.all(|counters| Arc::strong_count(counters) == 1));
            assert_eq!(buffer.tokens.len(), MOST_TOKENS);
            let mut tokens = buffer.tokens.iter();
            assert!(tokens.all(|(_, token)| token.issued_at == at(second)));
        }
        assert_eq!((buffer.counts.len(), buffer.uses.len()), (12_000, 12_000));
        assert!(buffer.counts.values().all(|counts| *counts == issued(6)));
        assert!(buffer.uses.values().all(|used_at| *used_at == at(30)));
        assert_eq!(buffer.dropped, 0);
    }

    #[test]
    fn a_client_that_is_loaded_again_and_again_has_one_count_and_one_last_use() {
        let mut buffer = UsageBuffer::default();
        for second in 1..=200 {
            let counters = ClientCounters::new(SEVEN, [ONE, SecretNumber(2)].into_iter());
            counters.used(ONE, at(second));
            counters.count(RequestKind::Issued, at(second));
            counters.issued(token(second));
            buffer.gather(vec![Arc::new(counters)]);
        }
        assert_eq!(buffer.counts, BTreeMap::from([((0, SEVEN), issued(200))]));
        assert_eq!(buffer.uses, BTreeMap::from([((SEVEN, ONE), at(200))]));
        let all: Vec<(ClientNumber, RecentToken)> =
            (1..=200).map(|second| (SEVEN, token(second))).collect();
        assert_eq!(buffer.tokens, all);
    }

    #[test]
    fn busy_clients_leave_space_for_the_tokens_of_others() {
        let mut buffer = UsageBuffer::default();
        let mut of_quiet = 0;
        for _ in 0..100 {
            let busy = (1..=20).map(|client| (client, 50));
            let mut clients = Vec::new();
            for (client, count) in busy.chain([(21, 1)]) {
                let counters = ClientCounters::new(ClientNumber(client), std::iter::empty());
                (0..count).for_each(|second| counters.issued(token(second)));
                clients.push(Arc::new(counters));
            }
            buffer.gather(clients);
            let written = buffer.tokens.drain(..TOKENS_AT_ONCE);
            of_quiet += written.filter(|(client, _)| client.0 == 21).count();
        }
        assert!(buffer.tokens.len() > MOST_TOKENS - 2 * TOKENS_AT_ONCE);
        let buffered = buffer.tokens.iter();
        of_quiet += buffered.filter(|(client, _)| client.0 == 21).count();
        assert_eq!(of_quiet, 100);
    }

    #[test]
    fn a_full_buffer_drops_and_counts_the_oldest() {
        let rows = [
            (1, 1, 1),
            (1, 2, 10),
            (2, 1, 100),
            (4, 1, 1_000),
            (4, 3, 10_000),
        ];
        let rows = rows.map(|(hour, client, count)| ((hour, ClientNumber(client)), issued(count)));
        let mut buffer = UsageBuffer {
            counts: BTreeMap::from(rows),
            tokens: (1..=3).map(|second| (SEVEN, token(second))).collect(),
            ..UsageBuffer::default()
        };
        buffer.drop_oldest(5, 3);
        assert_eq!((buffer.counts.len(), buffer.tokens.len()), (5, 3));
        buffer.drop_oldest(4, 2);
        buffer.drop_oldest(2, 1);
        assert_eq!(buffer.counts, BTreeMap::from([rows[3], rows[4]]));
        assert_eq!(buffer.tokens, [(SEVEN, token(3))]);
        assert_eq!(buffer.dropped, 111);
        buffer.remove_written();
        assert_eq!(buffer.dropped, 0);
    }

    #[test]
    fn a_written_part_is_removed() {
        let clients = 1..=5_001;
        let mut buffer = UsageBuffer {
            counts: clients
                .clone()
                .map(|client| ((0, ClientNumber(client)), issued(1)))
                .collect(),
            uses: clients
                .map(|client| ((ClientNumber(client), ONE), at(1)))
                .collect(),
            tokens: (1..=501)
                .map(|client| (ClientNumber(client), token(1)))
                .collect(),
            permissions: (1..=5_001)
                .map(|client| ((ClientNumber(client), "blogs.read".into()), at(1)))
                .collect(),
            dropped: 0,
        };
        buffer.remove_written();
        assert_eq!(
            buffer.counts,
            BTreeMap::from([((0, ClientNumber(5_001)), issued(1))])
        );
        assert_eq!(
            buffer.uses,
            BTreeMap::from([((ClientNumber(5_001), ONE), at(1))])
        );
        assert_eq!(
            buffer.permissions,
            BTreeMap::from([((ClientNumber(5_001), "blogs.read".into()), at(1))])
        );
        assert_eq!(buffer.tokens, [(ClientNumber(501), token(1))]);
        buffer.remove_written();
        assert!(buffer.is_empty());
    }
}
