//! Permissions: granted and removed at any time, in force for tokens already issued.

use crate::domain::client::Client;
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::Event;
use crate::domain::rights::Right;
use crate::domain::scope::ScopeName;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::require_live;
use crate::store::Version;

/// The names of permissions to grant and to remove.
struct PermissionChange<'a> {
    grant: &'a [String],
    remove: &'a [String],
}

impl<'a> PermissionChange<'a> {
    fn new(grant: &'a [String], remove: &'a [String]) -> Self {
        Self { grant, remove }
    }
}

impl Console {
    /// Grants permissions, in the order given. Granting a held one changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `permissions`, [`Error::Conflict`]
    /// when the client is revoked. Then none is granted.
    pub async fn grant_permissions(
        &self,
        actor: &Actor,
        id: &str,
        names: &[String],
    ) -> Result<Client, Error> {
        let change = PermissionChange::new(names, &[]);
        self.change_permissions(actor, id, None, change).await
    }

    /// Removes permissions, whether the catalogue has them or not. Removing one that is not held changes nothing.
    ///
    /// # Errors
    /// As [`Console::grant_permissions`].
    pub async fn revoke_permissions(
        &self,
        actor: &Actor,
        id: &str,
        names: &[String],
    ) -> Result<Client, Error> {
        let change = PermissionChange::new(&[], names);
        self.change_permissions(actor, id, None, change).await
    }

    /// Grants or removes one permission of a client that is still at a version.
    ///
    /// # Errors
    /// As [`Console::grant_permissions`]; [`Error::Conflict`] also when the client is past that version.
    pub async fn toggle_permission(
        &self,
        actor: &Actor,
        id: &str,
        seen: Version,
        name: &str,
        granted: bool,
    ) -> Result<Client, Error> {
        let names = [name.to_owned()];
        let change = if granted {
            PermissionChange::new(&names, &[])
        } else {
            PermissionChange::new(&[], &names)
        };
        self.change_permissions(actor, id, Some(seen), change).await
    }

    /// Grants and removes permissions of a client that is still at a version.
    ///
    /// # Errors
    /// As [`Console::toggle_permission`].
    pub async fn change_permissions_at(
        &self,
        actor: &Actor,
        id: &str,
        seen: Version,
        grant: &[String],
        remove: &[String],
    ) -> Result<Client, Error> {
        let change = PermissionChange::new(grant, remove);
        self.change_permissions(actor, id, Some(seen), change).await
    }

    async fn change_permissions(
        &self,
        actor: &Actor,
        id: &str,
        seen: Option<Version>,
        PermissionChange { grant, remove }: PermissionChange<'_>,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        if let Some(seen) = seen {
            change.require_unchanged(&client, seen).await?;
        }
        require_live(&client)?;
        self.check_change(&client, grant, remove)?;
        let granted = distinct(grant, |name| !client.holds(name));
        let removed = distinct(remove, |name| client.holds(name));
        if granted.is_empty() && removed.is_empty() {
            return Ok(client);
        }
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

    /// Checks the names: a granted one must fit the scopes, unless it is held already; a removed one must be held or be
    /// in the catalogue.
    fn check_change(
        &self,
        client: &Client,
        grant: &[String],
        remove: &[String],
    ) -> Result<(), Error> {
        let catalog = &self.0.settings.catalog;
        let scopes: Vec<&str> = client.scopes.iter().map(ScopeName::as_str).collect();
        let refused = grant
            .iter()
            .filter(|name| !client.holds(name))
            .filter_map(|name| catalog.check_grant(name, &scopes).err());
        let unknown = remove
            .iter()
            .filter(|name| !client.holds(name) && catalog.permission(name).is_none());
        let unknown = unknown.map(|name| Complaint::PermissionUnknown {
            permission: name.clone(),
        });
        let wrong: Vec<FieldComplaint> = refused
            .chain(unknown)
            .map(|complaint| FieldComplaint::new("permissions", complaint))
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(wrong))
        }
    }
}

/// The names that pass the filter, without repeats, in the order given.
fn distinct(names: &[String], is_included: impl Fn(&str) -> bool) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if is_included(name) && !distinct.contains(name) {
            distinct.push(name.clone());
        }
    }
    distinct
}
