//! Reading the audit log: its entries with names, how far its chain was verified, and exports.

pub(super) mod chain;
mod export;
pub(in crate::service) mod names;

pub use export::Export;

use crate::domain::audit::{
    AUDIT_PAGE_SIZE, Action, AuditChoices, AuditFilter, AuditPage, AuditRow,
};
use crate::domain::client::{ClientFilter, ClientId};
use crate::domain::error::Error;
use crate::domain::event::Target;
use crate::domain::ids::OrganizationId;
use crate::domain::page::{Cursor, PAGE_SIZE, Page};
use crate::domain::rights::Right;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::organizations::filter_choices;
use crate::store::{ClientListing, EventConditions, Tx};

/// How many entries the page of one thing shows.
const NEWEST: i64 = 6;

/// How many administrators are offered to filter by.
const ADMIN_CHOICES: i64 = 200;

impl Console {
    /// One page of the audit log, filtered.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_audit_log(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        cursor: Cursor,
    ) -> Result<AuditPage, Error> {
        actor.require(Right::ReadAuditLog)?;
        let mut tx = self.read().await?;
        let mut result = AuditPage {
            page: Page {
                items: Vec::new(),
                before: None,
                after: None,
            },
            is_partial: false,
            now: self.now(),
        };
        let Some(conditions) = self.conditions(&mut tx, filter).await? else {
            return Ok(result);
        };
        let read = tx
            .list_entries(&conditions, cursor, AUDIT_PAGE_SIZE + 1)
            .await?;
        let page = Page::from_rows(read.entries, AUDIT_PAGE_SIZE, cursor, |entry| {
            entry.sequence.0
        });
        (result.page.before, result.page.after) = (page.before, page.after);
        result.page.items = names::named(&mut tx, page.items).await?;
        if let Some(stopped_at) = read.stopped_at {
            result.is_partial = true;
            match cursor {
                Cursor::Before(_) => result.page.before = Some(stopped_at.0),
                Cursor::First | Cursor::After(_) => result.page.after = Some(stopped_at.0),
            }
        }
        Ok(result)
    }

    /// The newest entries that fit, for the page of an organization or an administrator; none for whoever may not read the
    /// audit log.
    pub(super) async fn newest_entries(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        filter: &AuditFilter,
    ) -> Result<Vec<AuditRow>, Error> {
        if !actor.may(Right::ReadAuditLog) {
            return Ok(Vec::new());
        }
        let Some(conditions) = self.conditions(tx, filter).await? else {
            return Ok(Vec::new());
        };
        let read = tx.list_entries(&conditions, Cursor::First, NEWEST).await?;
        names::named(tx, read.entries).await
    }

    /// What the filters of the audit log offer; the organization is the chosen one.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn audit_choices(
        &self,
        actor: &Actor,
        organization: Option<OrganizationId>,
    ) -> Result<AuditChoices, Error> {
        actor.require(Right::ReadAuditLog)?;
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        let (organizations, has_more_organizations) =
            filter_choices(&outline, &mut tx, organization).await?;
        Ok(AuditChoices {
            admins: tx.list_admin_emails(ADMIN_CHOICES).await?,
            organizations,
            has_more_organizations,
        })
    }

    /// The conditions of a filter; none when no client is meant by what was typed.
    async fn conditions(
        &self,
        tx: &mut Tx,
        filter: &AuditFilter,
    ) -> Result<Option<EventConditions>, Error> {
        let mut targets: Vec<String> = filter.target.iter().map(ToString::to_string).collect();
        if !filter.client.trim().is_empty() {
            let clients = self.clients_meant(tx, filter.client.trim()).await?;
            targets.extend(
                clients
                    .into_iter()
                    .map(|id| Target::Client { id }.to_string()),
            );
            if targets.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(EventConditions {
            actors: filter.actors(),
            kinds: filter.action.map(Action::kinds).unwrap_or_default(),
            targets,
            organization: filter.organization,
            since: filter.since,
            until: filter.until,
        }))
    }

    /// The client with this id, or the newest ones that a search finds.
    async fn clients_meant(&self, tx: &mut Tx, text: &str) -> Result<Vec<ClientId>, Error> {
        if let Ok(id) = ClientId::parse(text)
            && tx.find_client(&id).await?.is_some()
        {
            return Ok(vec![id]);
        }
        let filter = ClientFilter {
            search: text.to_owned(),
            ..ClientFilter::default()
        };
        let listing = ClientListing {
            filter: &filter,
            cursor: Cursor::First,
            limit: PAGE_SIZE,
            now: self.now(),
        };
        let found = tx.list_clients(&listing).await?;
        Ok(found.into_iter().map(|row| row.client.id).collect())
    }
}
