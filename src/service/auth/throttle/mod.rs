//! Rate limiting of wrong guesses, so that guessing a secret takes longer than a lifetime.
//!
//! Only wrong guesses count, and only against those who guess: a secret that the server made is checked with one HMAC,
//! whatever failed before. A secret that a person chose can be guessed, so even the right one waits while its account
//! is closed to its network; otherwise the wait would tell right from wrong.
//!
//! Guesses count per account and network (at participants' passwords, also per client), with networks nested, and per
//! network; never per account alone, so a stranger cannot lock an account. A guess that is being hashed has not failed
//! yet. It is counted as pending, so that guesses sent at once cannot exceed the limit together, until its result is
//! known or its request is cancelled.

use std::hash::RandomState;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use quick_cache::sync::Cache;

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::service::clock::Clock;

mod attempt;
mod begin;
mod network;

pub(in crate::service) use attempt::Attempt;
pub(in crate::service) use network::Network;

/// How many guesses one network may make at any accounts in a window.
const PER_NETWORK: u32 = 100;

/// How many seconds to wait while pending guesses reach the limit: about as long as some of them are hashed.
const SOON: u64 = 1;

/// How long guesses count, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many windows are kept; beyond that the least recently used are evicted.
const CAPACITY: usize = 100_000;

/// What is guessed. Each target has windows of its own: guesses at one close no window of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::service) enum GuessTarget {
    /// The secret of a client that does not exist, or that has only generated secrets. These cannot be guessed, so they
    /// are counted for one account and the smallest network alone.
    GeneratedSecret,
    /// The secret of a client with a chosen secret.
    ChosenSecret,
    /// An administrator's password.
    Password,
    /// A participant's password, sent by this client. Its server sends it on behalf of many people, so guesses close one
    /// account to that client and network, and never all of them: otherwise a stranger could lock everybody out.
    ParticipantPassword(ClientNumber),
    /// The code of the first set-up.
    SetupCode,
}

impl GuessTarget {
    /// What was done too often, for the log.
    pub(in crate::service) fn guesses(self) -> &'static str {
        match self {
            Self::GeneratedSecret => "wrong client secrets",
            Self::ChosenSecret => "wrong chosen client secrets",
            Self::Password => "wrong passwords",
            Self::ParticipantPassword(_) => "wrong passwords of participants",
            Self::SetupCode => "wrong set-up codes",
        }
    }

    /// Whether guesses at any accounts close all accounts of this kind to a network.
    fn closes_any_account(self) -> bool {
        !matches!(self, Self::GeneratedSecret | Self::ParticipantPassword(_))
    }

    /// How many guesses may be in the hash queue at once for one network, and for the widest one around it.
    fn in_queue(self) -> Option<[usize; 2]> {
        match self {
            Self::Password => Some(network::PASSWORDS_AT_ONCE),
            Self::ParticipantPassword(_) => Some(network::LOGINS_AT_ONCE),
            _ => None,
        }
    }

    /// Whether guesses at both wait in the same hash queue.
    fn shares_queue(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The account of a target: a keyed hash of its name, so that nobody outside this process can choose collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Account(GuessTarget, u64);

/// A secret sent for an account from a network, by its keyed digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Guess {
    account: Account,
    network: Network,
    digest: [u8; 32],
}

/// What a window counts guesses for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum WindowKey {
    OneAccount(Account, Network),
    AnyAccount(GuessTarget, Network),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Time,
    failures: u32,
}

impl Window {
    /// Whether its failures count. A window that begins long after now was opened by a clock that has been set back
    /// since; it would count for as long as that clock was ahead.
    fn is_open(&self, now: Time) -> bool {
        self.since - WINDOW < now && now < self.since + WINDOW
    }
}

#[derive(Debug)]
pub(in crate::service) struct Throttle {
    clock: Clock,
    names: RandomState,
    windows: Cache<WindowKey, Window>,
    /// Those of [`GuessTarget::GeneratedSecret`]. Such guesses are cheap to make, so in the other cache they could evict the
    /// windows of the other targets.
    cheap_windows: Cache<WindowKey, Window>,
    /// When the last failure in `windows` was counted, in microseconds since 1970. While that is long ago, as it nearly
    /// always is, no window has to be looked up.
    last_failure: AtomicI64,
    /// Locked while a failure is counted, so that two at once both count.
    counting: Mutex<()>,
    /// Guesses that are being hashed, one for each request. There are no more of them than requests in progress.
    pending: Mutex<Vec<Guess>>,
}

/// A window that a failed guess has closed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::service) struct ClosedWindow {
    /// What was guessed.
    pub(in crate::service) target: GuessTarget,
    /// The network that has to wait.
    pub(in crate::service) network: Network,
    /// Whether it has to wait with every account, or with this one.
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
            counting: Mutex::default(),
            pending: Mutex::default(),
        }
    }

    fn windows(&self, target: GuessTarget) -> &Cache<WindowKey, Window> {
        match target {
            GuessTarget::GeneratedSecret => &self.cheap_windows,
            _ => &self.windows,
        }
    }

    /// Whether no failure counts any more. False after the clock was set back.
    fn is_quiet(&self, target: GuessTarget, now: Time) -> bool {
        let last = self.last_failure.load(Ordering::SeqCst);
        let end = last.saturating_add(WINDOW.num_microseconds().unwrap_or(i64::MAX));
        target != GuessTarget::GeneratedSecret && end <= now.timestamp_micros()
    }

    /// A window, if its failures count now.
    fn window(&self, key: &WindowKey, now: Time) -> Option<Window> {
        let (WindowKey::OneAccount(Account(target, _), _) | WindowKey::AnyAccount(target, _)) =
            *key;
        let found = self.windows(target).get(key)?;
        found.is_open(now).then_some(found)
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Guess>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
