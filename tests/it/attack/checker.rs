//! Checks linearizability: a response may show the state after the last change that was answered before the request
//! was sent, or after any later change that was sent before the response arrived; no older state and no other.
//!
//! Moments are timestamps of one atomic counter, which orders the events of all threads.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives out timestamps.
#[derive(Debug, Default)]
pub struct LogicalClock(AtomicU64);

impl LogicalClock {
    /// The next timestamp.
    pub fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// The result of a request, with the timestamps before it was sent and after it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation<A> {
    pub sent: u64,
    pub answered: u64,
    pub observed: A,
}

/// A change, and the state from then on.
#[derive(Clone, Debug)]
pub struct Change<S> {
    pub sent: u64,
    pub answered: u64,
    pub after: S,
}

/// An initial state and its changes, each sent after the previous one was answered.
#[derive(Clone, Debug)]
pub struct History<S> {
    pub before: S,
    pub changes: Vec<Change<S>>,
}

/// The result of the check.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict<A> {
    /// How many observations were sent after a change was answered and while no other was in progress, so that exactly
    /// one state is correct.
    pub judged: usize,
    /// The observations of a state that was not allowed.
    pub violations: Vec<Observation<A>>,
}

impl<S> History<S> {
    /// Checks observations; `agrees` compares a result with a state.
    pub fn judge<A: Clone>(
        &self,
        observations: &[Observation<A>],
        agrees: impl Fn(&S, &A) -> bool,
    ) -> Verdict<A> {
        let mut verdict = Verdict {
            judged: 0,
            violations: Vec::new(),
        };
        for observation in observations {
            let settled = self
                .changes
                .partition_point(|change| change.answered < observation.sent);
            let begun = self
                .changes
                .partition_point(|change| change.sent < observation.answered);
            verdict.judged += usize::from(settled > 0 && settled == begun);
            if !(settled..=begun).any(|count| agrees(self.state(count), &observation.observed)) {
                verdict.violations.push(observation.clone());
            }
        }
        verdict
    }

    /// The state after `count` changes.
    fn state(&self, count: usize) -> &S {
        count
            .checked_sub(1)
            .map_or(&self.before, |last| &self.changes[last].after)
    }
}

/// On, then off between 10 and 20, then on again between 30 and 40.
fn on_off_on() -> History<bool> {
    let change = |sent, answered, after| Change {
        sent,
        answered,
        after,
    };
    History {
        before: true,
        changes: vec![change(10, 20, false), change(30, 40, true)],
    }
}

fn observation(sent: u64, answered: u64, observed: bool) -> Observation<bool> {
    Observation {
        sent,
        answered,
        observed,
    }
}

fn judge(observation: Observation<bool>) -> (usize, usize) {
    let verdict = on_off_on().judge(&[observation], |state, observed| state == observed);
    (verdict.judged, verdict.violations.len())
}

#[test]
fn before_any_change_only_the_first_state_is_right() {
    assert_eq!(judge(observation(1, 2, true)), (0, 0));
    assert_eq!(judge(observation(1, 2, false)), (0, 1));
}

#[test]
fn while_a_change_is_under_way_both_states_are_right() {
    for (sent, answered) in [(1, 11), (11, 12), (19, 25), (1, 25)] {
        for observed in [true, false] {
            assert_eq!(judge(observation(sent, answered, observed)), (0, 0));
        }
    }
}

#[test]
fn after_the_answer_the_old_state_is_a_violation() {
    assert_eq!(judge(observation(21, 22, false)), (1, 0));
    assert_eq!(judge(observation(21, 22, true)), (1, 1));
    assert_eq!(judge(observation(41, 42, true)), (1, 0));
    assert_eq!(judge(observation(41, 42, false)), (1, 1));
}

#[test]
fn an_observation_that_spans_a_second_change_may_show_it() {
    assert_eq!(judge(observation(21, 35, true)), (0, 0));
    assert_eq!(judge(observation(21, 35, false)), (0, 0));
}

#[test]
fn a_reader_that_is_one_change_behind_is_caught() {
    let mut observations = Vec::new();
    let history = History {
        before: 0,
        changes: (1..=50_u64)
            .map(|count| Change {
                sent: count * 10,
                answered: count * 10 + 2,
                after: count,
            })
            .collect(),
    };
    for count in 1..=50 {
        observations.push(Observation {
            sent: count * 10 + 3,
            answered: count * 10 + 4,
            observed: count,
        });
    }
    let same = |state: &u64, observed: &u64| state == observed;
    let sound = history.judge(&observations, same);
    assert_eq!((sound.judged, sound.violations.len()), (50, 0));
    observations[30].observed -= 1;
    let unsound = history.judge(&observations, same);
    assert_eq!(unsound.violations, [observations[30].clone()]);
}
