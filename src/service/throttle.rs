//! Counts failed attempts, so that guessing takes longer than anybody lives.
//!
//! Failures count per account and network, and per network; never per account alone, so a stranger locks
//! nobody out.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use quick_cache::sync::Cache;

use super::clock::Clock;
use crate::domain::Time;

/// How many failures one network may have with one account in a window.
const PER_ACCOUNT: u32 = 10;

/// How many failures one network may have with any account in a window.
const PER_NETWORK: u32 = 100;

/// How long failures count, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many counters are kept; beyond that the least used go.
const CAPACITY: usize = 100_000;

/// An account or client: a keyed hash of its name, which nobody outside this process can aim at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Account(u64);

/// One account, or none for any.
type Key = (Option<Account>, Network);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Time,
    failures: u32,
}

impl Window {
    /// Whether its failures count. One that begins long after now was opened by a clock that has been set back
    /// since, and would hold somebody up for as long as that clock was ahead.
    fn is_open(&self, now: Time) -> bool {
        self.since - WINDOW < now && now < self.since + WINDOW
    }
}

#[derive(Debug)]
pub(super) struct Throttle {
    clock: Clock,
    names: RandomState,
    windows: Cache<Key, Window>,
    /// Held while a failure is noted, so that of two at once both count.
    noting: Mutex<()>,
}

/// A network small enough to belong to one party: /24 of IPv4, /64 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Network {
    Unknown,
    V4([u8; 3]),
    V6([u8; 8]),
}

impl Network {
    pub(super) fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            None => Self::Unknown,
            Some(IpAddr::V4(address)) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            Some(IpAddr::V6(address)) => {
                let mut prefix = [0; 8];
                prefix.copy_from_slice(&address.octets()[..8]);
                Self::V6(prefix)
            }
        }
    }
}

impl Throttle {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            names: RandomState::new(),
            windows: Cache::new(CAPACITY),
            noting: Mutex::default(),
        }
    }

    /// The account of this name.
    pub(super) fn account(&self, name: &str) -> Account {
        Account(self.names.hash_one(name))
    }

    /// Seconds to wait before the next attempt on an account from a network, if it has to wait.
    pub(super) fn wait(&self, account: Account, network: Network) -> Option<u64> {
        let now = self.clock.now();
        let wait = |key: Key, limit: u32| {
            let window = self
                .windows
                .get(&key)
                .filter(|window| window.is_open(now))?;
            let left = window.since + WINDOW - now;
            (window.failures >= limit)
                .then(|| u64::try_from(left.num_seconds()).unwrap_or(0).max(1))
        };
        wait((Some(account), network), PER_ACCOUNT).max(wait((None, network), PER_NETWORK))
    }

    /// Counts an attempt that takes long as failed until it is known, so that guesses made at once do not
    /// slip through together. What turns out right is given back with [`Throttle::refund`].
    ///
    /// # Errors
    /// Seconds to wait.
    pub(super) fn charge(&self, account: Account, network: Network) -> Result<(), u64> {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seconds) = self.wait(account, network) {
            return Err(seconds);
        }
        self.count(account, network);
        Ok(())
    }

    /// Takes a charge back.
    pub(super) fn refund(&self, account: Account, network: Network) {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        for key in [(Some(account), network), (None, network)] {
            if let Some(window) = self.windows.get(&key) {
                let failures = window.failures.saturating_sub(1);
                self.windows.insert(key, Window { failures, ..window });
            }
        }
    }

    /// Notes a failed attempt.
    pub(super) fn fail(&self, account: Account, network: Network) {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        self.count(account, network);
    }

    fn count(&self, account: Account, network: Network) {
        let now = self.clock.now();
        for key in [(Some(account), network), (None, network)] {
            let begun = self.windows.get(&key).filter(|window| window.is_open(now));
            let window = begun.map_or(
                Window {
                    since: now,
                    failures: 1,
                },
                |window| Window {
                    failures: window.failures + 1,
                    ..window
                },
            );
            self.windows.insert(key, window);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Network = Network::V4([192, 0, 2]);
    const THERE: Network = Network::V4([198, 51, 100]);

    fn clock() -> Clock {
        Clock::held(Time::UNIX_EPOCH)
    }

    #[test]
    fn ten_failures_close_one_account_from_one_network_for_a_while() {
        let clock = clock();
        let throttle = Throttle::new(clock.clone());
        for _ in 0..10 {
            assert_eq!(throttle.wait(Account(1), HERE), None);
            throttle.fail(Account(1), HERE);
        }
        assert_eq!(throttle.wait(Account(1), HERE), Some(900));
        assert_eq!(
            throttle.wait(Account(2), HERE),
            None,
            "other accounts stay open"
        );
        assert_eq!(
            throttle.wait(Account(1), THERE),
            None,
            "a stranger locks nobody out"
        );
        clock.advance(TimeDelta::minutes(15));
        assert_eq!(throttle.wait(Account(1), HERE), None);
    }

    #[test]
    fn attempts_under_way_count_until_they_are_known() {
        let throttle = Throttle::new(clock());
        for _ in 0..10 {
            assert_eq!(throttle.charge(Account(1), HERE), Ok(()));
        }
        assert_eq!(throttle.charge(Account(1), HERE), Err(900));
        throttle.refund(Account(1), HERE);
        assert_eq!(throttle.charge(Account(1), HERE), Ok(()));
    }

    #[test]
    fn a_clock_that_was_ahead_holds_nobody_up_for_as_long_as_it_was() {
        let clock = clock();
        let throttle = Throttle::new(clock.clone());
        clock.advance(TimeDelta::days(1));
        for _ in 0..10 {
            throttle.fail(Account(1), HERE);
        }
        assert_eq!(throttle.wait(Account(1), HERE), Some(900));
        clock.advance(-TimeDelta::minutes(14));
        assert_eq!(
            throttle.wait(Account(1), HERE),
            Some(1740),
            "a clock set back a little opens nothing"
        );
        clock.advance(-TimeDelta::days(1));
        assert_eq!(throttle.wait(Account(1), HERE), None);
        throttle.fail(Account(1), HERE);
        assert_eq!(
            throttle.wait(Account(1), HERE),
            None,
            "and counting begins anew"
        );
    }

    #[test]
    fn a_hundred_failures_close_a_network() {
        let throttle = Throttle::new(clock());
        for account in 0..100 {
            throttle.fail(Account(account), HERE);
        }
        assert!(throttle.wait(Account(200), HERE).is_some());
        assert_eq!(throttle.wait(Account(200), THERE), None);
    }

    #[test]
    fn of_failures_at_once_every_one_counts() {
        let throttle = Throttle::new(clock());
        std::thread::scope(|scope| {
            for account in 0..4 {
                let throttle = &throttle;
                scope.spawn(move || (0..25).for_each(|_| throttle.fail(Account(account), HERE)));
            }
        });
        assert_eq!(
            throttle
                .windows
                .get(&(None, HERE))
                .map(|window| window.failures),
            Some(100)
        );
    }

    #[test]
    fn neighbours_share_a_network() {
        let network = |text: &str| Network::of(Some(text.parse().unwrap()));
        assert_eq!(network("192.0.2.1"), network("192.0.2.200"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.200"));
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
    }
}
