//! Tokens ended one by one: those that come while others are being written are written together, in one transaction.
//!
//! A commit waits for the disk, which takes as long for sixty rows as for one.
//!
//! A client may revoke tokens as fast as it gets them. The rows of the tokens go when the tokens end; of records in the
//! audit log each client gets so many an hour, and one with the number of the others when the hour is over. The count is
//! raised in the transaction that denies the tokens, so all nodes share it, and it is right after any crash.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::domain::error::Error;
use crate::domain::event::{Event, Record, SINGLE_REVOCATIONS, Subject};
use crate::domain::token::{Lifetime, TokenId};
use crate::domain::usage::hour_of;
use crate::service::console::actor::Actor;
use crate::service::{Service, with_timeout};
use crate::store::{RevocationCount, Tx, Version};

/// The most that are written together, so that other writers get their turn.
const MOST: usize = 256;

/// A token to be ended.
#[derive(Debug)]
pub(in crate::service) struct DenylistEntry {
    pub(in crate::service) token: TokenId,
    /// From when to when it would have lived.
    pub(in crate::service) lifetime: Lifetime,
    /// Who ends it.
    pub(in crate::service) actor: Actor,
    /// The client it was made for: its number, and how the audit log names it.
    pub(in crate::service) client: i64,
    pub(in crate::service) subject: Subject,
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(in crate::service) struct DenylistWriter(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<(DenylistEntry, oneshot::Sender<Result<(), Error>>)>,
    is_written: bool,
}

/// The turn to write. However it ends, the next one to come can take it.
struct WriterLock<'a>(&'a DenylistWriter);

impl Drop for WriterLock<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.is_written = false;
        // Only a defect leaves somebody behind; without an answer they learn that it cannot be said now.
        queue.waiting.clear();
    }
}

impl DenylistWriter {
    fn queue(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next to be written. With nothing left the turn is over, in the same moment.
    fn next(&self) -> Vec<(DenylistEntry, oneshot::Sender<Result<(), Error>>)> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(MOST);
        queue.is_written = count > 0;
        queue.waiting.drain(..count).collect()
    }
}

impl Service {
    /// Ends a token. When this returns, it is on the disk.
    pub(in crate::service) async fn deny(&self, denial: DenylistEntry) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let is_written = {
            let mut queue = self.0.denylist.queue();
            queue.waiting.push((denial, answer));
            std::mem::replace(&mut queue.is_written, true)
        };
        if !is_written {
            // Not in the request's own time: it may go away, and others may rely on it by then.
            tokio::spawn(self.clone().write_denylist());
        }
        answered.await.unwrap_or(Err(Error::Unavailable))
    }

    async fn write_denylist(self) {
        let turn = WriterLock(&self.0.denylist);
        loop {
            // Whoever is ready to run comes along.
            tokio::task::yield_now().await;
            let (denials, answers): (Vec<_>, Vec<_>) = turn.0.next().into_iter().unzip();
            if denials.is_empty() {
                // The turn was given back already, and may be somebody else's now.
                std::mem::forget(turn);
                return;
            }
            let outcome = with_timeout(self.write_together(&denials)).await;
            for answer in answers {
                // Who went away does not wait.
                let _ = answer.send(outcome.clone());
            }
        }
    }

    async fn write_together(&self, denials: &[DenylistEntry]) -> Result<(), Error> {
        let mut seen = HashSet::with_capacity(denials.len());
        let once: Vec<&DenylistEntry> = denials
            .iter()
            .filter(|denial| seen.insert(denial.token))
            .collect();
        let tokens: Vec<_> = once
            .iter()
            .map(|denial| (denial.token, denial.lifetime))
            .collect();
        let mut tx = self.0.store.write().await?;
        let version = tx.raise_directory_version().await?;
        let denylist = tx.insert_denylist(&tokens, version).await?;
        // One that waited while another request for the same token was written is no revocation of its own.
        let mut by_client: BTreeMap<i64, Vec<&DenylistEntry>> = BTreeMap::new();
        for denial in once
            .into_iter()
            .filter(|denial| denylist.contains(&denial.token))
        {
            by_client.entry(denial.client).or_default().push(denial);
        }
        self.record_denylist(&mut tx, &by_client, version).await?;
        Ok(tx.commit().await?)
    }

    /// Records each token as long as its client has some records left in this hour, and counts the others.
    async fn record_denylist(
        &self,
        tx: &mut Tx,
        by_client: &BTreeMap<i64, Vec<&DenylistEntry>>,
        version: Version,
    ) -> Result<(), Error> {
        let now = self.now();
        let added: Vec<RevocationCount> = by_client
            .iter()
            .map(|(client, denials)| RevocationCount {
                hour: hour_of(now),
                client: *client,
                revoked: length(denials),
            })
            .collect();
        let mut records = Vec::new();
        for count in tx.count_revocations(&added).await? {
            let Some(denials) = by_client.get(&count.client) else {
                continue;
            };
            let before = count.revoked - length(denials);
            let left = usize::try_from(SINGLE_REVOCATIONS - before).unwrap_or_default();
            for denial in denials.iter().take(left) {
                let token = denial.token.to_string();
                let event = Event::TokenRevoked { token };
                records.push(Record {
                    version: Some(version),
                    ..denial.actor.record(now, denial.subject.clone(), event)
                });
            }
            if before <= SINGLE_REVOCATIONS && count.revoked > SINGLE_REVOCATIONS {
                tracing::warn!(
                    client = %denials[0].subject.target,
                    limit = SINGLE_REVOCATIONS,
                    "a client revokes so many tokens that one entry of the audit log counts the others of this hour"
                );
            }
        }
        Ok(tx.append_events(&records).await?)
    }
}

fn length(denials: &[&DenylistEntry]) -> i64 {
    i64::try_from(denials.len()).unwrap_or(i64::MAX)
}
