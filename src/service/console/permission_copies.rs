//! The permissions of one client beside those of another: compared, and copied.

use std::collections::HashMap;

use crate::domain::client::{Client, ClientFilter, ClientId, ClientSummary};
use crate::domain::complaint::PermissionComplaint;
use crate::domain::error::Error;
use crate::domain::ids::Version;
use crate::domain::page::{Cursor, PAGE_SIZE};
use crate::domain::permission::PermissionSwitch;
use crate::domain::rights::Right;
use crate::domain::view::{
    ClientChoice, CopiedRest, NamedClient, PermissionComparison, PermissionHistory,
};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require, require_live};
use crate::store::{ClientListing, Tx};

/// A wish to give a client the permissions of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionCopy {
    /// The id of the client that is copied from, which may be revoked.
    pub from: String,
    /// The version of that client that whoever copies has seen.
    pub seen_from: Version,
    /// The version of the client that is changed.
    pub seen: Version,
    /// What becomes of what the other client does not have.
    pub rest: CopiedRest,
}

impl Console {
    /// The client that a text names: one with this id, revoked or not, or one alone that is not revoked with this name,
    /// apart from case and white space. Otherwise those that it may mean, by the beginnings of words.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn find_named_client(&self, actor: &Actor, text: &str) -> Result<NamedClient, Error> {
        actor.require(Right::ReadDirectory)?;
        let text = text.trim();
        let mut tx = self.read().await?;
        if let Ok(id) = ClientId::parse(text)
            && let Some(found) = tx.find_client(&id).await?
        {
            return Ok(NamedClient::One(Box::new(found.client)));
        }
        let filter = ClientFilter {
            search: text.to_owned(),
            ..ClientFilter::default()
        };
        let listing = ClientListing {
            filter: &filter,
            cursor: Cursor::First,
            limit: PAGE_SIZE + 1,
            now: self.now(),
        };
        let mut found = match text {
            "" => Vec::new(),
            _ => tx.list_clients(&listing).await?,
        };
        let key = folded(text);
        let mut named = (0..found.len()).filter(|place| folded(&found[*place].client.name) == key);
        if let (Some(place), None) = (named.next(), named.next()) {
            // Lists have the permissions by name.
            let only = require(&mut tx, found.swap_remove(place).client.id.as_str()).await?;
            return Ok(NamedClient::One(Box::new(only)));
        }
        let choice = |ClientSummary {
                          client,
                          organization,
                      }| ClientChoice {
            id: client.id.to_string(),
            name: client.name,
            organization,
        };
        Ok(NamedClient::Several(
            found.into_iter().map(choice).collect(),
        ))
    }

    /// Compares the permissions of a client with those of another one.
    #[must_use]
    pub fn compare_permissions(&self, this: &Client, other: &Client) -> PermissionComparison {
        PermissionComparison::of(this, other, &self.0.settings.catalog)
    }

    /// Since when a client holds its permissions, and when it last exercised them.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn permission_history(
        &self,
        actor: &Actor,
        client: &Client,
    ) -> Result<PermissionHistory, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        if !tx.has_permission_uses().await? {
            return Ok(PermissionHistory::default());
        }
        let grants = tx.list_grants(client.number).await?.into_iter();
        Ok(PermissionHistory {
            grants: grants
                .map(|grant| (grant.permission.clone(), grant))
                .collect(),
            uses: self.uses_of(&mut tx, client).await?,
            is_known: true,
        })
    }

    async fn uses_of(
        &self,
        tx: &mut Tx,
        client: &Client,
    ) -> Result<HashMap<String, crate::domain::Time>, Error> {
        let now = self.now();
        let uses = tx.list_permission_uses(client.number).await?.into_iter();
        // Another node's clock may be ahead.
        Ok(uses.map(|(name, at)| (name, at.min(now))).collect())
    }

    /// Grants a client what another one has and it may have, and removes what the other one has not, if that is wished;
    /// in one change with one event. Where nothing changes, there is neither.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `from`, [`Error::Conflict`] when the client is
    /// revoked, or one of the two was changed since it was seen.
    pub async fn copy_permissions(
        &self,
        actor: &Actor,
        id: &str,
        copy: &PermissionCopy,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        require_live(&client)?;
        change.require_unchanged(&client, copy.seen).await?;
        let other = require(change.parts().0, &copy.from).await?;
        if other.number == client.number {
            let complaint = PermissionComplaint::CopiedFromItself;
            return Err(Error::invalid("from", complaint.into()));
        }
        if other.version != copy.seen_from {
            let complaint = PermissionComplaint::SourceChanged { name: other.name };
            return Err(Error::Conflict(complaint.into()));
        }
        let found = self.compare_permissions(&client, &other);
        let granted: Vec<String> = found
            .missing
            .into_iter()
            .map(|missing| missing.name)
            .collect();
        let mut switches = PermissionSwitch::each(&granted, true);
        if copy.rest == CopiedRest::Remove {
            switches.extend(PermissionSwitch::each(&found.only_here, false));
        }
        self.switch(actor, change, client, &switches).await
    }
}

/// A name as it is compared: in lower case and with single spaces.
fn folded(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
