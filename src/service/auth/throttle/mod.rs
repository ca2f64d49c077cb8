//! Counts wrong guesses, so that guessing takes longer than anybody lives.
//!
//! Only guesses count, and only against guessers: whoever shows a secret that the server made is known by one HMAC
//! and never asked how often others failed. What a person chose can be guessed, so there even the right secret waits
//! while its account is closed to its network; otherwise the wait would tell right from wrong.
//!
//! Guesses count per account and network, with networks nested, and per network; never per account alone, so a
//! stranger locks nobody out. A guess that is still being hashed has not failed. It takes one of the places that
//! failures left, so that guesses sent at once do not slip through together, and leaves it when it is known or nobody
//! waits any more.

use std::hash::RandomState;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use quick_cache::sync::Cache;

use crate::domain::Time;
use crate::service::clock::Clock;

mod attempt;
mod begin;
mod network;

pub(in crate::service) use attempt::Attempt;
pub(in crate::service) use network::Network;

/// How many guesses one network may make at any accounts in a window.
const PER_NETWORK: u32 = 100;

/// How many seconds to wait while guesses take all places: about as long as some of them are hashed.
const SOON: u64 = 1;

/// How long guesses count, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many windows are kept; beyond that the least used go.
const CAPACITY: usize = 100_000;

/// What is guessed at. Each has windows of its own: who guesses at one closes no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) enum Target {
    /// The secret of a client that nobody has, or that has only secrets which the server made. Nobody guesses those, so
    /// they are counted for one account and the smallest network alone.
    GeneratedSecret,
    /// The secret of a client that has one which a person chose.
    ChosenSecret,
    /// An administrator's password.
    Password,
    /// The code of the first set-up.
    SetupCode,
}

impl Target {
    /// What was done too often, for the log.
    pub(in crate::service) fn guesses(self) -> &'static str {
        match self {
            Self::GeneratedSecret => "wrong client secrets",
            Self::ChosenSecret => "wrong chosen client secrets",
            Self::Password => "wrong passwords",
            Self::SetupCode => "wrong set-up codes",
        }
    }
}

/// A target's account: a keyed hash of its name, which nobody outside this process can aim at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Account(Target, u64);

/// A secret shown for an account from a network, by its keyed digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Guess {
    account: Account,
    network: Network,
    digest: [u8; 32],
}

/// What guesses are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    OneAccount(Account, Network),
    AnyAccount(Target, Network),
}

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
pub(in crate::service) struct Throttle {
    clock: Clock,
    names: RandomState,
    windows: Cache<Key, Window>,
    /// Those of [`Target::GeneratedSecret`]. A guess there costs nobody much, so that many could drive others out.
    cheap_windows: Cache<Key, Window>,
    /// When the last failure in `windows` was noted, in microseconds since 1970. As long as that is long ago, which is
    /// nearly always, nobody has to look for a window.
    last_failure: AtomicI64,
    /// Held while a failure is noted, so that of two at once both count.
    noting: Mutex<()>,
    /// What is being hashed, once for each who shows it. There is no more of it than there are requests under way.
    pending: Mutex<Vec<Guess>>,
}

/// A window that a failed guess has closed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::service) struct Closed {
    /// What was guessed at.
    pub(in crate::service) target: Target,
    /// The network that has to wait.
    pub(in crate::service) network: Network,
    /// Whether it has to wait with any account, or with this one.
    pub(in crate::service) for_any_account: bool,
}

impl Throttle {
    pub(in crate::service) fn new(clock: Clock) -> Self {
        Self {
            clock,
            names: RandomState::new(),
            windows: Cache::new(CAPACITY),
            cheap_windows: Cache::new(CAPACITY),
            last_failure: AtomicI64::new(i64::MIN),
            noting: Mutex::default(),
            pending: Mutex::default(),
        }
    }

    fn windows(&self, target: Target) -> &Cache<Key, Window> {
        match target {
            Target::GeneratedSecret => &self.cheap_windows,
            _ => &self.windows,
        }
    }

    /// Whether no failure counts any more. A clock that was set back says no.
    fn is_quiet(&self, target: Target, now: Time) -> bool {
        let last = self.last_failure.load(Ordering::SeqCst);
        let end = last.saturating_add(WINDOW.num_microseconds().unwrap_or(i64::MAX));
        target != Target::GeneratedSecret && end <= now.timestamp_micros()
    }

    /// A window, if its failures count now.
    fn window(&self, key: &Key, now: Time) -> Option<Window> {
        let (Key::OneAccount(Account(target, _), _) | Key::AnyAccount(target, _)) = *key;
        let found = self.windows(target).get(key)?;
        found.is_open(now).then_some(found)
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Guess>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
