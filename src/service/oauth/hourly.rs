//! How often each client did something in this hour, so that no client makes the database grow without end.
//!
//! Each node counts by itself, in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::usage::{beginning_of, hour_of};

/// How many participants a client may register in an hour, and how many changes of `extra` by it have an event.
pub(super) const MOST_AN_HOUR: u32 = 100;

/// What clients did in this hour.
#[derive(Debug, Default)]
pub(super) struct HourlyCounts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    hour: i64,
    by_client: HashMap<ClientNumber, u32>,
}

impl HourlyCounts {
    /// Counts one more, and returns how many the client has now.
    pub(super) fn count(&self, client: ClientNumber, now: Time) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = hour_of(now);
        if counts.hour != hour {
            counts.by_client.clear();
            counts.hour = hour;
        }
        let count = counts.by_client.entry(client).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// How many seconds this hour still has.
pub(super) fn seconds_left(now: Time) -> u64 {
    let left = beginning_of(hour_of(now) + 1) - now;
    u64::try_from(left.num_seconds()).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn each_client_is_counted_for_an_hour() {
        let counts = HourlyCounts::default();
        let begin = Time::UNIX_EPOCH + TimeDelta::minutes(20);
        let count = |client, minutes| {
            let now = begin + TimeDelta::minutes(minutes);
            counts.count(ClientNumber(client), now)
        };
        assert_eq!([count(1, 0), count(1, 39), count(2, 39)], [1, 2, 1]);
        assert_eq!([count(1, 40), count(2, 41)], [1, 1], "the next hour");
        assert_eq!(seconds_left(begin), 2_400);
        assert_eq!(seconds_left(begin + TimeDelta::minutes(40)), 3_600);
    }
}
