//! The list of clients as CSV, a part at a time.

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientState};
use crate::domain::csv::CsvLines;
use crate::domain::error::Error;
use crate::domain::event::{Event, Target};
use crate::domain::ids::ClientNumber;
use crate::domain::page::Cursor;
use crate::domain::progress::Progress;
use crate::domain::rights::Right;
use crate::domain::usage::DAYS;
use crate::domain::view::ClientRow;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::usage::ClientUses;
use crate::store::ClientListing;

/// How many clients a part has. Each part is one read of the database, and what the export holds in memory.
const PART: i64 = 250;

/// The most characters of a search that are kept in the audit log; a longer one finds nothing.
const SEARCH_KEPT: usize = 200;

/// An export of clients that has begun.
#[derive(Clone, Debug)]
pub struct ClientExport {
    console: Console,
    filter: ClientFilter,
    next: Next,
    progress: Progress,
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Head,
    Rows(Cursor),
    Nothing,
}

impl Console {
    /// Begins an export of the clients that match, and records it in the audit log.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn export_clients(
        &self,
        actor: &Actor,
        filter: ClientFilter,
    ) -> Result<ClientExport, Error> {
        actor.require(Right::ReadDirectory)?;
        actor.require_fresh_proof()?;
        let event = Event::ClientsExported {
            search: filter.search.chars().take(SEARCH_KEPT).collect(),
            status: filter.status,
            organization_id: filter.organization,
            scope: filter.scope.clone(),
            permission: filter.permission.clone(),
        };
        let mut tx = self.0.store.write().await?;
        let record = actor.record(self.now(), Target::Directory, event);
        tx.append_events(&[record]).await?;
        tx.commit().await?;
        Ok(ClientExport {
            console: self.clone(),
            filter,
            next: Next::Head,
            progress: Progress::default(),
        })
    }
}

impl ClientExport {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The next lines; none after the last ones. Each part is as the database is when it is read, so a client that is
    /// made meanwhile is not in it, and one that is changed is there once, as it was before or after.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn next_part(&mut self) -> Result<Option<String>, Error> {
        match self.next {
            Next::Head => {
                self.next = Next::Rows(Cursor::First);
                let mut lines = CsvLines::default();
                let requests = format!("requests_in_{DAYS}_days");
                lines.push(COLUMNS.into_iter().chain([requests.as_str()]));
                Ok(Some(lines.into_text()))
            }
            Next::Rows(cursor) => self.rows(cursor).await,
            Next::Nothing => Ok(None),
        }
    }

    async fn rows(&mut self, cursor: Cursor) -> Result<Option<String>, Error> {
        let now = self.console.now();
        let mut tx = self.console.read().await?;
        let rows = tx
            .list_clients(&ClientListing {
                filter: &self.filter,
                cursor,
                limit: PART,
                now,
            })
            .await?;
        let numbers: Vec<ClientNumber> = rows.iter().map(|row| row.client.number).collect();
        let uses = ClientUses::of(&mut tx, &numbers, now).await?;
        drop(tx);
        let is_last = i64::try_from(rows.len()).unwrap_or(PART) < PART;
        self.next = match numbers.last() {
            Some(last) if !is_last => Next::Rows(Cursor::After(last.0)),
            _ => Next::Nothing,
        };
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
            return Ok(None);
        };
        if cursor == Cursor::First {
            self.progress = Progress::from_newest(first.0);
        }
        self.progress.advance(rows.len(), last.0);
        let mut lines = CsvLines::default();
        for summary in rows {
            push_client(&mut lines, &self.console.row(summary, &uses, now));
        }
        Ok(Some(lines.into_text()))
    }
}

/// The columns; the last one, the number of requests, has the number of days in its name.
const COLUMNS: [&str; 10] = [
    "client_id",
    "name",
    "organization",
    "scopes",
    "permissions",
    "state",
    "created_at",
    "created_by",
    "expires_at",
    "last_used_at",
];

fn push_client(to: &mut CsvLines, row: &ClientRow) {
    let client = &row.summary.client;
    to.push([
        client.id.as_str(),
        &client.name,
        row.summary.organization.as_deref().unwrap_or_default(),
        &client.scopes.to_string(),
        &row.granted.to_string(),
        state_word(row.state),
        &moment(Some(client.created_at)),
        &client.created_by,
        &moment(client.lifecycle.expires_at()),
        &moment(row.usage.last_used_at),
        &row.usage.requests().to_string(),
    ]);
}

/// The word for a state in files, as the list's filter has it.
fn state_word(state: ClientState) -> &'static str {
    match state {
        ClientState::Active => "active",
        ClientState::Expiring { .. } => "expiring",
        ClientState::Expired => "expired",
        ClientState::Suspended => "suspended",
        ClientState::Revoked => "revoked",
    }
}

/// A moment in RFC 3339, to the second; empty for none.
fn moment(at: Option<Time>) -> String {
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        .unwrap_or_default()
}
