//! One attempt: whether it has to wait, and how its outcome is counted.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::{
    Account, ClosedWindow, Guess, GuessTarget, Network, PER_NETWORK, SOON, Throttle, WINDOW,
    Window, WindowKey,
};

/// An attempt on an account from a network. Its pending guess, if it has one, is removed when it is dropped.
#[derive(Debug)]
pub(in crate::service) struct Attempt<'a> {
    pub(super) throttle: &'a Throttle,
    pub(super) account: Account,
    pub(super) network: Network,
    /// The pending guess. Boxed, because few attempts have one.
    pub(super) guess: Option<Box<Guess>>,
}

impl Attempt<'_> {
    /// The windows that this attempt counts in, each with its network and limit.
    fn keys(&self) -> impl Iterator<Item = (WindowKey, Network, u32)> {
        let (account, network) = (self.account, self.network);
        let is_cheap = account.0 == GuessTarget::GeneratedSecret;
        let nested = network.nested().take(if is_cheap { 1 } else { usize::MAX });
        let any = WindowKey::AnyAccount(account.0, network);
        nested
            .map(move |(network, limit)| (WindowKey::OneAccount(account, network), network, limit))
            .chain((account.0.closes_any_account()).then_some((any, network, PER_NETWORK)))
    }

    /// Checks whether too many guesses failed.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(in crate::service) fn check(&self) -> Result<(), u64> {
        let now = self.throttle.clock.now();
        if self.throttle.is_quiet(self.account.0, now) {
            return Ok(());
        }
        let wait = |(key, _, limit)| {
            let window = self.throttle.window(&key, now)?;
            let left = window.since + WINDOW - now;
            (window.failures >= limit)
                .then(|| u64::try_from(left.num_seconds()).unwrap_or(0).max(1))
        };
        self.keys().filter_map(wait).max().map_or(Ok(()), Err)
    }

    /// Registers a pending guess, for a secret that only a slow hash can check.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(in crate::service) fn reserve(&mut self, digest: &[u8; 32]) -> Result<(), u64> {
        if self.guess.is_some() {
            return Ok(());
        }
        let guess = Guess {
            account: self.account,
            network: self.network,
            digest: *digest,
        };
        let mut pending = self.throttle.pending();
        // Checked under the lock: a guess that has just been removed was counted before.
        self.check()?;
        if self.is_full(&pending, &guess) || self.is_queue_full(&pending) {
            return Err(SOON);
        }
        pending.push(guess);
        drop(pending);
        self.guess = Some(Box::new(guess));
        Ok(())
    }

    /// Whether failed and pending guesses reach a limit. The same secret sent several times at once is one guess at an
    /// account; for a network each one counts, because each is hashed.
    fn is_full(&self, pending: &[Guess], guess: &Guess) -> bool {
        let now = self.throttle.clock.now();
        self.keys().any(|(key, network, limit)| {
            let beside = pending.iter().filter(|other| network.holds(other.network));
            let taken = match key {
                WindowKey::OneAccount(account, _) => {
                    let digests = beside
                        .filter(|other| other.account == account)
                        .map(|other| &other.digest)
                        .collect::<HashSet<_>>();
                    if digests.contains(&guess.digest) {
                        return false;
                    }
                    digests.len()
                }
                WindowKey::AnyAccount(target, _) => {
                    beside.filter(|other| other.account.0 == target).count()
                }
            };
            let failures = self.throttle.window(&key, now);
            let failures = failures.map_or(0, |window| window.failures);
            let taken = u32::try_from(taken).unwrap_or(u32::MAX);
            failures.saturating_add(taken) >= limit
        })
    }

    /// Whether a limit of passwords that are hashed at once is reached: of its target in its network, or of all that share
    /// its queue in the widest network, so that a client with many networks cannot fill the queue either.
    fn is_queue_full(&self, pending: &[Guess]) -> bool {
        let (target, widest) = (self.account.0, self.network.widest());
        target.in_queue().is_some_and(|[few, many]| {
            let around = pending.iter().filter(|other| {
                target.shares_queue(other.account.0) && widest.holds(other.network)
            });
            let own = |other: &&Guess| other.account.0 == target && other.network == self.network;
            around.clone().count() >= many || around.filter(own).count() >= few
        })
    }

    /// Counts it as failed, and returns the windows that this closed. The pending guess is removed only after that, so
    /// that the guess counts at every moment.
    pub(in crate::service) fn fail(self) -> Vec<ClosedWindow> {
        let throttle = self.throttle;
        let _counting = throttle
            .counting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = throttle.clock.now();
        if self.account.0 != GuessTarget::GeneratedSecret {
            let micros = now.timestamp_micros();
            throttle.last_failure.fetch_max(micros, Ordering::SeqCst);
        }
        let mut closed = Vec::new();
        for (key, network, limit) in self.keys() {
            let before = throttle.window(&key, now);
            let mut window = before.unwrap_or(Window {
                since: now,
                failures: 0,
            });
            window.failures = window.failures.saturating_add(1);
            throttle.windows(self.account.0).insert(key, window);
            if window.failures == limit {
                closed.push(ClosedWindow {
                    target: self.account.0,
                    network,
                    for_any_account: matches!(key, WindowKey::AnyAccount(..)),
                });
            }
        }
        closed
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let Some(guess) = self.guess.take() else {
            return;
        };
        let mut pending = self.throttle.pending();
        if let Some(position) = pending.iter().position(|other| *other == *guess) {
            pending.swap_remove(position);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use chrono::TimeDelta;

    use super::GuessTarget::{GeneratedSecret, Password, SetupCode};
    use super::*;
    use crate::domain::Time;
    use crate::service::clock::Clock;

    pub(in crate::service::auth::throttle) const HERE: &str = "192.0.2.1";
    const THERE: &str = "198.51.100.1";

    pub(in crate::service::auth::throttle) fn clock() -> Clock {
        Clock::held(Time::UNIX_EPOCH)
    }

    pub(in crate::service::auth::throttle) fn attempt<'a>(
        throttle: &'a Throttle,
        name: &str,
        address: &str,
    ) -> Attempt<'a> {
        let address = Some(address.parse().unwrap());
        throttle.attempt(GuessTarget::ChosenSecret, name, address)
    }

    pub(in crate::service::auth::throttle) fn fail(
        throttle: &Throttle,
        name: &str,
        address: &str,
    ) -> Vec<String> {
        let closed = attempt(throttle, name, address).fail().into_iter();
        closed
            .map(|closed| format!("{} {}", closed.network, closed.for_any_account))
            .collect()
    }

    pub(in crate::service::auth::throttle) fn wait(
        throttle: &Throttle,
        name: &str,
        address: &str,
    ) -> Option<u64> {
        attempt(throttle, name, address).check().err()
    }

    fn guess<'a>(throttle: &'a Throttle, name: &str, number: u8) -> Result<Attempt<'a>, u64> {
        let mut attempt = attempt(throttle, name, HERE);
        attempt.reserve(&[number; 32])?;
        Ok(attempt)
    }

    fn ten_guesses(throttle: &Throttle) -> Vec<Attempt<'_>> {
        let guesses = (0..10).map(|number| guess(throttle, "ada", number).unwrap());
        guesses.collect()
    }

    #[test]
    fn ten_failures_close_one_account_to_one_network_for_a_while() {
        let clock = clock();
        let throttle = Throttle::new(clock.clone());
        for count in 1..=10 {
            assert_eq!(wait(&throttle, "ada", HERE), None);
            let closed = fail(&throttle, "ada", HERE);
            assert_eq!(closed.concat(), ["", "192.0.2.0/24 false"][count / 10]);
        }
        assert_eq!(wait(&throttle, "ada", "192.0.2.9"), Some(900));
        assert_eq!(
            wait(&throttle, "bea", HERE),
            None,
            "other accounts stay open"
        );
        assert_eq!(
            wait(&throttle, "ada", THERE),
            None,
            "a stranger locks nobody out"
        );
        let here = Some(HERE.parse().unwrap());
        for target in [GeneratedSecret, Password, SetupCode] {
            assert_eq!(throttle.attempt(target, "ada", here).check(), Ok(()));
        }
        clock.advance(TimeDelta::minutes(15));
        assert_eq!(wait(&throttle, "ada", HERE), None);
    }

    #[test]
    fn few_passwords_of_one_network_are_queued_at_once() {
        let throttle = Throttle::new(clock());
        let reserve = |name: u8, address: &str| {
            let address = Some(address.parse().unwrap());
            let mut attempt = throttle.attempt(GuessTarget::Password, &name.to_string(), address);
            attempt.reserve(&[name; 32]).map(|()| attempt)
        };
        let here: Vec<_> = (0..10).map(|name| reserve(name, HERE)).collect();
        assert_eq!(here.iter().filter(|reserved| reserved.is_ok()).count(), 4);
        let around: Vec<_> = (0..10)
            .map(|name| reserve(name, &format!("192.0.{name}.1")))
            .collect();
        assert_eq!(around.iter().filter(|reserved| reserved.is_ok()).count(), 4);
        assert!(reserve(0, THERE).is_ok());
        drop(here);
        assert!(reserve(0, HERE).is_ok());
    }

    #[test]
    fn pending_guesses_count_and_are_no_failures() {
        let throttle = Throttle::new(clock());
        let mut under_way = ten_guesses(&throttle);
        let again = guess(&throttle, "ada", 0).unwrap();
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(1));
        assert_eq!(guess(&throttle, "bea", 10).err(), None);
        assert_eq!(wait(&throttle, "ada", HERE), None, "nobody has failed");
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
    fn pending_guesses_share_the_limit_of_the_network_around_theirs() {
        let throttle = Throttle::new(clock());
        let guesses = (0..=u8::MAX).map(|number| {
            let mut attempt = attempt(&throttle, "ada", &format!("2001:db8:1:{number:x}::1"));
            attempt.reserve(&[number; 32]).map(|()| attempt)
        });
        let (under_way, refused): (Vec<_>, Vec<_>) = guesses.partition(Result::is_ok);
        assert_eq!((under_way.len(), refused.len()), (20, 236), "a /56");
    }

    #[test]
    fn failed_and_pending_guesses_share_the_limit() {
        let throttle = Throttle::new(clock());
        let mut under_way = ten_guesses(&throttle);
        for attempt in under_way.drain(..9) {
            assert_eq!(attempt.fail(), []);
        }
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(1));
        assert_eq!(under_way[0].check(), Ok(()));
        assert_eq!(under_way.remove(0).fail().len(), 1);
        assert_eq!(guess(&throttle, "ada", 10).err(), Some(900));
    }

    #[test]
    fn a_network_may_have_a_hundred_pending_guesses() {
        let throttle = Throttle::new(clock());
        let names = (0..100).map(|number: u32| (number % 50).to_string());
        let mut under_way: Vec<_> = names
            .map(|name| guess(&throttle, &name, 0).unwrap())
            .collect();
        assert_eq!(guess(&throttle, "0", 0).err(), Some(1), "even for the same");
        let mut elsewhere = attempt(&throttle, "0", THERE);
        assert_eq!(elsewhere.reserve(&[0; 32]), Ok(()));
        assert_eq!(wait(&throttle, "ada", HERE), None, "nobody has failed");
        for attempt in under_way.drain(..) {
            attempt.fail();
        }
        assert_eq!(wait(&throttle, "ada", HERE), Some(900));
        assert_eq!(wait(&throttle, "0", THERE), None);
    }

    #[test]
    fn every_concurrent_failure_counts() {
        let throttle = Throttle::new(clock());
        let closed = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for account in 0..4 {
                let (throttle, closed) = (&throttle, &closed);
                let fail_often = move || {
                    for _ in 0..25 {
                        let more = fail(throttle, &account.to_string(), HERE);
                        closed.lock().unwrap().extend(more);
                    }
                };
                scope.spawn(fail_often);
            }
        });
        assert_eq!(wait(&throttle, "ada", HERE), Some(900), "100 in all");
        let mut closed = closed.into_inner().unwrap();
        closed.sort();
        assert_eq!(closed.pop().as_deref(), Some("192.0.2.0/24 true"));
        assert_eq!(closed, ["192.0.2.0/24 false"; 4]);
    }
}
