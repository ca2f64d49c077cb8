//! The newest changes, from the audit log.

use crate::domain::audit::AuditRow;
use crate::domain::error::Error;
use crate::domain::event::{Entry, Event, SHORT_LIVED};
use crate::domain::page::Cursor;
use crate::service::console::audit::names::named;
use crate::store::{EventConditions, Tx};

/// How many changes are shown.
const CHANGES: usize = 5;

/// Among how many of the newest entries they are looked for: sign-ins, and what clients do by themselves, are no changes.
const ENTRIES: i64 = 60;

/// The newest changes, with the names of what they mention.
pub(super) async fn recent_changes(tx: &mut Tx) -> Result<Vec<AuditRow>, Error> {
    let every = EventConditions::default();
    let mut entries = tx
        .list_entries(&every, Cursor::First, ENTRIES)
        .await?
        .entries;
    entries.retain(is_change);
    entries.truncate(CHANGES);
    named(tx, entries).await
}

/// Whether an entry tells of a change that somebody made.
fn is_change(entry: &Entry) -> bool {
    let is_session = |event: &Event| matches!(event, Event::SignedIn {} | Event::SignedOut {});
    let event = entry.record.as_ref().map(|record| &record.event);
    event.is_some_and(|event| !is_session(event)) && !SHORT_LIVED.contains(&entry.kind.as_str())
}
