//! Tokens ended one by one: those that come while others are being written are written together, in one transaction.
//!
//! A commit waits for the disk, which takes as long for sixty rows as for one.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tokio::sync::oneshot;

use super::actor::Actor;
use super::{Entry as TrailEntry, Service, patiently};
use crate::domain::audit::Action;
use crate::domain::error::Error;
use crate::domain::token::{Lifetime, TokenId};

/// The most that are written together, so that other writers get their turn.
const MOST: usize = 256;

/// A token to be ended.
#[derive(Debug)]
pub(super) struct Denial {
    pub(super) token: TokenId,
    /// From when to when it would have lived.
    pub(super) lifetime: Lifetime,
    /// Who ends it.
    pub(super) actor: Actor,
    /// The client it was made for, as the trail names it, and the client's organization.
    pub(super) target: String,
    pub(super) organization_id: Option<i64>,
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Denials(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<(Denial, oneshot::Sender<Result<(), Error>>)>,
    is_written: bool,
}

/// The turn to write. However it ends, the next one to come can take it.
struct Turn<'a>(&'a Denials);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.is_written = false;
        // Only a defect leaves somebody behind; without an answer they learn that it cannot be said now.
        queue.waiting.clear();
    }
}

impl Denials {
    fn queue(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next to be written. With nothing left the turn is over, in the same moment.
    fn next(&self) -> Vec<(Denial, oneshot::Sender<Result<(), Error>>)> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(MOST);
        queue.is_written = count > 0;
        queue.waiting.drain(..count).collect()
    }
}

impl Service {
    /// Ends a token. When this returns, it is on the disk.
    pub(super) async fn deny(&self, denial: Denial) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let is_written = {
            let mut queue = self.0.denials.queue();
            queue.waiting.push((denial, answer));
            std::mem::replace(&mut queue.is_written, true)
        };
        if !is_written {
            // Not in the request's own time: it may go away, and others may rely on it by then.
            tokio::spawn(self.clone().write_denials());
        }
        answered.await.unwrap_or(Err(Error::Unavailable))
    }

    async fn write_denials(self) {
        let turn = Turn(&self.0.denials);
        loop {
            // Whoever is ready to run comes along.
            tokio::task::yield_now().await;
            let (denials, answers): (Vec<_>, Vec<_>) = turn.0.next().into_iter().unzip();
            if denials.is_empty() {
                // The turn was given back already, and may be somebody else's now.
                std::mem::forget(turn);
                return;
            }
            let outcome = patiently(self.write_together(&denials)).await;
            for answer in answers {
                // Who went away does not wait.
                let _ = answer.send(outcome.clone());
            }
        }
    }

    async fn write_together(&self, denials: &[Denial]) -> Result<(), Error> {
        let mut seen = HashSet::with_capacity(denials.len());
        let (tokens, events): (Vec<_>, Vec<_>) = denials
            .iter()
            .filter(|denial| seen.insert(denial.token))
            .map(|denial| {
                let entry = TrailEntry {
                    action: Action::TokenRevoked,
                    target: denial.target.clone(),
                    organization_id: denial.organization_id,
                    detail: json!({"token": denial.token.to_string()}),
                };
                let denied = (denial.token, denial.lifetime);
                (denied, self.event(&denial.actor, entry))
            })
            .unzip();
        let (mut tx, version) = self.change().await?;
        tx.insert_denied_tokens(&tokens, version).await?;
        tx.insert_events(&events).await?;
        Ok(tx.commit().await?)
    }
}
