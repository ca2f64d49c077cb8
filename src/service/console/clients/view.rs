//! The contents of the pages about clients, each read in one transaction.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::catalog::Scope;
use crate::domain::client::{ClientFilter, ClientOrder, ClientPlace, ClientSummary};
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::organization::NamedOrganization;
use crate::domain::page::{Cursor, PAGE_SIZE, Page};
use crate::domain::permission::{IMPERSONATE, LOGIN, PermissionName};
use crate::domain::rights::Right;
use crate::domain::scope::SYSTEM;
use crate::domain::usage::SwitchUses;
use crate::domain::view::{ClientChoices, ClientList, ClientPage, ClientRow, SecretRow};
use crate::domain::visible::visible;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::organizations::{filter_choices, form_choices};
use crate::service::console::clients::{is_system, require_summary};
use crate::service::console::tokens::{last_refusal, switch_uses};
use crate::service::console::usage::ClientUses;
use crate::store::{ClientListing, OrderedListing, PlacedClient, StoredSecret, Tx};

impl Console {
    /// One page of the list of clients, filtered, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_clients(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        cursor: Cursor,
    ) -> Result<ClientList, Error> {
        let place = ClientPlace {
            cursor,
            ..ClientPlace::default()
        };
        self.list_clients_in_order(actor, filter, place).await
    }

    /// One page of the list of clients, filtered, in an order.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_clients_in_order(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        place: ClientPlace,
    ) -> Result<ClientList, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        let rows = page_rows(&mut tx, filter, place, now).await?;
        let page = Page::from_rows(rows, PAGE_SIZE, place.cursor, |row| {
            row.summary.client.number.0
        });
        let edge = |row: Option<&PlacedClient>| row.map_or(0, |row| row.used_at);
        let numbers: Vec<ClientNumber> = page
            .items
            .iter()
            .map(|row| row.summary.client.number)
            .collect();
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
            first_used_at: edge(page.items.first()),
            last_used_at: edge(page.items.last()),
            page: Page {
                before: page.before,
                after: page.after,
                items: page
                    .items
                    .into_iter()
                    .map(|row| self.row(row.summary, &uses, now))
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
        let scopes = self.0.settings.catalog.scopes.iter();
        let is_owner = actor.may(Right::ChangeSystemClients);
        let may_have = |scope: &&Scope| is_owner || scope.name != SYSTEM;
        Ok(ClientChoices {
            scopes: scopes.filter(may_have).cloned().collect(),
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
            usual_token_ttl: settings.token_ttl,
            secrets_recoverable: settings.secrets_recoverable(),
            may_change: actor.may(Right::ChangeClients)
                && (!is_system(&client.scopes) || actor.may(Right::ChangeSystemClients)),
            may_suspend: actor.may(Right::ChangeClients),
            now,
            tomorrow: tomorrow(now),
            client,
        })
    }

    pub(super) fn row(&self, summary: ClientSummary, uses: &ClientUses, now: Time) -> ClientRow {
        let client = &summary.client;
        let held = client.permissions.iter().map(PermissionName::as_str);
        let (granted, grantable) = self.0.settings.catalog.granted(&client.scopes, held);
        ClientRow {
            state: client.lifecycle.state(now),
            granted,
            grantable,
            usage: uses.of_client(client.number),
            summary,
        }
    }
}

/// The rows of a page, and one more where there is one.
async fn page_rows(
    tx: &mut Tx,
    filter: &ClientFilter,
    place: ClientPlace,
    now: Time,
) -> Result<Vec<PlacedClient>, Error> {
    let limit = PAGE_SIZE + 1;
    if place.order != ClientOrder::Newest {
        let listing = OrderedListing {
            filter,
            place,
            limit,
            now,
        };
        return Ok(tx.list_clients_in_order(&listing).await?);
    }
    let listing = ClientListing {
        filter,
        cursor: place.cursor,
        limit,
        now,
    };
    let rows = tx.list_clients(&listing).await?;
    let placed = rows.into_iter().map(|summary| PlacedClient {
        summary,
        used_at: 0,
    });
    Ok(placed.collect())
}

pub(in crate::service) fn secret_row(
    row: &StoredSecret,
    uses: &ClientUses,
    recoverable: bool,
) -> SecretRow {
    let last_use = uses.of_secret(row.number);
    SecretRow {
        number: row.number,
        hint: row.hint.clone(),
        label: row.label.clone(),
        created_at: row.created_at,
        created_by: visible(&row.created_by),
        expires_at: row.expires_at,
        pending_grace: row.pending_grace,
        last_used_at: last_use.map(|last| last.used_at),
        last_used_from: last_use.and_then(|last| last.network.clone()),
        recoverable: recoverable && row.sealed.is_some(),
    }
}

/// The first day on which a client can expire, as `2026-11-24`.
pub(super) fn tomorrow(now: Time) -> String {
    (now + TimeDelta::days(1)).format("%Y-%m-%d").to_string()
}
