//! What is swept away when its time is over.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::{Event, SINGLE_REVOCATIONS};
use crate::domain::rights::Right;
use crate::domain::usage::{beginning_of, day_of, hour_of};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::sessions::IDLE;
use crate::service::database::let_others_write;

/// How many days counts are kept.
const USAGE_DAYS: i64 = 90;

/// How long the audit log keeps what it says of tokens revoked one by one and of failed sign-ins. Others decide how many
/// such records there are, so they are the only ones that are swept.
const SHORT_LIVED_KEPT: TimeDelta = TimeDelta::days(90);

/// How many rows are swept in one transaction: few enough that whoever else wants to write hardly waits.
const ROWS_AT_ONCE: i64 = 1_000;

impl Console {
    /// Deletes the revocations of tokens that have ended, sessions that have ended, old counts, and the content of
    /// records that others decide about, and says of how many rows. Records how many tokens were revoked in hours that
    /// are over.
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
        self.record_revocation_counts(now).await?;
        let events = self.sweep_events(now).await?;
        Ok(tokens + sessions + counts + events)
    }

    /// Records, of each hour that is over, how many tokens each client revoked beyond those that have a record each.
    async fn record_revocation_counts(&self, now: Time) -> Result<(), Error> {
        let mut tx = self.0.store.write().await?;
        let mut records = Vec::new();
        // The hour before may not be over yet by the clock of another node.
        for count in tx.take_revocation_counts_before(hour_of(now) - 1).await? {
            let tokens = count.revoked - SINGLE_REVOCATIONS;
            if tokens <= 0 {
                continue;
            }
            let Some(found) = tx.find_client_by_number(count.client).await? else {
                continue;
            };
            let actor = Actor::Client {
                id: found.client.id.clone(),
                address: None,
            };
            let hour = beginning_of(count.hour);
            let event = Event::TokensRevoked { hour, tokens };
            records.push(actor.record(now, &found.client, event));
        }
        tx.append_events(&records).await?;
        Ok(tx.commit().await?)
    }

    async fn sweep_events(&self, now: Time) -> Result<u64, Error> {
        let mut swept = 0;
        loop {
            let mut tx = self.0.store.write().await?;
            let count = tx
                .sweep_events(now - SHORT_LIVED_KEPT, ROWS_AT_ONCE)
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
        let mut tx = self.0.store.write().await?;
        let version = tx.raise_directory_version().await?;
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

    /// Up to which number the records of the audit log are those that were written, in their order.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`], [`Error::Conflict`] with the first number that does not fit.
    pub async fn verify_audit_log(&self, actor: &Actor) -> Result<i64, Error> {
        actor.require(Right::ManageDatabase)?;
        let swept_before = self.now() - SHORT_LIVED_KEPT;
        let found = self.read().await?.verify_events(swept_before).await?;
        match found.broken {
            None => Ok(found.verified),
            Some(sequence) => Err(Error::Conflict(Complaint::AuditLogBroken { sequence })),
        }
    }
}
