//! Live updates: what is committed while administrators look at pages.
//!
//! The audit log has every change in the order of commits, on every node. So a node whose administrators look at pages
//! reads once a second what was added to it; without one it reads nothing.

use std::sync::atomic::Ordering;

use crate::domain::error::Error;
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::live_feed::LiveUpdates;
use crate::service::console::sessions::is_live;

/// How many records are read at once. Of more, a page learns in the next second.
const BATCH: i64 = 100;

/// The most pages that one node keeps up to date.
const MOST_FOLLOWERS: usize = 1_000;

impl Console {
    /// Follows what is committed from about now on.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Unavailable`] when too many pages follow already, or the server stops.
    pub fn follow_changes(&self, actor: &Actor) -> Result<LiveUpdates, Error> {
        actor.require(Right::ReadDirectory)?;
        let feed = &self.0.live;
        if self.is_live_closed() || feed.sender.receiver_count() >= MOST_FOLLOWERS {
            return Err(Error::Unavailable);
        }
        Ok(LiveUpdates(feed.sender.subscribe()))
    }

    /// Reads what was added to the audit log and hands it to the pages that follow; a job calls this once a second.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: what was added meanwhile is read next time.
    pub async fn publish_changes(&self) -> Result<(), Error> {
        let feed = &self.0.live;
        if feed.sender.receiver_count() == 0 {
            feed.set_read_up_to(None);
            return Ok(());
        }
        let mut tx = self.read().await?;
        let Some(after) = feed.read_up_to() else {
            feed.set_read_up_to(Some(tx.find_newest_event().await?));
            return Ok(());
        };
        let records = tx.list_events_after(after, BATCH).await?;
        if let Some(last) = records.last() {
            feed.set_read_up_to(Some(last.sequence));
        }
        for record in records {
            // Without a receiver nobody needs it.
            let _ = feed.sender.send(record.into());
        }
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
