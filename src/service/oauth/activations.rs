//! Which first uses of secrets are being written: requests with the same secret at once share one change.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tokio::sync::watch;

use crate::domain::Time;
use crate::domain::ids::SecretNumber;

/// For how long nobody tries again after a failure, so that not every request waits while nothing can be written.
const PAUSE: TimeDelta = TimeDelta::seconds(1);

/// The changes that are under way or failed, by the secret that was used.
#[derive(Debug, Default)]
pub(super) struct Activations(Mutex<HashMap<SecretNumber, Activation>>);

#[derive(Debug)]
enum Activation {
    /// The sender is dropped when it has ended.
    UnderWay(watch::Receiver<()>),
    /// It failed at this moment.
    Failed(Time),
}

impl Activations {
    fn lock(&self) -> MutexGuard<'_, HashMap<SecretNumber, Activation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request with this secret waits for, and the sender for the one request that has to make the change.
    pub(super) fn join(
        &self,
        secret: SecretNumber,
        now: Time,
    ) -> Option<(watch::Receiver<()>, Option<watch::Sender<()>>)> {
        let mut activations = self.lock();
        match activations.get(&secret) {
            // One whose sender is gone has ended without saying so.
            Some(Activation::UnderWay(end)) if end.has_changed().is_ok() => {
                return Some((end.clone(), None));
            }
            // A clock that was set back must not make the pause longer.
            Some(Activation::Failed(at)) if (now - *at).abs() < PAUSE => return None,
            _ => {}
        }
        // Secrets whose activation failed and which nobody used again.
        let is_recent = |at: Time| (now - at).abs() < PAUSE;
        activations.retain(|_, one| !matches!(one, Activation::Failed(at) if !is_recent(*at)));
        let (sender, receiver) = watch::channel(());
        activations.insert(secret, Activation::UnderWay(receiver.clone()));
        Some((receiver, Some(sender)))
    }

    /// Says that the change of a secret has ended, or that it failed.
    pub(super) fn end(&self, secret: SecretNumber, failed_at: Option<Time>) {
        let mut activations = self.lock();
        match failed_at {
            None => activations.remove(&secret),
            Some(at) => activations.insert(secret, Activation::Failed(at)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: SecretNumber = SecretNumber(7);

    fn at(second: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn one_request_makes_the_change_and_the_others_wait_for_it() {
        let activations = Activations::default();
        let (first, sender) = activations.join(SEVEN, at(0)).unwrap();
        let (second, none) = activations.join(SEVEN, at(0)).unwrap();
        assert!(sender.is_some() && none.is_none());
        activations.end(SEVEN, None);
        drop(sender);
        assert!(first.has_changed().is_err() && second.has_changed().is_err());
        assert!(activations.lock().is_empty());
    }

    #[test]
    fn after_a_failure_nobody_waits_for_a_moment() {
        let activations = Activations::default();
        let (_, sender) = activations.join(SEVEN, at(10)).unwrap();
        activations.end(SEVEN, Some(at(10)));
        drop(sender);
        assert!(activations.join(SEVEN, at(10)).is_none());
        let (_, sender) = activations.join(SEVEN, at(11)).unwrap();
        assert!(sender.is_some());
        activations.end(SEVEN, Some(at(11)));
        // The clock was set back.
        let (_, sender) = activations.join(SEVEN, at(5)).unwrap();
        assert!(sender.is_some());
    }

    #[test]
    fn a_change_that_ended_without_a_word_is_made_again() {
        let activations = Activations::default();
        let (_, sender) = activations.join(SEVEN, at(0)).unwrap();
        drop(sender);
        let (_, sender) = activations.join(SEVEN, at(0)).unwrap();
        assert!(sender.is_some());
    }
}
