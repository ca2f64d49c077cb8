//! What waits to be written, joined by client: little of many, all of what counts.
//!
//! However many clients come and go, and however long nothing can be written, there are at most [`MOST_TOKENS`],
//! [`MOST_COUNTS`] (or one of each client, if those are more), and one last use of each secret.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::usage::{Counts, RecentToken, SecretUse};
use crate::service::directory::counters::{ClientCounters, RECENT};
use crate::store::Tx;

/// [`RECENT`], as the database counts.
#[expect(clippy::cast_possible_wrap, reason = "it is fifty")]
const KEPT: i64 = RECENT as i64;

/// How many recent tokens are written in one transaction.
const TOKENS_AT_ONCE: usize = 500;

/// How many counts, and how many last uses, are written in one transaction: nobody else can write meanwhile.
const ROWS_AT_ONCE: usize = 5_000;

/// How many recent tokens wait: less than a megabyte.
const MOST_TOKENS: usize = 10_000;

/// How many counts wait, each of one client in one hour, before hours are joined: some 30 megabytes.
const MOST_COUNTS: usize = 500_000;

/// Of how many tokens one makes those beyond the newest of its client go. To find out which they are costs more than to
/// add one.
const DELETE_EVERY: u8 = 5;

/// What is to be written, joined by client.
#[derive(Debug, Default)]
pub(super) struct UsageBuffer {
    /// By hour and client.
    counts: BTreeMap<(i64, i64), Counts>,
    /// By client and secret.
    uses: BTreeMap<(i64, i64), Time>,
    /// With their clients, in the order in which they are written.
    tokens: Vec<(i64, RecentToken)>,
}

impl UsageBuffer {
    /// Whether everything is written.
    pub(super) fn is_empty(&self) -> bool {
        self.has_only_tokens() && self.tokens.is_empty()
    }

    /// Whether all counts and last uses are written.
    pub(super) fn has_only_tokens(&self) -> bool {
        self.counts.is_empty() && self.uses.is_empty()
    }

    /// Takes in what counters hold, and lets go of them.
    pub(super) fn gather(&mut self, counters: Vec<Arc<ClientCounters>>) {
        // Of a crowd only the newest few of each client are worth sorting.
        let most_tokens = (MOST_TOKENS / counters.len().max(1)).clamp(1, RECENT);
        for counters in counters {
            let taken = counters.take(most_tokens);
            let client = taken.client;
            for (hour, counts) in taken.counts {
                *self.counts.entry((hour, client)).or_default() += counts;
            }
            for (secret, used_at) in taken.uses {
                let last = self.uses.entry((client, secret)).or_insert(used_at);
                *last = used_at.max(*last);
            }
            let tokens = taken.tokens.into_iter();
            self.tokens.extend(tokens.map(|token| (client, token)));
        }
        self.order_tokens(MOST_TOKENS);
        self.join_hours(MOST_COUNTS);
    }

    /// The newest of everybody before the second newest of anybody. Between clients chance decides, because ids are
    /// random: neither a number nor a moment is at a disadvantage for good. What is beyond the most is dropped.
    fn order_tokens(&mut self, most: usize) {
        self.tokens
            .sort_unstable_by_key(|(client, token)| (*client, Reverse(token.issued_at)));
        let mut placed: Vec<(usize, (i64, RecentToken))> = by_client(&self.tokens)
            .flat_map(|tokens| tokens.iter().copied().take(RECENT).enumerate())
            .collect();
        placed.sort_unstable_by_key(|(place, (_, token))| (*place, token.id.0));
        placed.truncate(most);
        self.tokens = placed.into_iter().map(|(_, token)| token).collect();
    }

    /// While too many counts wait, those of the oldest hour are added to the next one. So none is lost, and no more wait
    /// in the end than one for each client.
    fn join_hours(&mut self, most: usize) {
        while self.counts.len() > most
            && let Some((&(oldest, _), _)) = self.counts.first_key_value()
            && let Some((&(next, _), _)) = self.counts.range((oldest + 1, i64::MIN)..).next()
        {
            let later = self.counts.split_off(&(next, i64::MIN));
            for ((_, client), counts) in std::mem::replace(&mut self.counts, later) {
                *self.counts.entry((next, client)).or_default() += counts;
            }
        }
    }

