//! Organizations: made, listed, archived.

use serde_json::json;

use super::actor::Actor;
use super::{Entry, Service};
use crate::domain::audit::Action;
use crate::domain::count::Count;
use crate::domain::error::Error;
use crate::domain::host::Host;
use crate::domain::organization::{NewOrganization, Organization};
use crate::domain::view::OrganizationList;
use crate::store;

/// The numbers in the frame of every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameCounts {
    /// Clients that are not revoked.
    pub clients: Count,
    /// Organizations that are not archived.
    pub organizations: i64,
}

impl Service {
    /// The numbers in the frame of every page.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn frame_counts(&self, actor: &Actor) -> Result<FrameCounts, Error> {
        actor.require_read()?;
        let mut tx = self.read().await?;
        Ok(FrameCounts {
            clients: tx.count_live_clients().await?,
            organizations: tx.count_organizations().await?,
        })
    }

    /// Every organization that is not archived, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_organizations(&self, actor: &Actor) -> Result<OrganizationList, Error> {
        actor.require_read()?;
        let mut tx = self.read().await?;
        Ok(OrganizationList {
            organizations: tx.list_organization_summaries(self.now()).await?,
            unbound_clients: tx.count_unbound_clients().await?,
        })
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
        actor.require_change()?;
        let new = new.check()?;
        self.require_not_main(new.host.as_ref())?;
        let (mut tx, version) = self.change().await?;
        let organization = match tx.insert_organization(&new, self.now(), version).await {
            Err(store::Error::Taken) => return Err(taken()),
            other => other?,
        };
        let detail = json!({"name": organization.name, "host": organization.host});
        self.record(
            &mut tx,
            actor,
            entry(Action::OrganizationCreated, organization.id, detail),
        )
        .await?;
        tx.commit().await?;
        Ok(organization)
    }

    /// Refuses the issuer's own host, whichever port the issuer has.
    fn require_not_main(&self, host: Option<&Host<'_>>) -> Result<(), Error> {
        if host == Some(&self.0.settings.issuer.authority.host) {
            return Err(Error::invalid(
                "host",
                "That is this server's own host. Leave it empty, or give the organization another one.",
            ));
        }
        Ok(())
    }

    /// Archives an organization: from this moment its clients and their tokens are dead, and its host is free.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it was archived before.
    pub async fn archive_organization(
        &self,
        actor: &Actor,
        id: i64,
    ) -> Result<Organization, Error> {
        actor.require_change()?;
        let (mut tx, version) = self.change().await?;
        let before = tx.find_organization(id).await?;
        let before = before.ok_or_else(|| unknown(id))?;
        if !tx.archive_organization(id, self.now(), version).await? {
            return Err(Error::Conflict(format!(
                "Organization {id} was archived before. Nothing else to do."
            )));
        }
        let organization = tx.find_organization(id).await?;
        let organization = organization.ok_or_else(|| unknown(id))?;
        let detail = json!({"name": before.name, "host": before.host});
        self.record(
            &mut tx,
            actor,
            entry(Action::OrganizationArchived, id, detail),
        )
        .await?;
        tx.commit().await?;
        Ok(organization)
    }
}

fn unknown(id: i64) -> Error {
    Error::NotFound(format!("There is no organization {id}."))
}

fn taken() -> Error {
    Error::invalid("host", "Another organization has this host.")
}

fn entry(action: Action, id: i64, detail: serde_json::Value) -> Entry {
    Entry {
        action,
        target: format!("organization:{id}"),
        organization_id: Some(id),
        detail,
    }
}
