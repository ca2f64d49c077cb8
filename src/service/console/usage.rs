//! Usage of clients, as the pages show it.

use std::collections::HashMap;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::usage::{ClientUsage, SecretUse, last_days};
use crate::store::Tx;

/// When clients and their secrets were last used, by their numbers.
#[derive(Debug, Default)]
pub(in crate::service) struct ClientUses {
    clients: HashMap<ClientNumber, ClientUsage>,
    secrets: HashMap<SecretNumber, SecretUse>,
}

impl ClientUses {
    /// Loads the usage of these clients.
    pub(in crate::service) async fn of(
        tx: &mut Tx,
        clients: &[ClientNumber],
        now: Time,
    ) -> Result<Self, Error> {
        Self::load(tx, clients, clients, now).await
    }

    /// Loads when clients and their secrets were last used, and how often some were used on each of the last days.
    pub(in crate::service) async fn load(
        tx: &mut Tx,
        clients: &[ClientNumber],
        with_days: &[ClientNumber],
        now: Time,
    ) -> Result<Self, Error> {
        let listed = tx.list_client_uses(clients, with_days, now).await?;
        let mut uses = Self::default();
        for row in listed.secrets {
            // Another node's clock may be ahead.
            let used_at = row.used_at.min(now);
            let client = uses.clients.entry(row.client).or_default();
            client.last_used_at = client.last_used_at.max(Some(used_at));
            uses.secrets
                .insert(row.secret, SecretUse { used_at, ..row });
        }
        let days = last_days(now);
        for row in listed.days {
            if let Ok(place) = usize::try_from(row.day - days.start()) {
                uses.clients.entry(row.client).or_default().days[place] = row.requests;
            }
        }
        Ok(uses)
    }

    pub(in crate::service) fn of_client(&self, number: ClientNumber) -> ClientUsage {
        self.clients.get(&number).cloned().unwrap_or_default()
    }

    pub(in crate::service) fn of_secret(&self, number: SecretNumber) -> Option<&SecretUse> {
        self.secrets.get(&number)
    }
}
