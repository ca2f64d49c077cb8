//! What is swept away when its time is over.

use super::Service;
use super::sessions::IDLE;
use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::usage::day_of;

/// How many days counts are kept.
const USAGE_DAYS: i64 = 90;

impl Service {
    /// Forgets tokens and sessions that have ended and counts that nobody looks at any more, and says how many rows
    /// went.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn sweep(&self) -> Result<u64, Error> {
        let now = self.now();
        let tokens = self.sweep_denied_tokens(now).await?;
        let mut tx = self.0.store.write().await?;
        let sessions = tx.delete_ended_sessions(now, now - IDLE).await?;
        tx.commit().await?;
        // Apart from the others, because these may be many rows, and nobody else can write meanwhile.
        let mut tx = self.0.store.write().await?;
        let recent = tx.delete_ended_recent_tokens(now).await?;
        tx.commit().await?;
        let mut tx = self.0.store.write().await?;
        let counts = tx.delete_usage_before(day_of(now) - USAGE_DAYS).await?;
        tx.commit().await?;
        Ok(tokens + sessions + recent + counts)
    }

    async fn sweep_denied_tokens(&self, now: Time) -> Result<u64, Error> {
        // Every node has to learn how far was swept, so this is a change of the directory; and while it goes on,
        // no token is denied that it would sweep away uncounted.
        let (mut tx, _) = self.change().await?;
        let count = tx.sweep_denied_tokens(now).await?;
        if count > 0 {
            tx.commit().await?;
        }
        Ok(count)
    }
}

impl Service {
    /// Whether the database is whole.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`], [`Error::Conflict`] when it is damaged.
    pub async fn check_database(&self, actor: &super::Actor) -> Result<(), Error> {
        actor.require_owner()?;
        let mut tx = self.0.store.read().await?;
        match tx.find_damage().await? {
            None => Ok(()),
            Some(damage) => Err(Error::Conflict(format!(
                "The database is damaged: {damage}"
            ))),
        }
    }
}
