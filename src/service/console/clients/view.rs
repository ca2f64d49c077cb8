//! The contents of the pages about clients, each read in one transaction.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::catalog::Catalog;
use crate::domain::client::{Client, ClientFilter, ClientSummary};
use crate::domain::error::Error;
use crate::domain::page::{Cursor, Page};
use crate::domain::rights::Right;
use crate::domain::scope::ScopeName;
use crate::domain::view::{
    ClientChoices, ClientList, ClientPage, ClientRow, OrganizationChoice, SecretRow,
};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::require;
use crate::service::console::usage::ClientUses;
use crate::store::{self, ClientListing, Tx};

/// How many organizations the list of clients offers as a filter; more would be most of the page.
const CHOICES: i64 = 200;

impl Console {
    /// One page of the list of clients, filtered.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_clients(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        cursor: Cursor,
    ) -> Result<ClientList, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let mut tx = self.read().await?;
        let counts = if filter.is_status_alone() {
            Some(tx.count_clients(now).await?)
        } else {
            None
        };
        let listing = ClientListing {
            filter,
            cursor,
            now,
        };
        let rows = tx.list_clients(&listing).await?;
        let page = Page::from_rows(rows, cursor, |row| row.client.number);
        let numbers: Vec<i64> = page.items.iter().map(|row| row.client.number).collect();
        let uses = ClientUses::of(&mut tx, &numbers, now).await?;
        let (organizations, has_more_organizations) =
            filter_choices(&mut tx, filter.organization).await?;
        Ok(ClientList {
            counts,
            organizations,
            has_more_organizations,
            scopes: self
                .0
                .settings
                .catalog
                .scopes
                .iter()
                .map(|scope| scope.name.clone())
                .collect(),
            page: Page {
                before: page.before,
                after: page.after,
                items: page
                    .items
                    .into_iter()
                    .map(|row| self.row(row, &uses, now))
                    .collect(),
            },
            now,
        })
    }

    /// The choices of the form for a new client.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn client_choices(&self, actor: &Actor) -> Result<ClientChoices, Error> {
        actor.require(Right::ChangeClients)?;
        let mut tx = self.read().await?;
        Ok(ClientChoices {
            scopes: self.0.settings.catalog.scopes.clone(),
            organizations: organization_choices(&mut tx, i64::MAX).await?,
            tomorrow: tomorrow(self.now()),
            secrets_recoverable: self.0.settings.secrets_recoverable(),
        })
    }

    /// The contents of a client's pages, without the text of any secret.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn show_client(&self, actor: &Actor, id: &str) -> Result<ClientPage, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        let client = require(&mut tx, id).await?;
        let organization = match client.organization_id {
            Some(id) => tx.find_organization(id).await?.map(|found| found.name),
            None => None,
        };
        let settings = &self.0.settings;
        let now = self.now();
        let secrets = tx.list_secrets(client.number).await?;
        let uses = ClientUses::of(&mut tx, &[client.number], now).await?;
        let catalog = self.within(&client);
        Ok(ClientPage {
            organization,
            state: client.state(now),
            retired: client
                .permissions
                .iter()
                .map(ToString::to_string)
                .filter(|name| catalog.permission(name).is_none())
                .collect(),
            catalog,
            usage: uses.of_client(client.number),
            secrets: secrets
                .iter()
                .filter(|row| row.revoked_at.is_none())
                .map(|row| secret_row(row, &uses, settings.secrets_recoverable()))
                .collect(),
            token_url: format!("{}/oauth/token", settings.issuer.url()),
            token_ttl: client.token_ttl.unwrap_or(settings.token_ttl),
            secrets_recoverable: settings.secrets_recoverable(),
            may_change: actor.may(Right::ChangeClients),
            now,
            tomorrow: tomorrow(now),
            client,
        })
    }

    fn row(&self, summary: ClientSummary, uses: &ClientUses, now: Time) -> ClientRow {
        let within = self.within(&summary.client);
        let known = summary
            .client
            .permissions
            .iter()
            .filter(|name| within.permission(name.as_str()).is_some())
            .count();
        ClientRow {
            state: summary.client.state(now),
            granted: known,
            grantable: within.permission_count(),
            usage: uses.of_client(summary.client.number),
            summary,
        }
    }

    fn within(&self, client: &Client) -> Catalog {
        let scopes: Vec<&str> = client.scopes.iter().map(ScopeName::as_str).collect();
        self.0.settings.catalog.within(&scopes)
    }
}

/// The organizations to filter by, and whether there are more.
async fn filter_choices(
    tx: &mut Tx,
    chosen: Option<i64>,
) -> Result<(Vec<OrganizationChoice>, bool), Error> {
    let mut choices = organization_choices(tx, CHOICES + 1).await?;
    let most = usize::try_from(CHOICES).expect("the limit is small");
    let has_more = choices.len() > most;
    choices.truncate(most);
    let missing = chosen.filter(|id| choices.iter().all(|choice| choice.id != *id));
    if let Some(id) = missing
        && let Some(found) = tx.find_organization(id).await?
    {
        choices.push(OrganizationChoice {
            id,
            name: found.name,
        });
    }
    Ok((choices, has_more))
}

async fn organization_choices(tx: &mut Tx, limit: i64) -> Result<Vec<OrganizationChoice>, Error> {
    let found = tx.list_organization_names(limit).await?;
    Ok(found
        .into_iter()
        .map(|(id, name)| OrganizationChoice { id, name })
        .collect())
}

fn secret_row(row: &store::SecretRow, uses: &ClientUses, recoverable: bool) -> SecretRow {
    SecretRow {
        number: row.number,
        hint: row.hint.clone(),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: uses.of_secret(row.number),
        recoverable: recoverable && row.sealed.is_some(),
    }
}

fn tomorrow(now: Time) -> String {
    (now + TimeDelta::days(1)).format("%Y-%m-%d").to_string()
}
