//! The gate: lets requests that arrive together share one look at the directory's version.
//!
//! A request may only rely on a look that *began after it arrived*. The first that finds nobody looking takes
//! the lead: it steps aside once, so that whoever is ready to run arrives too, and then looks for all of them.
//! Who arrives during a look waits for the next one. Nothing is paced by a timer: an idle gate looks at once,
//! and the busier it is, the more requests share a look.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

use crate::store::{Version, VersionProbe};

/// The gate.
#[derive(Debug)]
pub(in crate::service) struct Freshness {
    probe: VersionProbe,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many looks have begun.
    begun: u64,
    /// The newest look that ended, and what it saw; none when it failed.
    ended: (u64, Option<Version>),
    /// Whether somebody leads.
    has_leader: bool,
    wakers: Vec<Waker>,
}

/// The lead. Whoever drops it without having looked, because its request went away, leaves it to the others.
struct Leader<'a>(&'a Freshness);

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        let wakers = {
            let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.has_leader = false;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// What a request finds when it asks whether it may pass.
enum Next<'a> {
    Fresh(Option<Version>),
    Lead(Leader<'a>),
}

impl Freshness {
    pub(in crate::service) fn new(probe: VersionProbe) -> Self {
        Self {
            probe,
            state: Mutex::default(),
        }
    }

    /// The version as seen by a look that began after this call; none when the database cannot be asked.
    pub(in crate::service) async fn wait(&self) -> Option<Version> {
        let arrived = self
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .begun;
        loop {
            match poll_fn(|context| self.poll_next(arrived, context.waker())).await {
                Next::Fresh(version) => return version,
                Next::Lead(leader) => {
                    tokio::task::yield_now().await;
                    self.read_version().await;
                    drop(leader);
                }
            }
        }
    }

    fn poll_next(&self, arrived: u64, waker: &Waker) -> Poll<Next<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.ended.0 > arrived {
            return Poll::Ready(Next::Fresh(state.ended.1));
        }
        if !state.has_leader {
            state.has_leader = true;
            return Poll::Ready(Next::Lead(Leader(self)));
        }
        state.wakers.push(waker.clone());
        Poll::Pending
    }

    async fn read_version(&self) {
        let number = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.begun += 1;
            state.begun
        };
        let seen = self.probe.read().await;
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
