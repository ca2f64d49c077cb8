//! The contents of the pages about clients, each read in one transaction.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientSummary};
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::organization::NamedOrganization;
use crate::domain::page::{Cursor, PAGE_SIZE, Page};
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::rights::Right;
use crate::domain::usage::SwitchUses;
use crate::domain::view::{ClientChoices, ClientList, ClientPage, ClientRow, SecretRow};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::organizations::{filter_choices, form_choices};
use crate::service::console::clients::require_summary;
use crate::service::console::tokens::{last_refusal, switch_uses};
use crate::service::console::usage::ClientUses;
use crate::store::{ClientListing, StoredSecret};

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
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        let listing = ClientListing {
            filter,
            cursor,
            now,
        };
        let rows = tx.list_clients(&listing).await?;
        let page = Page::from_rows(rows, PAGE_SIZE, cursor, |row| row.client.number.0);
        let numbers: Vec<ClientNumber> = page.items.iter().map(|row| row.client.number).collect();
        let uses = ClientUses::of(&mut tx, &numbers, now).await?;
        let (organizations, has_more_organizations) =
            filter_choices(&outline, &mut tx, filter.organization).await?;
        Ok(ClientList {
            counts: filter.is_status_alone().then_some(outline.counts.statuses),
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

    /// The choices of the form for a new client, where it names an organization, or a text that may mean several.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn client_choices(
        &self,
        actor: &Actor,
        named: &NamedOrganization,
    ) -> Result<ClientChoices, Error> {
        actor.require(Right::ChangeClients)?;
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        Ok(ClientChoices {
            scopes: self.0.settings.catalog.scopes.clone(),
            organizations: form_choices(&outline, &mut tx, named, self.now()).await?,
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
        let ClientSummary {
            client,
            organization,
        } = require_summary(&mut tx, id).await?;
        let settings = &self.0.settings;
        let now = self.now();
        let secrets = tx.list_secrets(client.number).await?;
        let uses = ClientUses::of(&mut tx, &[client.number], now).await?;
        let switch_uses = if client.holds(LOGIN) || client.holds(IMPERSONATE) {
            switch_uses(&mut tx, client.number, now).await?
        } else {
            SwitchUses::default()
        };
        let last_refusal = last_refusal(&mut tx, client.number, now).await?;
        let catalog = settings.catalog.within(&client.scopes);
        let participants = match client.organization_id {
            Some(organization) => Some(tx.count_participants(organization).await?),
            None => None,
        };
        Ok(ClientPage {
            participants,
            switch_uses,
            last_refusal,
            organization,
            state: client.lifecycle.state(now),
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
        let within = self.0.settings.catalog.within(&summary.client.scopes);
        let known = summary
            .client
            .permissions
            .iter()
            .filter(|name| within.permission(name.as_str()).is_some())
            .count();
        ClientRow {
            state: summary.client.lifecycle.state(now),
            granted: known,
            grantable: within.permission_count(),
            usage: uses.of_client(summary.client.number),
            summary,
        }
    }
}

fn secret_row(row: &StoredSecret, uses: &ClientUses, recoverable: bool) -> SecretRow {
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
