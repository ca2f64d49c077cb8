//! When something was last used, to the minute.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use chrono::DateTime;

use crate::domain::Time;

/// In microseconds.
const MINUTE: i64 = 60_000_000;

/// When something was last used, to the minute. A use is kept unless another one was kept in the minute before it: among a
/// million clients the last uses of each lie on database pages of their own, so that ten thousand that are used all the time
/// would change ten thousand pages a second.
#[derive(Debug, Default)]
pub(super) struct LastUse {
    /// The last kept use since the last flush, in microseconds since 1970; zero when there is none.
    unwritten: AtomicI64,
    /// The last kept use at all.
    kept: AtomicI64,
}

impl LastUse {
    /// Keeps a use, unless one was kept in the minute before it.
    pub(super) fn record(&self, at: Time) {
        let at = at.timestamp_micros();
        if is_minute_over(at, &self.kept) {
            self.keep(at);
        }
    }

    pub(super) fn keep(&self, at: i64) {
        self.kept.store(at, SeqCst);
        self.unwritten.fetch_max(at, SeqCst);
    }

    /// The last use that was kept since this was last asked.
    pub(super) fn take(&self) -> Option<Time> {
        match self.unwritten.swap(0, SeqCst) {
            0 => None,
            micros => DateTime::from_timestamp_micros(micros),
        }
    }
}

/// Whether a minute has passed since a moment, both in microseconds since 1970. A clock may have been set back.
pub(super) fn is_minute_over(now: i64, since: &AtomicI64) -> bool {
    !(0..MINUTE).contains(&(now - since.load(SeqCst)))
}
