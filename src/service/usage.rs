//! What clients do with their keys: counted while they are answered, written once a second, shown on the pages.
//!
//! ```text
//! request ──▶ tally of the client ──▶ list of tallies that changed
//!                                       │ every second, and before the server ends
//!                                       └ one transaction for all of them; if it fails, everything is put back
//! ```
//!
//! Counts and last uses are complete. Recent tokens are the last of each client, and at most
//! [`TOKENS_AT_ONCE`] of them are written at a time: under more load than that the newest of each client go first, and
//! the others wait in the tally, which holds as many as the database does, or a few when many clients are that busy.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta};
use tokio::sync::Mutex as Turns;

use super::Service;
use super::directory::Entry;
use super::grants::{Authenticated, Credentials, Door, GrantError};
use super::tally::{Kind, RECENT, Taken, Tally};
use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::token::TokenId;
use crate::domain::usage::{ClientUsage, Counts, RecentToken, SecretUse, last_days};
use crate::store::Tx;

/// How many recent tokens are written at a time.
const TOKENS_AT_ONCE: usize = 500;

/// When more tokens than this wait in all, each client keeps [`FEW`]: a crowd of busy clients is not to fill the memory.
const MOST_WAITING: usize = 10_000;

/// How many tokens of a client wait in a crowd.
const FEW: usize = 4;

/// What is counted and not written yet.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// The tallies that changed since they were last written.
    listed: Mutex<Vec<Arc<Tally>>>,
    /// Held while writing, so that who flushes last finds everything written.
    flushing: Turns<()>,
}

/// What is being written. Dropped before it is written, it puts everything back.
struct Batch<'a> {
    usage: &'a Usage,
    /// In the order of clients. A client whose entry was loaded again has one for each.
    taken: Vec<Taken>,
}

/// When clients and their secrets were used, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Uses {
    clients: HashMap<i64, ClientUsage>,
    secrets: HashMap<i64, Time>,
}

impl Service {
    /// Writes what was counted since the last time. Nothing is written when nothing happened. What could not be
    /// written is kept for the next time.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn flush_usage(&self) -> Result<(), Error> {
        let service = self.clone();
        // In a task of its own it ends one way or the other, even when nobody waits for it any more: given up after
        // the commit, it would put back what is written.
        let writing = tokio::spawn(async move {
            let _turn = service.0.usage.flushing.lock().await;
            let batch = service.0.usage.take();
            if batch.is_empty() {
                return Ok(());
            }
            let mut tx = service.0.store.write().await?;
            batch.write(&mut tx).await?;
            tx.commit().await?;
            batch.forget();
            Ok(())
        });
        writing.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Counts what came of showing credentials.
    pub(super) fn count_authentication(
        &self,
        outcome: &Result<Authenticated, GrantError>,
        credentials: &Credentials,
    ) {
        match outcome {
            Ok(shown) => self.0.usage.used(&shown.entry, shown.secret, shown.at),
            // Then nobody was judged.
            Err(GrantError::Unavailable) => {}
            Err(_) => {
                // Whoever was judged is in memory. Only that is looked at, so that a flood of refusals costs no queries.
                if let Some(entry) = self.0.directory.known_client(&credentials.id) {
                    self.0.usage.count(&entry, Kind::Refused, self.now());
                }
            }
        }
    }

    /// Counts the refusal of a client, and hands the reason on.
    pub(super) fn refuse(&self, entry: &Entry, reason: GrantError) -> GrantError {
        self.0.usage.count(entry, Kind::Refused, self.now());
        reason
    }
}

impl Usage {
    /// Notes that a client used one of its secrets.
    pub(super) fn used(&self, entry: &Entry, secret: i64, now: Time) {
        entry.tally.used(secret, now);
        self.list(&entry.tally);
    }

    /// Counts a request of a client.
    pub(super) fn count(&self, entry: &Entry, kind: Kind, now: Time) {
        entry.tally.count(kind, now);
        self.list(&entry.tally);
    }

    /// Counts a token that a client got, which lives that many seconds.
    pub(super) fn issued(
        &self,
        entry: &Entry,
        id: TokenId,
        (now, lives): (Time, i64),
        door: &Door<'_>,
    ) {
        entry.tally.issued(RecentToken {
            id,
            issued_at: now,
            expires_at: now.trunc_subsecs(0) + TimeDelta::seconds(lives),
            address: door.address,
        });
        self.count(entry, Kind::Issued, now);
    }

    fn list(&self, tally: &Arc<Tally>) {
        if tally.enlist() {
            let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
            listed.push(Arc::clone(tally));
        }
    }

    fn take(&self) -> Batch<'_> {
        let mut listed =
            std::mem::take(&mut *self.listed.lock().unwrap_or_else(PoisonError::into_inner));
        listed.sort_by_key(|tally| tally.client());
        let waiting: Vec<(usize, u32)> = listed.iter().map(|tally| tally.waiting()).collect();
        let mut taken: Vec<Taken> = listed.into_iter().map(Tally::take).collect();
        let is_crowd = waiting.iter().map(|(tokens, _)| tokens).sum::<usize>() > MOST_WAITING;
        for (taken, count) in taken.iter_mut().zip(shares(&waiting)) {
            if taken.take_tokens(count) {
                self.list(&taken.tally);
            }
            if is_crowd {
                taken.tally.keep_newest(FEW);
            }
        }
        Batch { usage: self, taken }
    }
}