    /// Writes the first part, in the same order on every node, so that two never wait for each other in a circle.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        let mut hours = BTreeMap::<i64, Vec<(i64, Counts)>>::new();
        for ((hour, client), counts) in self.counts.iter().take(ROWS_AT_ONCE) {
            hours.entry(*hour).or_default().push((*client, *counts));
        }
        tx.add_usage(&hours).await?;
        let mut uses = Vec::with_capacity(self.uses.len().min(ROWS_AT_ONCE));
        for ((client, secret), used_at) in self.uses.iter().take(ROWS_AT_ONCE) {
            uses.push(SecretUse {
                client: *client,
                secret: *secret,
                used_at: *used_at,
            });
        }
        tx.advance_secret_uses(&uses).await?;
        let mut tokens = self.tokens[..self.tokens_at_once()].to_vec();
        tokens.sort_unstable_by_key(|(client, token)| (*client, token.issued_at));
        tx.insert_recent_tokens(&tokens).await?;
        for client in with_too_many(&tokens) {
            tx.delete_older_recent_tokens(client, KEPT).await?;
        }
        Ok(())
    }

    /// Forgets the first part.
    pub(super) fn forget_written(&mut self) {
        remove_first(&mut self.counts, ROWS_AT_ONCE);
        remove_first(&mut self.uses, ROWS_AT_ONCE);
        self.tokens.drain(..self.tokens_at_once());
    }

    fn tokens_at_once(&self) -> usize {
        self.tokens.len().min(TOKENS_AT_ONCE)
    }
}

fn by_client(tokens: &[(i64, RecentToken)]) -> impl Iterator<Item = &[(i64, RecentToken)]> {
    tokens.chunk_by(|one, other| one.0 == other.0)
}

/// The clients whose older tokens are to go after these were added: those of many, and by chance some of the others, as
/// ids are random. So nobody has to count what every node added since.
fn with_too_many(tokens: &[(i64, RecentToken)]) -> Vec<i64> {
    let is_due = |tokens: &&[(i64, RecentToken)]| {
        let mut first_bytes = tokens.iter().map(|(_, token)| token.id.0[0]);
        tokens.len() >= usize::from(DELETE_EVERY)
            || first_bytes.any(|byte| byte.is_multiple_of(DELETE_EVERY))
    };
    let due = by_client(tokens).filter(is_due);
    due.map(|tokens| tokens[0].0).collect()
}

