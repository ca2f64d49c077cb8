//! The gate: lets requests that arrive together share one look at the directory's version.
//!
//! A request may only rely on a look that *began after it arrived*. The first that finds nobody looking takes
//! the lead: it steps aside once, so that whoever is ready to run arrives too, and then looks for all of them.
//! Who arrives during a look waits for the next one. Nothing is paced by a timer: an idle gate looks at once,
//! and the busier it is, the more requests share a look.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

use crate::store::{Pulse, Version};

/// The gate.
#[derive(Debug)]
pub(super) struct Gate {
    pulse: Pulse,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many looks have begun.
    begun: u64,
    /// The newest look that ended, and what it saw; none when it failed.
    ended: (u64, Option<Version>),
    /// Whether somebody leads.
    is_led: bool,
    waiting: Vec<Waker>,
}

/// The lead. Whoever drops it without having looked, because its request went away, leaves it to the others.
struct Lead<'a>(&'a Gate);

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let waiting = {
            let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.is_led = false;
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// What a request finds when it asks whether it may pass.
enum Turn<'a> {
    Passed(Option<Version>),
    Lead(Lead<'a>),
}

impl Gate {
    pub(super) fn new(pulse: Pulse) -> Self {
        Self {
            pulse,
            state: Mutex::default(),
        }
    }

    /// The version as seen by a look that began after this call; none when the database cannot be asked.
    pub(super) async fn pass(&self) -> Option<Version> {
        let arrived = self
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .begun;
        loop {
            match poll_fn(|context| self.turn(arrived, context.waker())).await {
                Turn::Passed(version) => return version,
                Turn::Lead(lead) => {
                    tokio::task::yield_now().await;
                    self.look().await;
                    drop(lead);
                }
            }
        }
    }

    fn turn(&self, arrived: u64, waker: &Waker) -> Poll<Turn<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.ended.0 > arrived {
            return Poll::Ready(Turn::Passed(state.ended.1));
        }
        if !state.is_led {
            state.is_led = true;
            return Poll::Ready(Turn::Lead(Lead(self)));
        }
        state.waiting.push(waker.clone());
        Poll::Pending
    }

    async fn look(&self) {
        let number = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.begun += 1;
            state.begun
        };
        let seen = self.pulse.look().await;
        if let Err(cause) = &seen {
            tracing::error!(
                cause = cause as &dyn std::error::Error,
                "the database cannot be asked"
            );
        }
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ended = (number, seen.ok());
    }
}
