//! Files that are being sent, for the pages that asked for them.
//!
//! The browser saves a file by itself, whatever its size, and tells the page nothing. So a form that asks for one may name its
//! transfer with a key of the page's choice, and the page asks here how far it is, and ends it. Transfers are in the memory of the
//! node that sends: another node knows nothing of them, says so, and is asked again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::progress::Progress;
use crate::domain::view::{TransferProgress, TransferState};
use crate::service::Actor;

/// The longest key that is kept.
const LONGEST_KEY: usize = 64;

/// How many transfers are known at most; beyond, those that are asked for are sent and not followed.
const MOST: usize = 1_000;

/// How long the end of a transfer is told.
const ENDED_KEPT: Duration = Duration::from_mins(2);

/// Whose transfer it is, by the digest of the session, and its key.
type Name = ([u8; 32], String);

/// The transfers of a node.
#[derive(Clone, Debug, Default)]
pub struct Transfers(Arc<Mutex<HashMap<Name, Arc<Transfer>>>>);

/// A file that is being sent.
#[derive(Debug)]
pub struct Transfer {
    rows: AtomicI64,
    thousandths: AtomicI64,
    state: AtomicU8,
    is_cancelled: AtomicBool,
    ended_at: Mutex<Option<Instant>>,
}

impl Transfers {
    /// Begins a transfer; one without a name that can be followed is sent all the same.
    #[must_use]
    pub fn begin(&self, actor: &Actor, key: &str) -> Sending {
        let transfer = Arc::new(Transfer::default());
        let mut known = self.lock();
        known.retain(|_, transfer| !transfer.is_forgotten());
        if let Some(name) = name(actor, key)
            && known.len() < MOST
        {
            known.insert(name, Arc::clone(&transfer));
        }
        Sending(transfer)
    }

    /// A transfer that was begun on this node.
    #[must_use]
    pub fn find(&self, actor: &Actor, key: &str) -> Option<Arc<Transfer>> {
        self.lock().get(&name(actor, key)?).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Name, Arc<Transfer>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(actor: &Actor, key: &str) -> Option<Name> {
    let Actor::Admin { session, .. } = actor else {
        return None;
    };
    let is_key = (1..=LONGEST_KEY).contains(&key.len());
    is_key.then(|| (*session, key.to_owned()))
}

impl Default for Transfer {
    fn default() -> Self {
        Self {
            rows: AtomicI64::new(0),
            thousandths: AtomicI64::new(0),
            state: AtomicU8::new(SENDING),
            is_cancelled: AtomicBool::new(false),
            ended_at: Mutex::default(),
        }
    }
}

const SENDING: u8 = 0;
const COMPLETE: u8 = 1;
const BROKEN: u8 = 2;

impl Transfer {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> TransferProgress {
        TransferProgress {
            rows: self.rows.load(Ordering::Acquire),
            thousandths: self.thousandths.load(Ordering::Acquire),
            state: self.state(),
        }
    }

    /// What became of it.
    #[must_use]
    pub fn state(&self) -> TransferState {
        match self.state.load(Ordering::Acquire) {
            SENDING => TransferState::Sending,
            COMPLETE => TransferState::Complete,
            _ if self.is_cancelled() => TransferState::Cancelled,
            _ => TransferState::Broken,
        }
    }

    /// Some more was sent.
    pub fn advance(&self, progress: Progress) {
        self.rows.store(progress.rows, Ordering::Release);
        let thousandths = progress.thousandths();
        self.thousandths.store(thousandths, Ordering::Release);
    }

    /// Whether the page asked for its end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }

    /// Ends it with the next part.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Release);
    }

    fn is_forgotten(&self) -> bool {
        let ended_at = self.ended_at.lock().unwrap_or_else(PoisonError::into_inner);
        ended_at.is_some_and(|at| at.elapsed() >= ENDED_KEPT)
    }

    fn end(&self, state: u8) {
        self.state.store(state, Ordering::Release);
        let mut ended_at = self.ended_at.lock().unwrap_or_else(PoisonError::into_inner);
        *ended_at = Some(Instant::now());
    }
}

/// A transfer, for whoever sends. When it is dropped before it is complete, it broke off.
#[derive(Debug)]
pub struct Sending(Arc<Transfer>);

impl Sending {
    /// The transfer, for whoever makes what is sent.
    #[must_use]
    pub fn transfer(&self) -> Arc<Transfer> {
        Arc::clone(&self.0)
    }

    /// Everything was sent.
    pub fn complete(self) {
        self.0.end(COMPLETE);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if self.0.state.load(Ordering::Acquire) == SENDING {
            self.0.end(BROKEN);
        }
    }
}