fn remove_first<K: Ord + Copy, V>(rows: &mut BTreeMap<K, V>, count: usize) {
    let next = rows.keys().nth(count).copied();
    *rows = match next {
        Some(next) => rows.split_off(&next),
        None => BTreeMap::new(),
    };
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::token::TokenId;
    use crate::service::directory::counters::UsageKind;

    fn at(second: i64) -> Time {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn token(number: i64, second: i64) -> RecentToken {
        let mut id = [0; 24];
        id[..8].copy_from_slice(&number.to_be_bytes());
        RecentToken {
            id: TokenId(id),
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
    fn a_crowd_leaves_no_tally_behind_and_the_newest_tokens_wait() {
        let mut waiting = UsageBuffer::default();
        let counters = |client| Arc::new(ClientCounters::new(client, std::iter::once(client)));
        let counters: Vec<Arc<ClientCounters>> = (1..=12_000).map(counters).collect();
        for second in [10, 20, 30] {
            for (client, counters) in (1..).zip(&counters) {
                counters.used(client, at(second));
                for _ in 0..2 {
                    counters.count(UsageKind::Issued, at(second));
                }
                counters.issued(token(client, second - 1));
                counters.issued(token(client, second));
            }
            waiting.gather(counters.clone());
            assert!(
                counters
                    .iter()
                    .all(|counters| Arc::strong_count(counters) == 1)
            );
            assert_eq!(waiting.tokens.len(), MOST_TOKENS);
            let mut tokens = waiting.tokens.iter();
            assert!(tokens.all(|(_, token)| token.issued_at == at(second)));
        }
        assert_eq!((waiting.counts.len(), waiting.uses.len()), (12_000, 12_000));
        assert!(waiting.counts.values().all(|counts| *counts == issued(6)));
        assert!(waiting.uses.values().all(|used_at| *used_at == at(30)));
    }

    #[test]
    fn a_client_that_is_loaded_again_and_again_waits_once() {
        let mut waiting = UsageBuffer::default();
        for second in 1..=200 {
            let counters = ClientCounters::new(7, [1, 2].into_iter());
            counters.used(1, at(second));
            counters.count(UsageKind::Issued, at(second));
            counters.issued(token(second, second));
            waiting.gather(vec![Arc::new(counters)]);
        }
        assert_eq!(waiting.counts, BTreeMap::from([((0, 7), issued(200))]));
        assert_eq!(waiting.uses, BTreeMap::from([((7, 1), at(200))]));
        let newest: Vec<(i64, RecentToken)> = (151..=200)
            .rev()
            .map(|second| (7, token(second, second)))
            .collect();
        assert_eq!(waiting.tokens, newest);
    }

    #[test]
    fn too_many_counts_lose_their_hour_and_no_request() {
        let rows = [
            (1, 1, 1),
            (1, 2, 10),
            (2, 1, 100),
            (4, 1, 1_000),
            (4, 3, 10_000),
        ];
        let rows = rows.map(|(hour, client, count)| ((hour, client), issued(count)));
        let mut waiting = UsageBuffer {
            counts: BTreeMap::from(rows),
            ..UsageBuffer::default()
        };
        waiting.join_hours(5);
        assert_eq!(waiting.counts, BTreeMap::from(rows));
        waiting.join_hours(4);
        let joined = [
            ((2, 1), issued(101)),
            ((2, 2), issued(10)),
            rows[3],
            rows[4],
        ];
        assert_eq!(waiting.counts, BTreeMap::from(joined));
        waiting.join_hours(1);
        let joined = [((4, 1), issued(1_101)), ((4, 2), issued(10)), rows[4]];
        assert_eq!(waiting.counts, BTreeMap::from(joined));
    }

    #[test]
    fn the_newest_of_everybody_come_first() {
        let mut waiting = UsageBuffer::default();
        let others = (1..=490).map(|client| (client, 1));
        for (client, count) in others.chain([(491, 60), (492, 2)]) {
            let tokens = (1..=count).map(|second| (client, token(second, second)));
            waiting.tokens.extend(tokens);
        }
        waiting.order_tokens(MOST_TOKENS);
        assert_eq!(waiting.tokens.len(), 490 + 50 + 2);
        waiting.order_tokens(TOKENS_AT_ONCE);
        waiting.tokens.sort_unstable_by_key(|(client, _)| *client);
        let counts: Vec<usize> = by_client(&waiting.tokens).map(<[_]>::len).collect();
        assert!(counts[..490].iter().all(|count| *count == 1));
        assert_eq!(counts[490..], [8, 2]);
    }

    #[test]
    fn what_is_written_is_forgotten_a_part_at_a_time() {
        let clients = 1..=5_001;
        let mut waiting = UsageBuffer {
            counts: clients
                .clone()
                .map(|client| ((0, client), issued(1)))
                .collect(),
            uses: clients.map(|client| ((client, 1), at(1))).collect(),
            tokens: (1..=501).map(|number| (number, token(number, 1))).collect(),
        };
        waiting.forget_written();
        assert_eq!(waiting.counts, BTreeMap::from([((0, 5_001), issued(1))]));
        assert_eq!(waiting.uses, BTreeMap::from([((5_001, 1), at(1))]));
        assert_eq!(waiting.tokens, [(501, token(501, 1))]);
        waiting.forget_written();
        assert!(waiting.is_empty());
    }
}
