//! The updates that pages follow, and how far the audit log was read for them.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

use crate::domain::event::{ActorRef, Recorded, Target};
use crate::domain::ids::{Sequence, Version};

/// How many updates a page may fall behind; it then learns of the newest ones only.
const BACKLOG: usize = 256;

/// One change, for whoever looks at a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveUpdate {
    /// Who made it.
    pub actor: ActorRef,
    /// What it is about.
    pub target: Target,
    /// The version of the directory that it made; none of an act that is no change.
    pub version: Option<Version>,
}

impl From<Recorded> for LiveUpdate {
    fn from(recorded: Recorded) -> Self {
        let record = recorded.record;
        Self {
            actor: record.actor,
            target: record.target,
            version: record.version,
        }
    }
}

/// The updates, and how far the audit log was read.
#[derive(Debug)]
pub(super) struct LiveFeed {
    pub(super) sender: Sender<LiveUpdate>,
    /// None while nobody follows.
    read_up_to: Mutex<Option<Sequence>>,
    pub(super) is_closed: AtomicBool,
}

impl Default for LiveFeed {
    fn default() -> Self {
        Self {
            sender: Sender::new(BACKLOG),
            read_up_to: Mutex::default(),
            is_closed: AtomicBool::new(false),
        }
    }
}

impl LiveFeed {
    pub(super) fn read_up_to(&self) -> Option<Sequence> {
        *self
            .read_up_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_read_up_to(&self, sequence: Option<Sequence>) {
        *self
            .read_up_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = sequence;
    }
}

/// The updates for one page.
#[derive(Debug)]
pub struct LiveUpdates(pub(super) Receiver<LiveUpdate>);

impl LiveUpdates {
    /// The next update. It never comes once the feed is closed.
    pub async fn next(&mut self) -> LiveUpdate {
        loop {
            match self.0.recv().await {
                Ok(update) => return update,
                Err(RecvError::Lagged(_)) => {}
                // The console holds the sender, and whoever asks holds the console.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
