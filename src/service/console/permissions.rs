//! Permissions: granted and removed at any time, in force for tokens already issued.

use std::borrow::Borrow;

use crate::domain::client::Client;
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::Event;
use crate::domain::permission::PermissionSwitch;
use crate::domain::rights::Right;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require_live, require_may_change, require_may_grant};

impl Console {
    /// Grants and removes permissions, in the order given. What is so already stays, so a repeat is harmless: where
    /// nothing changes, there is no event and no new version.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when the client is revoked, [`Error::Invalid`]
    /// in `permissions`. Then nothing is changed.
    pub async fn set_permissions(
        &self,
        actor: &Actor,
        id: &str,
        switches: &[PermissionSwitch],
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        require_live(&client)?;
        let wanted = last_of_each(switches);
        self.check_switches(&client, &wanted)?;
        self.switch(actor, change, client, &wanted).await
    }

    /// Writes checked switches, and commits where they change something.
    pub(in crate::service) async fn switch<S: Borrow<PermissionSwitch>>(
        &self,
        actor: &Actor,
        mut change: Change,
        client: Client,
        wanted: &[S],
    ) -> Result<Client, Error> {
        require_may_change(actor, &client)?;
        let changed = |on: bool| -> Vec<String> {
            let is_changed = |switch: &&PermissionSwitch| {
                switch.on == on && client.holds(&switch.permission) != on
            };
            let changed = wanted.iter().map(Borrow::borrow).filter(is_changed);
            changed.map(|switch| switch.permission.clone()).collect()
        };
        let (granted, removed) = (changed(true), changed(false));
        if granted.is_empty() && removed.is_empty() {
            return Ok(client);
        }
        require_may_grant(actor, granted.iter().map(String::as_str))?;
        let (tx, stamp) = change.parts();
        for name in &granted {
            tx.insert_permission(client.number, name, stamp).await?;
        }
        for name in &removed {
            tx.delete_permission(client.number, name).await?;
        }
        tx.stamp_client(client.number, stamp.version).await?;
        let client = change.reload(client.number).await?;
        let event = Event::PermissionsChanged { granted, removed };
        change.commit(&client, event).await?;
        Ok(client)
    }

    /// Checks what the client does not hold: to be granted, a permission must fit the scopes; to be removed, it must be
    /// in the catalogue.
    fn check_switches(&self, client: &Client, wanted: &[&PermissionSwitch]) -> Result<(), Error> {
        let catalog = &self.0.settings.catalog;
        let complaint = |switch: &&PermissionSwitch| {
            let name = &switch.permission;
            if switch.on {
                catalog.check_grant(name, &client.scopes).err()
            } else {
                let permission = name.clone();
                let unknown = Complaint::PermissionUnknown { permission };
                catalog.permission(name).is_none().then_some(unknown)
            }
        };
        let wrong: Vec<FieldComplaint> = wanted
            .iter()
            .filter(|switch| !client.holds(&switch.permission))
            .filter_map(complaint)
            .map(|complaint| FieldComplaint::new("permissions", complaint))
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(wrong))
        }
    }
}

/// The last switch of each permission, in the order in which the permissions first occur.
fn last_of_each(switches: &[PermissionSwitch]) -> Vec<&PermissionSwitch> {
    let mut wanted: Vec<&PermissionSwitch> = Vec::with_capacity(switches.len());
    for switch in switches {
        let mut known = wanted.iter_mut();
        match known.find(|known| known.permission == switch.permission) {
            Some(known) => *known = switch,
            None => wanted.push(switch),
        }
    }
    wanted
}
