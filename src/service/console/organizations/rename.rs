//! Giving an organization another name.

use crate::domain::client::check_name;
use crate::domain::complaint::OrganizationComplaint;
use crate::domain::error::Error;
use crate::domain::event::{Event, Subject};
use crate::domain::ids::Version;
use crate::domain::organization::{NewName, Organization};
use crate::domain::rights::Right;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;

impl Console {
    /// Gives an organization, archived or not, another name. Several may have the same one, as when they are made. With
    /// the name that it has already, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `name`, [`Error::NotFound`], [`Error::Conflict`] when it is past the
    /// version.
    pub async fn rename_organization(
        &self,
        actor: &Actor,
        new: &NewName,
    ) -> Result<Organization, Error> {
        actor.require(Right::ChangeOrganizations)?;
        let name = new.name.trim();
        check_name(name).map_err(|complaint| Error::invalid("name", complaint))?;
        let mut change = self.change(actor).await?;
        let before = change.organization(new.id).await?;
        change
            .require_organization_unchanged(&before, new.version)
            .await?;
        if before.name == name {
            return Ok(before);
        }
        let (tx, stamp) = change.parts();
        tx.rename_organization(before.id, name, stamp.version)
            .await?;
        let after = change.organization(new.id).await?;
        let event = Event::OrganizationRenamed {
            before: before.name,
            after: after.name.clone(),
        };
        change.commit(&after, event).await?;
        Ok(after)
    }
}

impl Change {
    /// Refuses when the organization was changed since a version, with who changed it and when.
    async fn require_organization_unchanged(
        &mut self,
        organization: &Organization,
        seen: Version,
    ) -> Result<(), Error> {
        if organization.version == seen {
            return Ok(());
        }
        let (tx, _) = self.parts();
        let last = tx
            .find_last_change(&Subject::from(organization).target)
            .await?;
        let at = last.as_ref().map(|last| last.record.at);
        let by = last.map(|last| last.record.actor.name());
        let complaint = OrganizationComplaint::OrganizationChanged { by, at };
        Err(Error::Conflict(complaint.into()))
    }
}
