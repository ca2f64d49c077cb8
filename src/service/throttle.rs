//! Counts failed attempts, so that guessing takes longer than anybody lives.
//!
//! Failures count per account and network, and per network; never per account alone, so a stranger locks
//! nobody out. A guess that is still being hashed has not failed. It takes one of the places that failures left, so
//! that guesses sent at once do not slip through together, and leaves it when it is known or nobody waits any more.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use quick_cache::sync::Cache;

use super::clock::Clock;
use crate::domain::Time;

/// How many failures one network may have with one account in a window.
const PER_ACCOUNT: u32 = 10;

/// How many failures one network may have with any account in a window.
const PER_NETWORK: u32 = 100;

/// How many seconds to wait while guesses take all places: about as long as some of them are hashed.
const SOON: u64 = 1;

/// How long failures count, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many counters are kept; beyond that the least used go.
const CAPACITY: usize = 100_000;

/// An account or client: a keyed hash of its name, which nobody outside this process can aim at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Account(u64);

/// A secret shown for an account, by its keyed digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Guess {
    account: Account,
    digest: [u8; 32],
}

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
    /// What is being hashed, once for each who shows it. There is no more of it than there are requests under way.
    pending: Mutex<HashMap<Network, Vec<Guess>>>,
}

/// An attempt on an account from a network. Whatever becomes of it, its place is free when it is dropped.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    throttle: &'a Throttle,
    account: Account,
    network: Network,
    /// What takes a place. Boxed, because few attempts take one.
    guess: Option<Box<Guess>>,
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
            pending: Mutex::default(),
        }
    }

    /// The account of this name.
    pub(super) fn account(&self, name: &str) -> Account {
        Account(self.names.hash_one(name))
    }

    /// Begins an attempt on the account of this name.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(super) fn attempt(&self, name: &str, network: Network) -> Result<Attempt<'_>, u64> {
        let attempt = Attempt {
            throttle: self,
            account: self.account(name),
            network,
            guess: None,
        };
        attempt.check()?;
        Ok(attempt)
    }

    /// Seconds to wait before the next attempt on an account from a network, if it has to wait.
    pub(super) fn wait(&self, account: Account, network: Network) -> Option<u64> {
        let now = self.clock.now();
        let wait = |key: Key, limit: u32| {
            let window = self.window(&key, now)?;
            let left = window.since + WINDOW - now;
            (window.failures >= limit)
                .then(|| u64::try_from(left.num_seconds()).unwrap_or(0).max(1))
        };
        wait((Some(account), network), PER_ACCOUNT).max(wait((None, network), PER_NETWORK))
    }

    /// A window, if its failures count now.
    fn window(&self, key: &Key, now: Time) -> Option<Window> {
        self.windows.get(key).filter(|window| window.is_open(now))
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<Network, Vec<Guess>>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether failures, and what is being hashed beside a guess, leave it no place. The same secret shown many times
    /// at once is one guess at an account. A network has a place for each, as each stands in the line for hashing.
    fn is_full(&self, network: Network, beside: &[Guess], guess: &Guess) -> bool {
        let now = self.clock.now();
        let is_full = |key: Key, pending: usize, limit: u32| {
            let failures = self.window(&key, now).map_or(0, |window| window.failures);
            let pending = u32::try_from(pending).unwrap_or(u32::MAX);
            failures.saturating_add(pending) >= limit
        };
        let of_account = beside.iter().filter(|other| other.account == guess.account);
        let guesses: HashSet<&[u8; 32]> = of_account.map(|other| &other.digest).collect();
        is_full((None, network), beside.len(), PER_NETWORK)
            || (!guesses.contains(&guess.digest)
                && is_full((Some(guess.account), network), guesses.len(), PER_ACCOUNT))
    }

    /// Notes a failed attempt.
    pub(super) fn fail(&self, account: Account, network: Network) {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        for key in [(Some(account), network), (None, network)] {
            let window = self.window(&key, now).map_or(
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

impl Attempt<'_> {
    /// Looks whether others failed too often meanwhile.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(super) fn check(&self) -> Result<(), u64> {
        self.throttle
            .wait(self.account, self.network)
            .map_or(Ok(()), Err)
    }

    /// Takes a place for a secret that only a slow hash can tell right from wrong.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(super) fn guess(&mut self, digest: &[u8; 32]) -> Result<(), u64> {
        if self.guess.is_some() {
            return Ok(());
        }
        let guess = Guess {
            account: self.account,
            digest: *digest,
        };
        let mut pending = self.throttle.pending();
        // Looked at under the lock: what has just left its place has been counted by then.
        self.check()?;
        let beside = pending.get(&self.network);
        let beside = beside.map(Vec::as_slice).unwrap_or_default();
        if self.throttle.is_full(self.network, beside, &guess) {
            return Err(SOON);
        }
        pending.entry(self.network).or_default().push(guess);
        self.guess = Some(Box::new(guess));
        Ok(())
    }

    /// Counts it as failed. Its place is free only after that, so that it counts at any moment.
    pub(super) fn fail(self) {
        self.throttle.fail(self.account, self.network);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let Some(guess) = self.guess.take() else {
            return;
        };
        let mut pending = self.throttle.pending();
        let Some(beside) = pending.get_mut(&self.network) else {
            return;
        };
        if let Some(place) = beside.iter().position(|other| *other == *guess) {
            beside.swap_remove(place);
        }
        if beside.is_empty() {
            pending.remove(&self.network);
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

    fn guess(throttle: &Throttle, name: impl ToString, number: u8) -> Result<Attempt<'_>, u64> {
        let mut attempt = throttle.attempt(&name.to_string(), HERE)?;
        attempt.guess(&[number; 32])?;
        Ok(attempt)
    }

    fn ten_guesses(throttle: &Throttle) -> Vec<Attempt<'_>> {
        let guesses = (0..10).map(|number| guess(throttle, "ada", number).unwrap());
        guesses.collect()
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
    fn guesses_under_way_take_places_and_are_no_failures() {
        let throttle = Throttle::new(clock());
        let mut under_way = ten_guesses(&throttle);
        let again = guess(&throttle, "ada", 0).unwrap();
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(1));
        assert_eq!(guess(&throttle, "bea", 10).err(), None);
        assert!(throttle.attempt("ada", HERE).is_ok(), "nobody has failed");
        drop(under_way.remove(0));
        let full = guess(&throttle, "ada", 10).err();
        assert_eq!(full, Some(1), "somebody else still shows it");
        drop(again);
        assert_eq!(guess(&throttle, "ada", 10).err(), None);
        drop(under_way);
        assert!(throttle.pending().is_empty());
        assert_eq!(throttle.windows.len(), 0, "who hung up left nothing");
    }

    #[test]
    fn failures_and_guesses_under_way_share_the_places() {
        let throttle = Throttle::new(clock());
        let mut under_way = ten_guesses(&throttle);
        under_way.drain(..9).for_each(Attempt::fail);
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(1));
        assert_eq!(under_way[0].check(), Ok(()));
        under_way.drain(..).for_each(Attempt::fail);
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(900));
    }

    #[test]
    fn a_network_has_a_place_for_each_of_a_hundred() {
        let throttle = Throttle::new(clock());
        let names = (0..100).map(|number| number % 50);
        let mut under_way: Vec<_> = names
            .map(|name| guess(&throttle, name, 0).unwrap())
            .collect();
        assert_eq!(guess(&throttle, 0, 0).err(), Some(1), "even for the same");
        let mut elsewhere = throttle.attempt("0", THERE).unwrap();
        assert_eq!(elsewhere.guess(&[0; 32]), Ok(()));
        assert!(throttle.attempt("ada", HERE).is_ok(), "nobody has failed");
        under_way.drain(..).for_each(Attempt::fail);
        assert_eq!(throttle.attempt("ada", HERE).err(), Some(900));
        assert!(throttle.attempt("0", THERE).is_ok());
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
