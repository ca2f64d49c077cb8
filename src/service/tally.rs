//! What one client did since it was last written down, counted on the way of its requests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Time;
use crate::domain::usage::{Counts, RecentToken, hour_of};

/// How many recent tokens are kept of a client, here and in the database.
pub(super) const RECENT: usize = 50;

/// How many tokens of a client are added before those beyond [`RECENT`] are deleted. To find out which they are costs
/// more than to add one.
const DELETE_EVERY: usize = 10;

/// The count of one client. A request costs a few atomic steps, whatever is done with the counts meanwhile.
///
/// The order of steps is the same for all threads ([`SeqCst`]): a request counts and then looks whether the tally is
/// listed, the flush takes it off the list and then takes the counts, so that one of them sees the other.
#[derive(Debug)]
pub(super) struct Tally {
    client: i64,
    /// The hour that the counters belong to.
    hour: AtomicI64,
    issued: AtomicI64,
    introspected: AtomicI64,
    refused: AtomicI64,
    /// The client's secrets, and when each was last used, in microseconds since 1970. Zero: not since the last flush.
    uses: Box<[(i64, AtomicI64)]>,
    recent: Mutex<Recent>,
    earlier: Mutex<Earlier>,
    /// Whether the flush knows that there is something to write.
    is_listed: AtomicBool,
}

/// Which kind of request is counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Issued,
    Introspected,
    Refused,
}

/// The newest tokens that are not written yet, the newest last.
#[derive(Debug)]
struct Recent {
    tokens: VecDeque<RecentToken>,
    /// How many flushes wrote tokens of others instead.
    turns_waited: u32,
    /// How many were added since the older ones were deleted.
    added: usize,
}

/// What belongs to hours that are over, and what could not be written.
#[derive(Debug, Default)]
struct Earlier {
    counts: Vec<(i64, Counts)>,
    uses: Vec<(i64, i64)>,
}

/// What was taken out of a tally to be written.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) tally: Arc<Tally>,
    /// Per hour.
    pub(super) counts: Vec<(i64, Counts)>,
    /// Per secret, microseconds since 1970.
    pub(super) uses: Vec<(i64, i64)>,
    /// The newest first.
    pub(super) tokens: Vec<RecentToken>,
    /// Whether the tokens beyond the newest are to be deleted.
    pub(super) deletes_older: bool,
}

impl Tally {
    /// A tally of a client that has these secrets.
    pub(super) fn new(client: i64, secrets: impl Iterator<Item = i64>) -> Self {
        Self {
            client,
            hour: AtomicI64::new(0),
            issued: AtomicI64::new(0),
            introspected: AtomicI64::new(0),
            refused: AtomicI64::new(0),
            uses: secrets.map(|number| (number, AtomicI64::new(0))).collect(),
            recent: Mutex::new(Recent {
                tokens: VecDeque::new(),
                turns_waited: 0,
                // What the database holds is not known, so the first flush deletes.
                added: DELETE_EVERY,
            }),
            earlier: Mutex::default(),
            is_listed: AtomicBool::new(false),
        }
    }

    /// The number of the client.
    pub(super) fn client(&self) -> i64 {
        self.client
    }

    /// Counts a request.
    pub(super) fn count(&self, kind: Kind, now: Time) {
        let hour = hour_of(now);
        if self.hour.load(SeqCst) != hour {
            self.turn(hour);
        }
        self.counter(kind).fetch_add(1, SeqCst);
    }

    /// Notes that a secret was used.
    pub(super) fn used(&self, secret: i64, now: Time) {
        if let Some((_, last)) = self.uses.iter().find(|(number, _)| *number == secret) {
            last.fetch_max(now.timestamp_micros(), SeqCst);
        }
    }

    /// Notes a token that was issued.
    pub(super) fn issued(&self, token: RecentToken) {
        let mut recent = lock(&self.recent);
        if recent.tokens.len() == RECENT {
            recent.tokens.pop_front();
        }
        recent.tokens.push_back(token);
    }

    /// True for the one who has to put the tally on the list.
    pub(super) fn enlist(&self) -> bool {
        !self.is_listed.load(SeqCst) && !self.is_listed.swap(true, SeqCst)
    }

    /// How many tokens wait, and for how many turns.
    pub(super) fn waiting(&self) -> (usize, u32) {
        let recent = lock(&self.recent);
        (recent.tokens.len(), recent.turns_waited)
    }

