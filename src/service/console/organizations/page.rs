//! The contents of an organization's page.

use std::cmp::Reverse;

use crate::domain::Time;
use crate::domain::audit::AuditFilter;
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, OrganizationId};
use crate::domain::rights::Right;
use crate::domain::usage::ClientUsage;
use crate::domain::view::{OrganizationPage, OrganizationUsage, UsedClient};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::require_number;
use crate::service::console::organizations::unknown_organization;
use crate::service::console::usage::ClientUses;
use crate::store::Tx;

/// Of how many clients the usage is read: two weeks of each are 14 look-ups.
const READ: usize = 200;

/// How many clients are shown.
const SHOWN: usize = 5;

impl Console {
    /// An organization, archived or not, with what belongs to it. Of very many clients the busiest of some are shown.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn show_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<OrganizationPage, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let mut tx = self.read().await?;
        let found = tx.find_organization_summary(id, now).await?;
        let filter = AuditFilter {
            organization: Some(id),
            ..AuditFilter::default()
        };
        Ok(OrganizationPage {
            summary: found.ok_or_else(|| unknown_organization(id))?,
            participants: tx.count_participants(id).await?,
            usage: usage_of(&mut tx, id, now).await?,
            changes: self.newest_entries(&mut tx, actor, &filter).await?,
            may_change: actor.may(Right::ChangeOrganizations),
            may_add_clients: actor.may(Right::ChangeClients),
            now,
        })
    }
}

async fn usage_of(tx: &mut Tx, id: OrganizationId, now: Time) -> Result<OrganizationUsage, Error> {
    let limit = i64::try_from(READ + 1).expect("the limit is small");
    let mut numbers = tx.list_clients_of_organization(id, limit).await?;
    let is_partial = numbers.len() > READ;
    numbers.truncate(READ);
    let uses = ClientUses::of(tx, &numbers, now).await?;
    let mut of_all = tx.list_organization_usage(&[id], now).await?;
    let sum = of_all.remove(&id).unwrap_or_default();
    let mut usage = OrganizationUsage {
        sum: sum.usage,
        live_tokens: sum.live_tokens,
        read: numbers.len(),
        is_partial,
        ..OrganizationUsage::default()
    };
    let mut clients: Vec<(ClientNumber, ClientUsage)> = numbers
        .into_iter()
        .map(|number| (number, uses.of_client(number)))
        .collect();
    for (_, of_client) in &clients {
        usage.used += usize::from(of_client.requests() > 0 || of_client.in_use(now).is_some());
    }
    clients.sort_by_key(|(number, of_client)| Reverse((of_client.requests(), *number)));
    for (number, of_client) in clients.into_iter().take(SHOWN) {
        let client = require_number(tx, number).await?;
        usage.clients.push(UsedClient {
            state: client.lifecycle.state(now),
            client,
            usage: of_client,
        });
    }
    Ok(usage)
}
