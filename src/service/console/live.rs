//! Live updates: what is committed while administrators look at pages.
//!
//! The audit log has every change in the order of commits, on every node. So a node whose administrators look at pages
//! reads twice a second what was added to it, and which of the clients that the pages show were used; without one it reads
//! nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::ids::Sequence;
use crate::domain::page::PAGE_SIZE;
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::live_feed::{LiveUpdate, LiveUpdates, Published};
use crate::service::console::sessions::is_live;

/// How many records are read at once.
const BATCH: i64 = 100;

/// The most batches of one reading. Of more records, a page learns at the next reading.
const MOST_BATCHES: usize = 20;

/// The most changes that a stream begins with: those of a fraction of a second, or of a broken connection. One act on many
/// clients is a change of each.
const MOST_MISSED: i64 = 2_000;

/// The most pages that one node keeps up to date.
const MOST_FOLLOWERS: usize = 1_000;

impl Console {
    /// Follows what is committed from now on.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Unavailable`] when too many pages follow already, or the server stops.
    pub async fn follow_changes(&self, actor: &Actor) -> Result<LiveUpdates, Error> {
        actor.require(Right::ReadDirectory)?;
        let feed = &self.0.live;
        if self.is_live_closed() || feed.sender.receiver_count() >= MOST_FOLLOWERS {
            return Err(Error::Unavailable);
        }
        let updates = feed.subscribe();
        if feed.read_up_to().is_none() {
            feed.begin_after(self.read().await?.find_newest_event().await?);
        }
        Ok(updates)
    }

    /// Begins with what was committed after an entry of the audit log, such as the newest one when the page was made; of very
    /// many changes with the first ones.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn follow_since(
        &self,
        updates: &mut LiveUpdates,
        sequence: Sequence,
    ) -> Result<(), Error> {
        let missed = self
            .read()
            .await?
            .list_events_after(sequence, MOST_MISSED)
            .await?;
        updates.begin_with(missed.into_iter().map(LiveUpdate::from).collect());
        Ok(())
    }

    /// Follows the use of clients, too, at most as many as a page shows; unknown ids are left out.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn follow_uses(
        &self,
        updates: &mut LiveUpdates,
        ids: &[ClientId],
    ) -> Result<(), Error> {
        let most = usize::try_from(PAGE_SIZE).unwrap_or_default();
        let ids = &ids[..ids.len().min(most)];
        let found = self.read().await?.list_clients_by_id(ids).await?;
        let shown = found
            .into_iter()
            .map(|row| (row.client.number, row.client.id));
        updates.show(shown.collect::<BTreeMap<_, _>>());
        Ok(())
    }

    /// Reads what was added to the audit log and hands it to the pages that follow; a job calls this twice a second.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: what was added meanwhile is read next time.
    pub async fn publish_changes(&self) -> Result<(), Error> {
        let feed = &self.0.live;
        // Of one that has just subscribed, the position is not known yet.
        let (true, Some(mut after)) = (feed.is_followed(), feed.read_up_to()) else {
            return Ok(());
        };
        for _ in 0..MOST_BATCHES {
            let records = self.read().await?.list_events_after(after, BATCH).await?;
            let is_last = i64::try_from(records.len()).unwrap_or(BATCH) < BATCH;
            if let Some(last) = records.last() {
                after = last.sequence;
                feed.set_read_up_to(after);
            }
            for record in records {
                // Without a receiver nobody needs it.
                let _ = feed.sender.send(Published::Changed(record.into()));
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Reads which of the clients that pages show made requests, in one statement, and tells the pages; a job calls this twice a
    /// second.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: what was used meanwhile is read next time.
    pub async fn publish_uses(&self) -> Result<(), Error> {
        let feed = &self.0.live;
        let known = feed.shown.next_part();
        if known.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let mut uses = self.read().await?.list_uses_after(&known, now).await?;
        feed.shown.learn(&uses);
        if uses.is_empty() {
            return Ok(());
        }
        for used in &mut uses {
            // Another node's clock may be ahead.
            used.used_at = used.used_at.map(|at| at.min(now));
        }
        let _ = feed.sender.send(Published::Used(Arc::from(uses)));
        Ok(())
    }

    /// Ends all live updates, so that a server that stops need not wait for them.
    pub fn close_live(&self) {
        self.0.live.is_closed.store(true, Ordering::Relaxed);
    }

    /// Whether live updates have ended.
    #[must_use]
    pub fn is_live_closed(&self) -> bool {
        self.0.live.is_closed.load(Ordering::Relaxed)
    }

    /// Whether the actor's session is still going on. Asking is no use of the session.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn is_session_live(&self, actor: &Actor) -> Result<bool, Error> {
        let Actor::Admin { session, .. } = actor else {
            return Ok(false);
        };
        let now = self.now();
        let found = self.0.store.find_session(session).await?;
        Ok(found.is_some_and(|found| is_live(&found, now)))
    }
}
