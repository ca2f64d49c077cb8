//! Verifying the chain of the audit log, in steps of bounded work, each of which reads in short transactions.

use chrono::TimeDelta;

use crate::domain::audit::{CONTENT_DAYS, ChainState};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::ids::Sequence;
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::database::pause_for_writers;
use crate::store::{ChainPosition, ChainStretch, Pass, PassState, Tx};

/// How many records are read in one transaction.
const AT_ONCE: i64 = 1_000;

/// How many new records a step verifies at most.
const NEW: i64 = 50_000;

/// How many records a step of the job verifies again: a million take about eight hours.
const AGAIN: i64 = 10_000;

/// After how long a pass that found nothing new says so.
const SAID_AGAIN: TimeDelta = TimeDelta::minutes(30);

/// The first entry that a pass found not to be as it was written.
pub(in crate::service::console) async fn broken_entry(
    tx: &mut Tx,
) -> Result<Option<Sequence>, Error> {
    let mut broken = None;
    for pass in [Pass::New, Pass::Again] {
        let found = tx.find_pass(pass).await?.and_then(|state| state.broken);
        broken = broken.into_iter().chain(found).min();
    }
    Ok(broken)
}

impl Console {
    /// Verifies the whole chain of the audit log, and returns the number of its last record.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`], [`Error::Conflict`] with the first number that does not fit.
    pub async fn verify_audit_log(&self, actor: &Actor) -> Result<Sequence, Error> {
        actor.require(Right::ManageDatabase)?;
        let from = ChainPosition::default();
        let stretch = self.verify_chain(from, i64::MAX).await?;
        match stretch.broken {
            None => Ok(stretch.end.sequence),
            Some(sequence) => Err(Error::Conflict(Complaint::AuditLogBroken { sequence })),
        }
    }

    /// How far the chain was verified.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn audit_chain(&self, actor: &Actor) -> Result<ChainState, Error> {
        actor.require(Right::ReadAuditLog)?;
        let mut tx = self.read().await?;
        let broken = broken_entry(&mut tx).await?;
        let new = tx.find_pass(Pass::New).await?;
        let again = tx.find_pass(Pass::Again).await?;
        Ok(ChainState {
            newest: tx.find_newest_event().await?,
            verified: new
                .as_ref()
                .map_or(Sequence(0), |pass| pass.position.sequence),
            at: new.map(|pass| pass.at),
            reread_at: again.and_then(|pass| pass.ended_at),
            broken,
        })
    }

    /// Verifies what was added since the last time, up to a limit of one step.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn verify_new_entries(&self, actor: &Actor) -> Result<(), Error> {
        actor.require(Right::ReadAuditLog)?;
        self.follow(Pass::New, NEW, TimeDelta::zero()).await
    }

    /// The step of the job: verifies what was added, and a part of the rest again.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn follow_audit_log(&self) -> Result<(), Error> {
        self.follow(Pass::New, NEW, SAID_AGAIN).await?;
        self.follow(Pass::Again, AGAIN, SAID_AGAIN).await
    }

    /// Goes on with a pass. When it finds nothing new, that is kept after `quiet` at the earliest.
    async fn follow(&self, pass: Pass, at_most: i64, quiet: TimeDelta) -> Result<(), Error> {
        let before = self.read().await?.find_pass(pass).await?;
        let from = before.as_ref().map(|state| state.position.clone());
        let stretch = self
            .verify_chain(from.clone().unwrap_or_default(), at_most)
            .await?;
        let now = self.now();
        let is_whole = stretch.broken.is_none() && stretch.end.sequence == stretch.newest;
        let ended_at = before.as_ref().and_then(|state| state.ended_at);
        let mut state = PassState {
            position: stretch.end,
            at: now,
            ended_at: if is_whole { Some(now) } else { ended_at },
            broken: stretch.broken,
        };
        if is_whole && pass == Pass::Again {
            state.position = ChainPosition::default();
        }
        let was_broken = before.as_ref().and_then(|state| state.broken);
        if let Some(sequence) = state.broken
            && was_broken.is_none()
        {
            tracing::error!(entry = sequence.0, "the audit log is not as it was written");
        }
        let is_same = before.as_ref().is_some_and(|before| {
            before.position == state.position
                && before.broken == state.broken
                && now - before.at < quiet
        });
        if is_same {
            return Ok(());
        }
        let mut tx = self.0.store.write().await?;
        tx.save_pass(pass, &state).await?;
        Ok(tx.commit().await?)
    }

    /// Verifies at most so many records after a position. Each transaction is short, so that checkpoints of SQLite and the
    /// vacuum of PostgreSQL do not wait.
    async fn verify_chain(&self, from: ChainPosition, at_most: i64) -> Result<ChainStretch, Error> {
        let swept_before = self.now() - TimeDelta::days(CONTENT_DAYS);
        let mut left = at_most;
        let mut end = from;
        loop {
            let count = AT_ONCE.min(left);
            let mut tx = self.read().await?;
            let stretch = tx.verify_events_after(&end, count, swept_before).await?;
            drop(tx);
            left -= count;
            if stretch.broken.is_some() || stretch.end.sequence == stretch.newest || left <= 0 {
                return Ok(stretch);
            }
            end = stretch.end;
            pause_for_writers().await;
        }
    }
}
