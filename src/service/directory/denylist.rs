//! Group commit of single revocations: those that arrive during a commit share the next one, because a commit waits for
//! the disk, which takes as long for sixty rows as for one.
//!
//! A client may revoke tokens as fast as it gets them. The denylist rows go when their tokens expire; in the audit log
//! each client gets a limited number of records an hour, and one record with the number of the rest when the hour is
//! over. The count is raised in the transaction that writes the denylist, so all nodes share it, and it is right after
//! any crash.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, SINGLE_REVOCATIONS, Subject};
use crate::domain::ids::{ClientNumber, Version};
use crate::domain::token::{Lifetime, TokenId};
use crate::domain::usage::hour_of;
use crate::service::clock::Clock;
use crate::service::database::with_timeout;
use crate::service::directory::Directory;
use crate::store::{RevocationCount, Store, Tx};

/// The most revocations in one transaction, so that other writers need not wait long.
const MOST_AT_ONCE: usize = 256;

/// The most queued revocations, also those of cancelled requests.
const QUEUE_LIMIT: usize = 10_000;

/// A token to be revoked.
#[derive(Debug)]
pub(in crate::service) struct DenylistEntry {
    pub(in crate::service) token: TokenId,
    /// The token's lifetime.
    pub(in crate::service) lifetime: Lifetime,
    /// The client that it was issued to and that revokes it: its number, and how the audit log names it.
    pub(in crate::service) client: ClientNumber,
    pub(in crate::service) actor: ActorRef,
    pub(in crate::service) subject: Subject,
    /// The network address of that client.
    pub(in crate::service) address: Option<IpAddr>,
}

/// Writes revocations of single tokens.
#[derive(Debug)]
pub(in crate::service) struct DenylistWriter {
    store: Store,
    clock: Clock,
    directory: Arc<Directory>,
    queue: Mutex<Queue>,
    /// Locked while a batch is written.
    writing: tokio::sync::Mutex<()>,
}

/// A task that writes. One that panics leaves the queue to the next.
struct Writing(Arc<DenylistWriter>);

impl Drop for Writing {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().has_writer = false;
        }
    }
}

/// The queued revocations.
#[derive(Debug, Default)]
struct Queue {
    entries: Vec<(DenylistEntry, oneshot::Sender<Result<(), Error>>)>,
    /// Whether a task writes them, and looks for more before it ends.
    has_writer: bool,
}

impl DenylistWriter {
    pub(in crate::service) fn new(store: Store, clock: Clock, directory: Arc<Directory>) -> Self {
        Self {
            store,
            clock,
            directory,
            queue: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Revokes a token. When this returns, the revocation is committed.
    pub(in crate::service) async fn deny(
        self: &Arc<Self>,
        entry: DenylistEntry,
    ) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let has_writer = {
            let mut queue = self.queue();
            if queue.entries.len() >= QUEUE_LIMIT {
                return Err(Error::Unavailable);
            }
            queue.entries.push((entry, answer));
            std::mem::replace(&mut queue.has_writer, true)
        };
        if !has_writer {
            // In a task of its own, because this request may be cancelled while other requests share its transaction.
            let writing = Writing(Arc::clone(self));
            tokio::spawn(async move { while writing.0.write_batch().await {} });
        }
        // Only a panic of that task leaves it without an answer.
        answered.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Writes the queue in one transaction. False when it was empty; then whoever queues the next entry starts a writer.
    async fn write_batch(&self) -> bool {
        let _writing = self.writing.lock().await;
        let (entries, answers): (Vec<_>, Vec<_>) = {
            let mut queue = self.queue();
            if queue.entries.is_empty() {
                queue.has_writer = false;
                return false;
            }
            let count = queue.entries.len().min(MOST_AT_ONCE);
            queue.entries.drain(..count).unzip()
        };
        let outcome = with_timeout(self.write_together(&entries)).await;
        for answer in answers {
            // The request may be cancelled.
            let _ = answer.send(outcome.clone());
        }
        true
    }

    /// Writes the whole queue, also revocations of cancelled requests.
    pub(in crate::service) async fn finish(&self) {
        while self.write_batch().await {}
    }

    async fn write_together(&self, entries: &[DenylistEntry]) -> Result<(), Error> {
        let mut seen = HashSet::with_capacity(entries.len());
        // One that was queued while the same token was written for another request is no revocation of its own.
        let new: Vec<&DenylistEntry> = entries
            .iter()
            .filter(|entry| seen.insert(entry.token) && !self.directory.is_listed(entry.token))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let tokens: Vec<_> = new
            .iter()
            .map(|entry| (entry.token, entry.lifetime))
            .collect();
        let mut tx = self.store.write().await?;
        let version = tx.raise_directory_version().await?;
        tx.insert_denylist(&tokens, version).await?;
        let mut by_client: BTreeMap<ClientNumber, Vec<&DenylistEntry>> = BTreeMap::new();
        for entry in new {
            by_client.entry(entry.client).or_default().push(entry);
        }
        self.record_denylist(&mut tx, &by_client, version).await?;
        tx.commit().await?;
        if !self.directory.add_denylisted(version, &tokens).await {
            // So that the next batch knows these. They are committed, so a failure is none of theirs.
            let _ = self.directory.refresh().await;
        }
        Ok(())
    }

    /// Records each token while its client has records left in this hour, and counts the rest.
    async fn record_denylist(
        &self,
        tx: &mut Tx,
        by_client: &BTreeMap<ClientNumber, Vec<&DenylistEntry>>,
        version: Version,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let added: Vec<RevocationCount> = by_client
            .iter()
            .map(|(client, entries)| RevocationCount {
                hour: hour_of(now),
                client: *client,
                revoked: length(entries),
            })
            .collect();
        let mut records = Vec::new();
        for count in tx.count_revocations(&added).await? {
            let Some(entries) = by_client.get(&count.client) else {
                continue;
            };
            let before = count.revoked - length(entries);
            let left = usize::try_from(SINGLE_REVOCATIONS - before).unwrap_or_default();
            for entry in entries.iter().take(left) {
                let token = entry.token.to_string();
                let event = Event::TokenRevoked { token };
                records.push(Record {
                    at: now,
                    actor: entry.actor.clone(),
                    address: entry.address,
                    target: entry.subject.target.clone(),
                    organization_id: entry.subject.organization_id,
                    event,
                    version: Some(version),
                });
            }
            if before <= SINGLE_REVOCATIONS && count.revoked > SINGLE_REVOCATIONS {
                tracing::warn!(
                    client = %entries[0].subject.target,
                    limit = SINGLE_REVOCATIONS,
                    "a client revokes so many tokens that one entry of the audit log counts the others of this hour"
                );
            }
        }
        Ok(tx.append_events(&records).await?)
    }
}

fn length(entries: &[&DenylistEntry]) -> i64 {
    i64::try_from(entries.len()).unwrap_or(i64::MAX)
}