    /// Drops the tokens that wait, but for the newest.
    pub(super) fn keep_newest(&self, count: usize) {
        let mut recent = lock(&self.recent);
        let beyond = recent.tokens.len().saturating_sub(count);
        recent.tokens.drain(..beyond);
        recent.tokens.shrink_to_fit();
    }

    /// Takes out everything but tokens. The tally is off the list from now on.
    pub(super) fn take(self: Arc<Self>) -> Taken {
        self.is_listed.store(false, SeqCst);
        let mut earlier = lock(&self.earlier);
        let Earlier {
            mut counts,
            mut uses,
        } = std::mem::take(&mut *earlier);
        // A turn of the hour holds the same lock, so hour and counters belong together.
        add(&mut counts, self.hour.load(SeqCst), self.take_counters());
        drop(earlier);
        for (number, last) in &self.uses {
            advance(&mut uses, *number, last.swap(0, SeqCst));
        }
        Taken {
            tally: self,
            counts,
            uses,
            tokens: Vec::new(),
            deletes_older: false,
        }
    }

    /// The next hour has begun, or a clock was set.
    #[cold]
    fn turn(&self, hour: i64) {
        let mut earlier = lock(&self.earlier);
        let over = self.hour.load(SeqCst);
        if over != hour {
            add(&mut earlier.counts, over, self.take_counters());
            self.hour.store(hour, SeqCst);
        }
    }

    fn take_counters(&self) -> Counts {
        let take = |kind| self.counter(kind).swap(0, SeqCst);
        Counts {
            issued: take(Kind::Issued),
            introspected: take(Kind::Introspected),
            refused: take(Kind::Refused),
        }
    }

    fn counter(&self, kind: Kind) -> &AtomicI64 {
        match kind {
            Kind::Issued => &self.issued,
            Kind::Introspected => &self.introspected,
            Kind::Refused => &self.refused,
        }
    }
}

impl Taken {
    /// Takes out so many of the newest tokens too, and says whether others still wait.
    pub(super) fn take_tokens(&mut self, count: usize) -> bool {
        let mut recent = lock(&self.tally.recent);
        let keep = recent.tokens.len().saturating_sub(count);
        self.tokens = recent.tokens.drain(keep..).rev().collect();
        // A client that once was busy need not hold the memory for good.
        recent.tokens.shrink_to(8);
        recent.added += self.tokens.len();
        self.deletes_older = !self.tokens.is_empty() && recent.added >= DELETE_EVERY;
        if self.deletes_older {
            recent.added = 0;
        }
        let is_left_out = self.tokens.is_empty() && !recent.tokens.is_empty();
        recent.turns_waited = if is_left_out {
            recent.turns_waited.saturating_add(1)
        } else {
            0
        };
        !recent.tokens.is_empty()
    }

    /// Gives everything back, as if it had not been taken.
    pub(super) fn put_back(&mut self) {
        let mut earlier = lock(&self.tally.earlier);
        for (hour, counts) in self.counts.drain(..) {
            add(&mut earlier.counts, hour, counts);
        }
        for (secret, used_at) in self.uses.drain(..) {
            advance(&mut earlier.uses, secret, used_at);
        }
        drop(earlier);
        let mut recent = lock(&self.tally.recent);
        if self.deletes_older {
            recent.added = DELETE_EVERY;
        }
        recent.tokens.extend(self.tokens.drain(..));
        recent
            .tokens
            .make_contiguous()
            .sort_by_key(|token| token.issued_at);
        let beyond = recent.tokens.len().saturating_sub(RECENT);
        recent.tokens.drain(..beyond);
    }
}

/// Adds to the counts of an hour, unless there is nothing to add.
fn add(all: &mut Vec<(i64, Counts)>, hour: i64, counts: Counts) {
    if counts == Counts::default() {
        return;
    }
    match all.iter_mut().find(|(found, _)| *found == hour) {
        Some((_, sum)) => *sum += counts,
        None => all.push((hour, counts)),
    }
}

/// Moves the last use of a secret, never back.
fn advance(all: &mut Vec<(i64, i64)>, secret: i64, used_at: i64) {
    if used_at == 0 {
        return;
    }
    match all.iter_mut().find(|(found, _)| *found == secret) {
        Some((_, last)) => *last = used_at.max(*last),
        None => all.push((secret, used_at)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
