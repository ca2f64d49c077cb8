//! The rule: a request may be told of the last change that was answered before it was sent, or of any later one
//! that was under way before it was answered; of nothing older and nothing that nobody asked for.
//!
//! Moments are places in one order that all threads agree on, so no clock is involved.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives out places in an order.
#[derive(Debug, Default)]
pub struct Order(AtomicU64);

impl Order {
    /// The next place.
    pub fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// What a request was told, and its places before it was sent and after it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look<A> {
    pub sent: u64,
    pub answered: u64,
    pub told: A,
}

/// A change, and the state from then on.
#[derive(Clone, Debug)]
pub struct Change<S> {
    pub sent: u64,
    pub answered: u64,
    pub after: S,
}

/// What something was at first, and its changes, each sent after the one before was answered.
#[derive(Clone, Debug)]
pub struct History<S> {
    pub before: S,
    pub changes: Vec<Change<S>>,
}

/// What came of judging looks.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict<A> {
    /// How many looks were sent after a change was answered and while no other was under way: one answer is right.
    pub judged: usize,
    /// The looks that were told what they may not be told.
    pub violations: Vec<Look<A>>,
}

impl<S> History<S> {
    /// Judges looks; `agrees` says whether an answer fits a state.
    pub fn judge<A: Clone>(
        &self,
        looks: &[Look<A>],
        agrees: impl Fn(&S, &A) -> bool,
    ) -> Verdict<A> {
        let mut verdict = Verdict {
            judged: 0,
            violations: Vec::new(),
        };
        for look in looks {
            let settled = self
                .changes
                .partition_point(|change| change.answered < look.sent);
            let begun = self
                .changes
                .partition_point(|change| change.sent < look.answered);
            verdict.judged += usize::from(settled > 0 && settled == begun);
            if !(settled..=begun).any(|count| agrees(self.state(count), &look.told)) {
                verdict.violations.push(look.clone());
            }
        }
        verdict
    }

    /// The state after so many changes.
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

fn look(sent: u64, answered: u64, told: bool) -> Look<bool> {
    Look {
        sent,
        answered,
        told,
    }
}

fn judge(look: Look<bool>) -> (usize, usize) {
    let verdict = on_off_on().judge(&[look], |state, told| state == told);
    (verdict.judged, verdict.violations.len())
}

#[test]
fn before_any_change_only_the_first_state_is_right() {
    assert_eq!(judge(look(1, 2, true)), (0, 0));
    assert_eq!(judge(look(1, 2, false)), (0, 1));
}

#[test]
fn while_a_change_is_under_way_both_states_are_right() {
    for (sent, answered) in [(1, 11), (11, 12), (19, 25), (1, 25)] {
        for told in [true, false] {
            assert_eq!(judge(look(sent, answered, told)), (0, 0));
        }
    }
}

#[test]
fn after_the_answer_the_old_state_is_a_violation() {
    assert_eq!(judge(look(21, 22, false)), (1, 0));
    assert_eq!(judge(look(21, 22, true)), (1, 1));
    assert_eq!(judge(look(41, 42, true)), (1, 0));
    assert_eq!(judge(look(41, 42, false)), (1, 1));
}

#[test]
fn a_look_that_spans_a_second_change_may_tell_of_it() {
    assert_eq!(judge(look(21, 35, true)), (0, 0));
    assert_eq!(judge(look(21, 35, false)), (0, 0));
}

#[test]
fn a_reader_that_is_one_change_behind_is_caught() {
    let mut looks = Vec::new();
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
        looks.push(Look {
            sent: count * 10 + 3,
            answered: count * 10 + 4,
            told: count,
        });
    }
    let same = |state: &u64, told: &u64| state == told;
    let sound = history.judge(&looks, same);
    assert_eq!((sound.judged, sound.violations.len()), (50, 0));
    looks[30].told -= 1;
    let unsound = history.judge(&looks, same);
    assert_eq!(unsound.violations, [looks[30].clone()]);
}
