//! The updates that pages follow, and how far the audit log was read for them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

use crate::domain::client::ClientId;
use crate::domain::event::{ActorRef, Recorded, Target};
use crate::domain::ids::{ClientNumber, Sequence, Version};
use crate::domain::usage::ClientUsage;
use crate::service::console::shown_clients::ShownClients;
use crate::store::ShownUse;

/// How many updates a page may fall behind; it then learns of the newest ones only. More than one reading publishes, so that
/// a page that reads on misses none of them.
const BACKLOG: usize = 2_048;

/// One change, for whoever looks at a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveUpdate {
    /// Its number in the audit log.
    pub sequence: Sequence,
    /// Who made it.
    pub actor: ActorRef,
    /// What it is about.
    pub target: Target,
    /// The version of the directory that it made; none of an act that is no change.
    pub version: Option<Version>,
}

/// The use of a client, for a page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientUse {
    /// The client's id.
    pub id: ClientId,
    /// Its use, as it is now.
    pub usage: ClientUsage,
}

/// What a page learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveNews {
    /// Something was changed.
    Changed(LiveUpdate),
    /// Clients that the page shows were used.
    Used(Vec<ClientUse>),
}

/// The same for all pages.
#[derive(Clone, Debug)]
pub(super) enum Published {
    Changed(LiveUpdate),
    Used(Arc<[ShownUse]>),
}

impl From<Recorded> for LiveUpdate {
    fn from(recorded: Recorded) -> Self {
        let record = recorded.record;
        Self {
            sequence: recorded.sequence,
            actor: record.actor,
            target: record.target,
            version: record.version,
        }
    }
}

/// The updates, and how far the audit log was read.
#[derive(Debug)]
pub(super) struct LiveFeed {
    pub(super) sender: Sender<Published>,
    /// None while nobody follows.
    read_up_to: Mutex<Option<Sequence>>,
    pub(super) shown: Arc<ShownClients>,
    pub(super) is_closed: AtomicBool,
}

impl Default for LiveFeed {
    fn default() -> Self {
        Self {
            sender: Sender::new(BACKLOG),
            read_up_to: Mutex::default(),
            shown: Arc::default(),
            is_closed: AtomicBool::new(false),
        }
    }
}

impl LiveFeed {
    pub(super) fn read_up_to(&self) -> Option<Sequence> {
        *self.position()
    }

    pub(super) fn set_read_up_to(&self, sequence: Sequence) {
        *self.position() = Some(sequence);
    }

    /// Begins to read after an entry, unless it is read already.
    pub(super) fn begin_after(&self, sequence: Sequence) {
        self.position().get_or_insert(sequence);
    }

    /// Whether somebody follows; when nobody does, nothing is read any more. A follower subscribes before it begins, so none
    /// is missed.
    pub(super) fn is_followed(&self) -> bool {
        let mut position = self.position();
        let is_followed = self.sender.receiver_count() > 0;
        if !is_followed {
            *position = None;
        }
        is_followed
    }

    /// The updates from now on.
    pub(super) fn subscribe(&self) -> LiveUpdates {
        LiveUpdates {
            receiver: self.sender.subscribe(),
            shown: Arc::clone(&self.shown),
            clients: BTreeMap::new(),
            missed: VecDeque::new(),
            up_to: Sequence::default(),
        }
    }

    fn position(&self) -> MutexGuard<'_, Option<Sequence>> {
        self.read_up_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The updates for one page.
#[derive(Debug)]
pub struct LiveUpdates {
    receiver: Receiver<Published>,
    shown: Arc<ShownClients>,
    /// The clients whose use the page shows.
    clients: BTreeMap<ClientNumber, ClientId>,
    /// What was committed before the page followed and after it was made.
    missed: VecDeque<LiveUpdate>,
    /// The last of these, so that none arrives twice.
    up_to: Sequence,
}

impl LiveUpdates {
    /// The next news. They never come once the feed is closed.
    pub async fn next(&mut self) -> LiveNews {
        if let Some(update) = self.missed.pop_front() {
            return LiveNews::Changed(update);
        }
        loop {
            match self.receiver.recv().await {
                Ok(Published::Changed(update)) if update.sequence <= self.up_to => {}
                Ok(Published::Changed(update)) => return LiveNews::Changed(update),
                Ok(Published::Used(uses)) => {
                    let uses = self.of_shown(&uses);
                    if !uses.is_empty() {
                        return LiveNews::Used(uses);
                    }
                }
                // What was missed is told again.
                Err(RecvError::Lagged(_)) => self.shown.forget(self.clients.keys()),
                // The console holds the sender, and whoever asks holds the console.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Begins with changes that the page missed, in order.
    pub(super) fn begin_with(&mut self, missed: Vec<LiveUpdate>) {
        self.up_to = missed.last().map_or(self.up_to, |last| last.sequence);
        self.missed = missed.into();
    }

    /// Follows the use of clients, too, beginning with what it is now.
    pub(super) fn show(&mut self, clients: BTreeMap<ClientNumber, ClientId>) {
        self.shown.add(clients.keys());
        self.shown.remove(self.clients.keys());
        self.clients = clients;
    }

    fn of_shown(&self, uses: &[ShownUse]) -> Vec<ClientUse> {
        let of_page = |used: &ShownUse| {
            Some(ClientUse {
                id: self.clients.get(&used.client)?.clone(),
                usage: ClientUsage {
                    days: used.days,
                    last_used_at: used.used_at,
                },
            })
        };
        uses.iter().filter_map(of_page).collect()
    }
}

impl Drop for LiveUpdates {
    fn drop(&mut self) {
        self.shown.remove(self.clients.keys());
    }
}
