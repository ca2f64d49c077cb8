//! What one client did since it was last written down, counted on the way of its requests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::DateTime;

use crate::domain::Time;
use crate::domain::usage::{Counts, RecentToken, hour_of};

/// How many recent tokens are kept of a client, here and in the database.
pub(in crate::service) const RECENT: usize = 50;

/// The count of one client. A request costs a few atomic steps, whatever is done with the counts meanwhile.
///
/// The order of steps is the same for all threads ([`SeqCst`]): a request counts and then looks whether the counters is
/// listed, the flush takes it off the list and then takes the counts, so that one of them sees the other.
///
/// What every request touches lies together and comes first: among ten thousand clients each line of memory is a wait.
#[derive(Debug)]
#[repr(C)]
pub(in crate::service) struct ClientCounters {
    /// Whether the flush knows that there is something to write.
    is_listed: AtomicBool,
    /// The hour that the counters belong to.
    hour: AtomicI64,
    issued: AtomicI64,
    introspected: AtomicI64,
    refused: AtomicI64,
    /// The client's secrets, and when each was last used, in microseconds since 1970. Zero: not since the last flush.
    uses: Box<[(i64, AtomicI64)]>,
    /// The newest tokens, the newest last.
    recent: Mutex<VecDeque<RecentToken>>,
    /// What belongs to hours that are over.
    earlier: Mutex<Vec<(i64, Counts)>>,
    client: i64,
}

/// Which kind of request is counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum UsageKind {
    Issued,
    Introspected,
    Refused,
}

/// What was taken out of a counters to be written.
#[derive(Debug)]
pub(in crate::service) struct Taken {
    /// The number of the client.
    pub(in crate::service) client: i64,
    /// Per hour.
    pub(in crate::service) counts: Vec<(i64, Counts)>,
    /// Per secret.
    pub(in crate::service) uses: Vec<(i64, Time)>,
    /// The newest last.
    pub(in crate::service) tokens: Vec<RecentToken>,
}

impl ClientCounters {
    /// A counters of a client that has these secrets.
    pub(in crate::service) fn new(client: i64, secrets: impl Iterator<Item = i64>) -> Self {
        Self {
            client,
            hour: AtomicI64::new(0),
            issued: AtomicI64::new(0),
            introspected: AtomicI64::new(0),
            refused: AtomicI64::new(0),
            uses: secrets.map(|number| (number, AtomicI64::new(0))).collect(),
            recent: Mutex::default(),
            earlier: Mutex::default(),
            is_listed: AtomicBool::new(false),
        }
    }

    /// Counts a request.
    pub(in crate::service) fn count(&self, kind: UsageKind, now: Time) {
        let hour = hour_of(now);
        if self.hour.load(SeqCst) != hour {
            self.start_hour(hour);
        }
        self.counter(kind).fetch_add(1, SeqCst);
    }

    /// Notes that a secret was used.
    pub(in crate::service) fn used(&self, secret: i64, now: Time) {
        if let Some((_, last)) = self.uses.iter().find(|(number, _)| *number == secret) {
            last.fetch_max(now.timestamp_micros(), SeqCst);
        }
    }

    /// Notes a token that was issued.
    pub(in crate::service) fn issued(&self, token: RecentToken) {
        let mut recent = lock(&self.recent);
        if recent.len() == RECENT {
            recent.pop_front();
        }
        recent.push_back(token);
    }

    /// True for the one who has to put the counters on the list.
    pub(in crate::service) fn enlist(&self) -> bool {
        !self.is_listed.load(SeqCst) && !self.is_listed.swap(true, SeqCst)
    }

    /// Takes out everything; of the tokens only so many of the newest, the others are dropped. The counters is off the list
    /// from now on.
    pub(in crate::service) fn take(&self, most_tokens: usize) -> Taken {
        self.is_listed.store(false, SeqCst);
        let mut earlier = lock(&self.earlier);
        let mut counts = std::mem::take(&mut *earlier);
        // The start of an hour holds the same lock, so hour and counters belong together.
        add(&mut counts, self.hour.load(SeqCst), self.take_counters());
        drop(earlier);
        let take_use = |(number, last): &(i64, AtomicI64)| match last.swap(0, SeqCst) {
            0 => None,
            micros => Some((*number, DateTime::from_timestamp_micros(micros)?)),
        };
        Taken {
            client: self.client,
            counts,
            uses: self.uses.iter().filter_map(take_use).collect(),
            tokens: self.take_tokens(most_tokens),
        }
    }

    fn take_tokens(&self, most: usize) -> Vec<RecentToken> {
        let mut recent = lock(&self.recent);
        let beyond = recent.len().saturating_sub(most);
        let tokens: Vec<RecentToken> = recent.drain(..).skip(beyond).collect();
        // A client that once was busy need not hold the memory for good.
        recent.shrink_to(8);
        tokens
    }

    /// The next hour has begun, or a clock was set.
    #[cold]
    fn start_hour(&self, hour: i64) {
        let mut earlier = lock(&self.earlier);
        let over = self.hour.load(SeqCst);
        if over != hour {
            add(&mut earlier, over, self.take_counters());
            self.hour.store(hour, SeqCst);
        }
    }

    fn take_counters(&self) -> Counts {
        let take = |kind| self.counter(kind).swap(0, SeqCst);
        Counts {
            issued: take(UsageKind::Issued),
            introspected: take(UsageKind::Introspected),
            refused: take(UsageKind::Refused),
        }
    }

    fn counter(&self, kind: UsageKind) -> &AtomicI64 {
        match kind {
            UsageKind::Issued => &self.issued,
            UsageKind::Introspected => &self.introspected,
            UsageKind::Refused => &self.refused,
        }
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
