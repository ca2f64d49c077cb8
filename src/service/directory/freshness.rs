//! Freshness: a request learns the directory's version as of a moment after it arrived.
//!
//! Mostly that takes nothing: while nothing is committed, the version is still the one that was read last, and on SQLite
//! the version probe can tell. Otherwise requests that arrive together share one read (single flight).
//!
//! A request may only rely on a read that *began after it arrived*. The first request that finds no read under way
//! becomes the leader: it yields once, so that other tasks that are ready to run can arrive too, and then reads for all
//! of them. A request that arrives during a read waits for the next one. There is no timer: without load a read begins
//! at once, and the higher the load, the more requests share a read.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::domain::ids::Version;
use crate::store::VersionProbe;

/// Shares reads of the version among requests.
#[derive(Debug)]
pub(in crate::service) struct Freshness {
    probe: VersionProbe,
    state: Mutex<Reads>,
}

#[derive(Debug, Default)]
struct Reads {
    /// How many reads have begun.
    begun: u64,
    /// The number of the newest read that ended, and the version it found; none when it failed.
    ended: (u64, Option<Version>),
    /// Whether a request is the leader.
    has_leader: bool,
    /// Tasks of the requests that wait for the leader.
    wakers: Vec<Waker>,
}

/// The right to read for all waiting requests. A leader whose request is cancelled drops it without having read, and
/// one of the waiting requests becomes the leader.
struct Leader<'a>(&'a Freshness);

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        let wakers = {
            let mut state = self.0.state();
            state.has_leader = false;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// What a waiting request does next.
enum Next<'a> {
    /// Go on: a read that began after the request arrived has ended.
    Fresh(Option<Version>),
    /// Read for all waiting requests.
    Lead(Leader<'a>),
}

impl Freshness {
    pub(in crate::service) fn new(probe: VersionProbe) -> Self {
        Self {
            probe,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, Reads> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version at a moment after this call began; none when the database cannot be asked.
    pub(in crate::service) async fn wait(&self) -> Option<Version> {
        if let Some(version) = self.probe.unchanged() {
            return Some(version);
        }
        let arrived = self.state().begun;
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
        let mut state = self.state();
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
            let mut state = self.state();
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
        self.state().ended = (number, seen.ok());
    }
}