impl Batch<'_> {
    fn is_empty(&self) -> bool {
        let is_empty = |taken: &Taken| {
            taken.counts.is_empty() && taken.uses.is_empty() && taken.tokens.is_empty()
        };
        self.taken.iter().all(is_empty)
    }

    /// Writes in the same order on every node, so that two never wait for each other.
    async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        tx.add_usage(&self.counts()).await?;
        tx.advance_secret_uses(&self.uses()).await?;
        let tokens = |taken: &Taken| {
            let client = taken.tally.client();
            taken
                .tokens
                .iter()
                .map(move |token| (client, *token))
                .collect::<Vec<_>>()
        };
        let tokens: Vec<(i64, RecentToken)> = self.taken.iter().flat_map(tokens).collect();
        tx.insert_recent_tokens(&tokens).await?;
        for taken in self.taken.iter().filter(|taken| taken.deletes_older) {
            tx.delete_older_recent_tokens(taken.tally.client(), KEPT)
                .await?;
        }
        Ok(())
    }

    /// The counts of each hour, in the order of clients, each once.
    fn counts(&self) -> BTreeMap<i64, Vec<(i64, Counts)>> {
        let mut hours = BTreeMap::<i64, Vec<(i64, Counts)>>::new();
        for taken in &self.taken {
            for (hour, counts) in &taken.counts {
                let clients = hours.entry(*hour).or_default();
                match clients.last_mut() {
                    Some((client, sum)) if *client == taken.tally.client() => *sum += *counts,
                    _ => clients.push((taken.tally.client(), *counts)),
                }
            }
        }
        hours
    }

    /// The last uses in the order of clients and secrets, each once.
    fn uses(&self) -> Vec<SecretUse> {
        let mut uses: Vec<SecretUse> = Vec::with_capacity(self.taken.len());
        for taken in &self.taken {
            let client = taken.tally.client();
            uses.extend(taken.uses.iter().filter_map(|(secret, micros)| {
                Some(SecretUse {
                    client,
                    secret: *secret,
                    used_at: DateTime::from_timestamp_micros(*micros)?,
                })
            }));
        }
        uses.sort_by_key(|one| (one.client, one.secret, Reverse(one.used_at)));
        uses.dedup_by_key(|one| (one.client, one.secret));
        uses
    }

    fn forget(mut self) {
        self.taken.clear();
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        for taken in &mut self.taken {
            taken.put_back();
            self.usage.list(&taken.tally);
        }
    }
}

impl Uses {
    /// Finds out about these clients.
    pub(super) async fn of(tx: &mut Tx, clients: &[i64], now: Time) -> Result<Self, Error> {
        let mut uses = Self::default();
        let days = last_days(now);
        for row in tx.list_usage_days(clients, now).await? {
            if let Ok(place) = usize::try_from(row.day - days.start()) {
                uses.clients.entry(row.client).or_default().days[place] = row.requests;
            }
        }
        for row in tx.list_secret_uses(clients).await? {
            // Another node's clock may be ahead.
            let used_at = row.used_at.min(now);
            let client = uses.clients.entry(row.client).or_default();
            client.last_used_at = client.last_used_at.max(Some(used_at));
            uses.secrets.insert(row.secret, used_at);
        }
        Ok(uses)
    }

    pub(super) fn of_client(&self, number: i64) -> ClientUsage {
        self.clients.get(&number).cloned().unwrap_or_default()
    }

    pub(super) fn of_secret(&self, number: i64) -> Option<Time> {
        self.secrets.get(&number).copied()
    }
}

/// [`RECENT`], as the database counts.
#[expect(clippy::cast_possible_wrap, reason = "it is fifty")]
const KEPT: i64 = RECENT as i64;

/// How many tokens each may write of those it has waiting: the newest of everybody before the second newest of
/// anybody, and who was left out for longest first.
fn shares(waiting: &[(usize, u32)]) -> Vec<usize> {
    let all = waiting.iter().map(|(count, _)| *count).collect::<Vec<_>>();
    if all.iter().sum::<usize>() <= TOKENS_AT_ONCE {
        return all;
    }
    let mut order: Vec<usize> = (0..waiting.len()).filter(|place| all[*place] > 0).collect();
    order.sort_by_key(|place| Reverse(waiting[*place].1));
    let mut shares = vec![0; waiting.len()];
    let mut left = TOKENS_AT_ONCE;
    while left > 0 {
        order.retain(|place| shares[*place] < all[*place]);
        for place in order.iter().take(left) {
            shares[*place] += 1;
        }
        left = left.saturating_sub(order.len());
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_written_while_it_is_little() {
        assert_eq!(shares(&[(3, 0), (0, 0), (50, 7)]), [3, 0, 50]);
    }

    #[test]
    fn the_newest_of_everybody_come_first() {
        let mut waiting = vec![(1, 0); 490];
        waiting.push((50, 0));
        waiting.push((2, 0));
        let shares = shares(&waiting);
        assert!(shares[..490].iter().all(|share| *share == 1));
        assert_eq!(shares[490..], [8, 2]);
    }

    #[test]
    fn who_was_left_out_is_next() {
        let mut waiting = vec![(50, 0); 1_500];
        waiting[1_499].1 = 1;
        let shares = shares(&waiting);
        assert_eq!(shares.iter().sum::<usize>(), TOKENS_AT_ONCE);
        assert_eq!(
            (shares[0], shares[498], shares[499], shares[1_499]),
            (1, 1, 0, 1)
        );
    }
}
