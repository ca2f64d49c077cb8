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
        let mut uses = Self::without_days(tx, clients, now).await?;
        uses.load_days(tx, clients, now).await?;
        Ok(uses)
    }

    /// Loads when these clients and their secrets were last used.
    pub(in crate::service) async fn without_days(
        tx: &mut Tx,
        clients: &[ClientNumber],
        now: Time,
    ) -> Result<Self, Error> {
        let mut uses = Self::default();
        for row in tx.list_secret_uses(clients).await? {
            // Another node's clock may be ahead.
            let used_at = row.used_at.min(now);
            let client = uses.clients.entry(row.client).or_default();
            client.last_used_at = client.last_used_at.max(Some(used_at));
            uses.secrets
                .insert(row.secret, SecretUse { used_at, ..row });
        }
        Ok(uses)
    }

    /// Adds how often these clients were used on each of the last days.
    pub(in crate::service) async fn load_days(
        &mut self,
        tx: &mut Tx,
        clients: &[ClientNumber],
        now: Time,
    ) -> Result<(), Error> {
        let days = last_days(now);
        for row in tx.list_usage_days(clients, now).await? {
            if let Ok(place) = usize::try_from(row.day - days.start()) {
                self.clients.entry(row.client).or_default().days[place] = row.requests;
            }
        }
        Ok(())
    }

    pub(in crate::service) fn of_client(&self, number: ClientNumber) -> ClientUsage {
        self.clients.get(&number).cloned().unwrap_or_default()
    }

    pub(in crate::service) fn of_secret(&self, number: SecretNumber) -> Option<&SecretUse> {
        self.secrets.get(&number)
    }
}
