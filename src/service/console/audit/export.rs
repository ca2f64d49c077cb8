//! Exports of the audit log, page by page.

use super::names;
use crate::domain::audit::{AuditFilter, AuditRow};
use crate::domain::error::Error;
use crate::domain::event::{Event, ExportFormat, Target};
use crate::domain::ids::Sequence;
use crate::domain::page::Cursor;
use crate::domain::progress::Progress;
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::EventConditions;

/// How many entries are read at a time.
const AT_ONCE: i64 = 500;

/// An export that has begun: the entries up to the newest one at that moment, the newest first.
#[derive(Debug)]
pub struct Export {
    console: Console,
    /// None when nothing fits, or nothing is left.
    conditions: Option<EventConditions>,
    cursor: Cursor,
    progress: Progress,
}

impl Console {
    /// Begins an export, and records it in the audit log. How many entries it has is not known before they are read, so the
    /// record has what was chosen and the newest entry.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn export_audit_log(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        format: ExportFormat,
    ) -> Result<Export, Error> {
        actor.require(Right::ReadAuditLog)?;
        actor.require_fresh_proof()?;
        let mut tx = self.0.store.write().await?;
        let newest = tx.find_newest_event().await?;
        let event = Event::AuditExported {
            format,
            filter: filter.exported(),
            newest,
        };
        let record = actor.record(self.now(), Target::AuditLog, event);
        tx.append_events(&[record]).await?;
        tx.commit().await?;
        self.begin_export(filter, newest).await
    }

    /// The entries that a filter chooses, for a command, without a record: whoever has a shell may read the database.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn read_audit_log(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
    ) -> Result<Export, Error> {
        actor.require(Right::ReadAuditLog)?;
        let newest = self.read().await?.find_newest_event().await?;
        self.begin_export(filter, newest).await
    }

    async fn begin_export(&self, filter: &AuditFilter, newest: Sequence) -> Result<Export, Error> {
        let mut tx = self.read().await?;
        Ok(Export {
            console: self.clone(),
            conditions: self.conditions(&mut tx, filter).await?,
            cursor: Cursor::After(newest.next().0),
            progress: Progress::from_newest(newest.0),
        })
    }
}

impl Export {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The next entries; none after the last. Each call reads in a transaction of its own, so that a slow reader holds none
    /// open.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn next(&mut self) -> Result<Option<Vec<AuditRow>>, Error> {
        while let Some(conditions) = &self.conditions {
            let mut tx = self.console.read().await?;
            let read = tx.list_entries(conditions, self.cursor, AT_ONCE).await?;
            let is_full = i64::try_from(read.entries.len()).unwrap_or(i64::MAX) >= AT_ONCE;
            let last = read.entries.last().map(|entry| entry.sequence);
            let reached = if is_full {
                last
            } else {
                read.stopped_at.or(last)
            };
            let reached = reached.map_or(0, |sequence| sequence.0);
            self.progress.advance(read.entries.len(), reached);
            match (is_full, last, read.stopped_at) {
                (true, Some(last), _) => self.cursor = Cursor::After(last.0),
                (_, _, Some(stopped_at)) => self.cursor = Cursor::After(stopped_at.0),
                _ => self.conditions = None,
            }
            if !read.entries.is_empty() {
                return Ok(Some(names::named(&mut tx, read.entries).await?));
            }
        }
        Ok(None)
    }
}
