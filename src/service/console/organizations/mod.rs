//! Organizations: made, listed, given another host, archived, restored.

mod page;
mod rename;

use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::Event;
use crate::domain::host::Host;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{
    CheckedOrganization, NewHost, NewOrganization, Organization, OrganizationSummary, check_host,
};
use crate::domain::page::{Cursor, ORGANIZATION_PAGE_SIZE, Page};
use crate::domain::rights::Right;
use crate::domain::view::{DirectoryCounts, OrganizationList};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::store::{self, OrganizationListing, Stamp, Tx};

impl Console {
    /// The numbers in the frame of every page.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn frame_counts(&self, actor: &Actor) -> Result<DirectoryCounts, Error> {
        actor.require(Right::ReadDirectory)?;
        Ok(self.outline().await?.counts)
    }

    /// One page of the organizations that are not archived, by name. In a search, each term is the beginning of a word of
    /// the name or the host, or of the id.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_organizations(
        &self,
        actor: &Actor,
        search: &str,
        cursor: Cursor,
    ) -> Result<OrganizationList, Error> {
        actor.require(Right::ReadDirectory)?;
        let counts = self.outline().await?.counts;
        let listing = self.page_of_organizations(search, cursor);
        let mut tx = self.read().await?;
        let rows = tx.list_organization_summaries(&listing).await?;
        let ids: Vec<OrganizationId> = rows.iter().map(|row| row.organization.id).collect();
        let is_searched = !search.trim().is_empty();
        Ok(OrganizationList {
            page: Page::from_rows(rows, ORGANIZATION_PAGE_SIZE, cursor, |row| {
                row.organization.id.0
            }),
            usage: tx.list_organization_usage(&ids, listing.now).await?,
            now: listing.now,
            total: (!is_searched).then_some(counts.organizations),
            unbound_clients: counts.unbound_clients,
            archived: counts.archived,
        })
    }

    /// One page of the archived organizations, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_archived_organizations(
        &self,
        actor: &Actor,
        cursor: Cursor,
    ) -> Result<Page<Organization>, Error> {
        actor.require(Right::ReadDirectory)?;
        let listing = OrganizationListing {
            archived: true,
            ..self.page_of_organizations("", cursor)
        };
        let mut tx = self.read().await?;
        let rows = tx.list_organizations_by_name(&listing).await?;
        Ok(Page::from_rows(
            rows,
            ORGANIZATION_PAGE_SIZE,
            cursor,
            |row| row.id.0,
        ))
    }

    /// Every organization by name: the archived ones, or the others.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_every_organization(
        &self,
        actor: &Actor,
        archived: bool,
    ) -> Result<Vec<Organization>, Error> {
        actor.require(Right::ReadDirectory)?;
        let listing = OrganizationListing {
            archived,
            limit: i64::MAX,
            ..self.page_of_organizations("", Cursor::First)
        };
        let mut tx = self.read().await?;
        Ok(tx.list_organizations_by_name(&listing).await?)
    }

    fn page_of_organizations<'a>(
        &self,
        search: &'a str,
        cursor: Cursor,
    ) -> OrganizationListing<'a> {
        OrganizationListing {
            search,
            archived: false,
            cursor,
            limit: ORGANIZATION_PAGE_SIZE + 1,
            now: self.now(),
        }
    }

    /// One organization that is not archived, with the numbers of its clients.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn summarize_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<OrganizationSummary, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        let found = tx.find_organization_summary(id, self.now()).await?;
        let found = found.filter(|found| found.organization.archived_at.is_none());
        found.ok_or_else(|| unknown_organization(id))
    }

    /// One organization, archived or not.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        actor.require(Right::ReadDirectory)?;
        let found = self.read().await?.find_organization(id).await?;
        found.ok_or_else(|| unknown_organization(id))
    }

    /// Makes an organization.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `name` or `host`.
    pub async fn create_organization(
        &self,
        actor: &Actor,
        new: &NewOrganization,
    ) -> Result<Organization, Error> {
        let new = self.check_organization(actor, new)?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        let organization = insert_organization(tx, &new, stamp).await?;
        let event = creation(&organization);
        change.commit(&organization, event).await?;
        Ok(organization)
    }

    /// Makes the organization that a form asks for, or, when the form was sent before, answers as the first time.
    ///
    /// # Errors
    /// As [`Console::create_organization`]; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn create_organization_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        new: &NewOrganization,
    ) -> Result<FormAnswer, Error> {
        let new = self.check_organization(actor, new)?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(answer);
        }
        let organization = insert_organization(tx, &new, stamp).await?;
        let answer = FormAnswer {
            made: organization.id.to_string(),
            sealed: None,
        };
        form.keep_answer(tx, stamp, &answer).await?;
        let event = creation(&organization);
        change.commit(&organization, event).await?;
        Ok(answer)
    }

    fn check_organization(
        &self,
        actor: &Actor,
        new: &NewOrganization,
    ) -> Result<CheckedOrganization, Error> {
        actor.require(Right::ChangeOrganizations)?;
        Ok(new.check(self.main_host())?)
    }

    /// Gives an organization another host, or none. It counts from the next request on; no token is ended. With the
    /// host that the organization has already, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `host`, [`Error::NotFound`], [`Error::Conflict`] when it is archived.
    pub async fn set_organization_host(
        &self,
        actor: &Actor,
        new: &NewHost,
    ) -> Result<Organization, Error> {
        actor.require(Right::ChangeOrganizations)?;
        let id = new.id;
        let host = check_host(&new.host, self.main_host())
            .map_err(|complaint| Error::invalid("host", complaint))?;
        let mut change = self.change(actor).await?;
        let before = change.organization(id).await?;
        if before.archived_at.is_some() {
            return Err(Error::Conflict(Complaint::OrganizationArchived { id }));
        }
        if before.host == host {
            return Ok(before);
        }
        let (tx, stamp) = change.parts();
        let updated = tx.update_organization_host(id, host.as_ref(), stamp.version);
        match updated.await {
            Err(store::Error::Taken) => return Err(taken()),
            other => other?,
        };
        let after = change.organization(id).await?;
        let event = Event::OrganizationHostChanged {
            name: before.name,
            before: before.host,
            after: after.host.clone(),
        };
        change.commit(&after, event).await?;
        Ok(after)
    }

    /// Restores an archived organization: its clients work again, and every token issued before stays dead. It has no
    /// host until it is given one.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it is not archived.
    pub async fn restore_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        self.set_archived(actor, id, false).await
    }

    /// Archives an organization: from this moment its clients and their tokens are dead, and its host is free.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it was archived before.
    pub async fn archive_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        self.set_archived(actor, id, true).await
    }

    async fn set_archived(
        &self,
        actor: &Actor,
        id: OrganizationId,
        archived: bool,
    ) -> Result<Organization, Error> {
        actor.require(Right::ChangeOrganizations)?;
        let mut change = self.change(actor).await?;
        let before = change.organization(id).await?;
        let (tx, stamp) = change.parts();
        let (is_changed, refusal) = if archived {
            let refusal = Complaint::ArchivedAlready { id };
            (tx.archive_organization(id, stamp).await?, refusal)
        } else {
            let refusal = Complaint::NotArchived { id };
            (tx.restore_organization(id, stamp.version).await?, refusal)
        };
        if !is_changed {
            return Err(Error::Conflict(refusal));
        }
        let (name, host, archived_at) = (before.name, before.host, before.archived_at);
        let event = if archived {
            Event::OrganizationArchived { name, host }
        } else {
            Event::OrganizationRestored { name, archived_at }
        };
        let after = change.organization(id).await?;
        change.commit(&after, event).await?;
        Ok(after)
    }

    fn main_host(&self) -> &Host<'static> {
        &self.0.settings.issuer.authority.host
    }
}

pub(in crate::service) fn unknown_organization(id: OrganizationId) -> Error {
    Error::NotFound(Complaint::OrganizationUnknown { id })
}

async fn insert_organization(
    tx: &mut Tx,
    new: &CheckedOrganization,
    stamp: &Stamp,
) -> Result<Organization, Error> {
    match tx.insert_organization(new, stamp).await {
        Err(store::Error::Taken) => Err(taken()),
        other => Ok(other?),
    }
}

fn creation(organization: &Organization) -> Event {
    Event::OrganizationCreated {
        name: organization.name.clone(),
        host: organization.host.clone(),
    }
}

fn taken() -> Error {
    Error::invalid("host", Complaint::HostTaken)
}
