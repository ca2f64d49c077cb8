//! Revocations of single tokens, written to the denylist: those that come during a commit share the next one (group
//! commit), because a commit waits for the disk, which takes as long for sixty rows as for one.
//!
//! A client may revoke tokens as fast as it gets them. The rows of the tokens go when the tokens end; of entries in the
//! audit log each client gets so many an hour, and one more that carries the number of the others. The count is raised in
//! the transaction that denies the tokens, so all nodes share it, and it is right after any crash.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::SecondsFormat;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::domain::audit::{Action, Event, SINGLE_REVOCATIONS};
use crate::domain::error::Error;
use crate::domain::token::{Lifetime, TokenId};
use crate::domain::usage::hour_of;
use crate::service::console::actor::Actor;
use crate::service::{AuditEntry, Service, with_timeout};
use crate::store::{RevocationCount, Tx};

/// The most that are written in one transaction, so that other writers need not wait long.
const MOST_AT_ONCE: usize = 256;

/// The most that wait, also those of requests that are gone.
const MOST_WAITING: usize = 10_000;

/// A token to be ended.
#[derive(Debug)]
pub(in crate::service) struct DenylistEntry {
    pub(in crate::service) token: TokenId,
    /// From when to when it would have lived.
    pub(in crate::service) lifetime: Lifetime,
    /// Who ends it.
    pub(in crate::service) actor: Actor,
    /// The client it was made for: its number, how the audit log names it, and its organization.
    pub(in crate::service) client: i64,
    pub(in crate::service) target: String,
    pub(in crate::service) organization_id: Option<i64>,
}

/// The revocations that wait to be written.
#[derive(Debug, Default)]
pub(in crate::service) struct DenylistQueue {
    waiting: Mutex<UsageBuffer>,
    /// Locked while a batch is written.
    writing: tokio::sync::Mutex<()>,
}

type UsageBuffer = Vec<(DenylistEntry, oneshot::Sender<Result<(), Error>>)>;

impl DenylistQueue {
    fn waiting(&self) -> MutexGuard<'_, UsageBuffer> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Ends a token. When this returns, it is on the disk.
    pub(in crate::service) async fn deny(&self, denial: DenylistEntry) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        {
            let mut waiting = self.0.denylist_queue.waiting();
            if waiting.len() >= MOST_WAITING {
                return Err(Error::Unavailable);
            }
            waiting.push((denial, answer));
        }
        // In a task of its own, because this request may be dropped while others share its transaction.
        let service = self.clone();
        tokio::spawn(async move { service.write_denylist().await });
        // Only a panic leaves it without an answer.
        answered.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Writes those that wait, in one transaction. False when there are none: somebody else has written them.
    async fn write_denylist(&self) -> bool {
        let queue = &self.0.denylist_queue;
        let _writing = queue.writing.lock().await;
        let (denials, answers): (Vec<_>, Vec<_>) = {
            let mut waiting = queue.waiting();
            let count = waiting.len().min(MOST_AT_ONCE);
            waiting.drain(..count).unzip()
        };
        if denials.is_empty() {
            return false;
        }
        let outcome = with_timeout(self.write_together(&denials)).await;
        for answer in answers {
            // Whoever asked may be gone.
            let _ = answer.send(outcome.clone());
        }
        true
    }

    /// Writes all that wait, also those of requests that are gone.
    pub(in crate::service) async fn finish_denials(&self) {
        while self.write_denylist().await {}
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
        let (mut tx, version) = self.change().await?;
        let denied = tx.insert_denylist(&tokens, version).await?;
        // One that waited while another request for the same token was written is no revocation of its own.
        let mut by_client: BTreeMap<i64, Vec<&DenylistEntry>> = BTreeMap::new();
        for denial in once
            .into_iter()
            .filter(|denial| denied.contains(&denial.token))
        {
            by_client.entry(denial.client).or_default().push(denial);
        }
        self.record_denylist(&mut tx, &by_client).await?;
        Ok(tx.commit().await?)
    }

    /// Leaves an entry for each token as long as its client has some left in this hour, and counts the others in one.
    async fn record_denylist(
        &self,
        tx: &mut Tx,
        by_client: &BTreeMap<i64, Vec<&DenylistEntry>>,
    ) -> Result<(), Error> {
        let now = self.now();
        let added: Vec<RevocationCount> = by_client
            .iter()
            .map(|(client, denials)| RevocationCount {
                client: *client,
                revoked: length(denials),
                entry: self.event_id(now),
            })
            .collect();
        let counts = tx.count_revocations(hour_of(now), &added).await?;
        let (mut single, mut shared) = (Vec::new(), Vec::new());
        for count in counts {
            let Some(denials) = by_client.get(&count.client) else {
                continue;
            };
            let before = count.revoked - length(denials);
            let left = usize::try_from(SINGLE_REVOCATIONS - before).unwrap_or_default();
            for denial in denials.iter().take(left) {
                let detail = json!({"token": denial.token.to_string()});
                single.push(self.denylist_event(denial, detail));
            }
            let beyond = count.revoked - SINGLE_REVOCATIONS;
            let Some(last) = denials.last().filter(|_| beyond > 0) else {
                continue;
            };
            let until = now.to_rfc3339_opts(SecondsFormat::Secs, true);
            let (_, event) = self.denylist_event(last, json!({"tokens": beyond, "until": until}));
            shared.push((count.entry, event));
            if before <= SINGLE_REVOCATIONS {
                tracing::warn!(
                    client = %last.target,
                    limit = SINGLE_REVOCATIONS,
                    "a client revokes so many tokens that one entry of the audit log counts the others of this hour"
                );
            }
        }
        tx.insert_events(&single).await?;
        Ok(tx.replace_events(&shared).await?)
    }

    fn denylist_event(&self, denial: &DenylistEntry, detail: Value) -> (Uuid, Event) {
        let entry = AuditEntry {
            action: Action::TokenRevoked,
            target: denial.target.clone(),
            organization_id: denial.organization_id,
            detail,
        };
        self.event(&denial.actor, entry)
    }
}

fn length(denials: &[&DenylistEntry]) -> i64 {
    i64::try_from(denials.len()).unwrap_or(i64::MAX)
}
