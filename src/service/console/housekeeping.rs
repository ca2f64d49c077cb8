//! What is swept away when its time is over.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::rights::Right;
use crate::domain::usage::{day_of, hour_of};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::sessions::IDLE;
use crate::service::database::let_others_write;

/// How many days counts are kept.
const USAGE_DAYS: i64 = 90;

/// How long entries about tokens revoked one by one, and about failed sign-ins, are kept. Others decide how many of them
/// there are, so they are the only ones that are swept.
const SHORT_LIVED_KEPT: TimeDelta = TimeDelta::days(90);

/// How many rows are swept in one transaction: few enough that whoever else wants to write hardly waits.
const ROWS_AT_ONCE: i64 = 1_000;

impl Console {
    /// Deletes the revocations of tokens that have ended, sessions that have ended, old counts, and old entries about
    /// revoked tokens, and says how many rows went.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn sweep(&self) -> Result<u64, Error> {
        let now = self.now();
        let tokens = self.sweep_denylist(now).await?;
        let mut tx = self.0.store.write().await?;
        let sessions = tx.delete_ended_sessions(now, now - IDLE).await?;
        tx.commit().await?;
        let counts = self.sweep_usage(day_of(now) - USAGE_DAYS).await?;
        let entries = self.sweep_revocations(now).await?;
        Ok(tokens + sessions + counts + entries)
    }

    /// Forgets old entries about revoked tokens, and how many there were in hours that are over. Those numbers are no
    /// record, but what is left of a limit, and not counted here.
    async fn sweep_revocations(&self, now: Time) -> Result<u64, Error> {
        let mut tx = self.0.store.write().await?;
        // The hour before may not be over yet by the clock of another node.
        tx.delete_revocation_counts_before(hour_of(now) - 1).await?;
        tx.commit().await?;
        let mut swept = 0;
        loop {
            let mut tx = self.0.store.write().await?;
            let count = tx
                .delete_short_lived_events_before(now - SHORT_LIVED_KEPT, ROWS_AT_ONCE)
                .await?;
            tx.commit().await?;
            if count == 0 {
                return Ok(swept);
            }
            swept += count;
            let_others_write().await;
        }
    }

    /// Forgets the counts before a day.
    async fn sweep_usage(&self, day: i64) -> Result<u64, Error> {
        let mut swept = 0;
        loop {
            let mut tx = self.0.store.write().await?;
            let count = tx.delete_usage_before(day, ROWS_AT_ONCE).await?;
            tx.commit().await?;
            if count == 0 {
                return Ok(swept);
            }
            swept += count;
            let_others_write().await;
        }
    }

    async fn sweep_denylist(&self, now: Time) -> Result<u64, Error> {
        // Every node has to learn how far was swept, so this is a change of the directory; and while it goes on,
        // no token is denied that it would sweep away uncounted.
        let (mut tx, version) = self.change().await?;
        let count = tx.sweep_denylist(now, version).await?;
        if count > 0 {
            tx.commit().await?;
        }
        Ok(count)
    }
}

impl Console {
    /// Whether the database is whole.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`], [`Error::Conflict`] when it is damaged.
    pub async fn check_database(&self, actor: &Actor) -> Result<(), Error> {
        actor.require(Right::ManageDatabase)?;
        let mut tx = self.0.store.read().await?;
        match tx.find_damage().await? {
            None => Ok(()),
            Some(damage) => Err(Error::Conflict(Complaint::DatabaseDamaged { damage })),
        }
    }
}
