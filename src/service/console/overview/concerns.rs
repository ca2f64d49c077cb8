//! Which clients need attention, and why.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::catalog::{Risk, Scope};
use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::usage::day_of;
use crate::domain::view::{ConcernReason, ENDING_DAYS, UNUSED_DAYS, UNUSED_SINCE_CREATION_DAYS};
use crate::service::console::Console;
use crate::service::console::usage::ClientUses;
use crate::store::{EndingSecret, RefusedDay, Tx};

/// How many of the busiest clients are shown. Some more are read, because revoked ones are left out.
pub(super) const BUSIEST: usize = 5;

/// How many clients are named for each reason.
const OF_A_REASON: i64 = 4;

/// Candidates for the overview, by the query that found them.
pub(super) struct Named {
    pub(super) busiest: Vec<ClientNumber>,
    refused: Vec<RefusedDay>,
    secrets: Vec<EndingSecret>,
    expiring: Vec<ClientNumber>,
    never_used: Vec<ClientNumber>,
    unused: Vec<ClientNumber>,
    /// With how many permissions that they do not exercise.
    unexercised: Vec<(ClientNumber, i64)>,
}

impl Console {
    /// Why clients need attention.
    pub(super) fn reasons(
        &self,
        named: &Named,
        clients: &HashMap<ClientNumber, Client>,
        uses: &ClientUses,
        now: Time,
    ) -> Vec<(ClientNumber, ConcernReason)> {
        let last_used = |number| uses.of_client(number).last_used_at;
        let of = |number| clients.get(&number);
        let refused = named.refused.iter().map(|row| {
            let reason = ConcernReason::Refused {
                refused: row.refused,
                requests: row.requests,
                today: row.day == day_of(now),
            };
            (row.client, reason)
        });
        let secrets = named.secrets.iter().map(|row| {
            let reason = ConcernReason::OldSecretInUse {
                ends_at: row.ends_at,
                used_at: row.used_at.min(now),
            };
            (row.client, reason)
        });
        let expiring = named.expiring.iter().filter_map(|number| {
            let at = of(*number)?.lifecycle.expires_at()?;
            let last_used_at = last_used(*number);
            Some((*number, ConcernReason::Expires { at, last_used_at }))
        });
        let never_used = named.never_used.iter().filter_map(|number| {
            let client = of(*number)?;
            let (since, high_risk) = (client.created_at, self.high_risk(client));
            Some((*number, ConcernReason::NeverUsed { since, high_risk }))
        });
        let unused = named.unused.iter().filter_map(|number| {
            let (since, high_risk) = (last_used(*number)?, self.high_risk(of(*number)?));
            Some((*number, ConcernReason::Unused { since, high_risk }))
        });
        let unused = never_used.chain(unused);
        let unexercised = named.unexercised.iter();
        let unexercised = unexercised.map(|(number, permissions)| {
            (
                *number,
                ConcernReason::Unexercised {
                    permissions: *permissions,
                },
            )
        });
        refused
            .chain(secrets)
            .chain(expiring)
            .chain(unused)
            .chain(unexercised)
            .collect()
    }

    /// How many permissions with a high risk a client holds that count.
    fn high_risk(&self, client: &Client) -> usize {
        let owns = |scope: &Scope| {
            client
                .scopes
                .iter()
                .any(|owned| owned.as_str() == scope.name)
        };
        let is_high = |name: &str| {
            let found = self.0.settings.catalog.permission(name);
            found.is_some_and(|(scope, permission)| {
                permission.risk == Risk::High && scope.is_none_or(owns)
            })
        };
        let held = client.permissions.iter();
        held.filter(|name| is_high(name.as_str())).count()
    }
}

impl Named {
    pub(super) async fn find(tx: &mut Tx, now: Time) -> Result<Self, Error> {
        let soon = now..now + TimeDelta::days(ENDING_DAYS);
        let made_before = now - TimeDelta::days(UNUSED_SINCE_CREATION_DAYS);
        let used_before = now - TimeDelta::days(UNUSED_DAYS);
        let most = i64::try_from(2 * BUSIEST).expect("they are few");
        let busiest = tx.list_busiest_clients(now, most).await?;
        // A client that was refused often yesterday and today is named once.
        let mut seen = HashSet::new();
        let mut refused = tx.list_often_refused(day_of(now), 2 * OF_A_REASON).await?;
        refused.retain(|row| seen.insert(row.client));
        let mut secrets = tx.list_ending_secrets(soon.clone()).await?;
        secrets.retain(|row| row.newer_at.is_some_and(|newer| row.used_at > newer));
        let most = usize::try_from(OF_A_REASON).expect("they are few");
        refused.truncate(most);
        secrets.truncate(most);
        Ok(Self {
            busiest,
            refused,
            secrets,
            expiring: tx.list_expiring_clients(soon, OF_A_REASON).await?,
            never_used: tx
                .list_never_used_clients(made_before, now, OF_A_REASON)
                .await?,
            unused: tx
                .list_unused_clients(used_before, now, OF_A_REASON)
                .await?,
            unexercised: tx.list_unexercised(used_before, now, OF_A_REASON).await?,
        })
    }

    /// Each number once.
    pub(super) fn numbers(&self) -> Vec<ClientNumber> {
        let mut numbers: Vec<ClientNumber> = [
            &self.busiest,
            &self.expiring,
            &self.never_used,
            &self.unused,
        ]
        .into_iter()
        .flatten()
        .copied()
        .chain(self.refused.iter().map(|row| row.client))
        .chain(self.secrets.iter().map(|row| row.client))
        .chain(self.unexercised.iter().map(|row| row.0))
        .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
