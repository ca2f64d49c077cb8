//! The overview: what all clients do, what needs somebody, and what was changed last. It reads a bounded number of rows,
//! however many clients there are.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::catalog::{Risk, Scope};
use crate::domain::client::{Client, ClientState};
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::rights::Right;
use crate::domain::usage::{Counts, beginning_of, day_of, hour_of, last_days};
use crate::domain::view::{
    BusyClient, Concern, ConcernReason, ENDING_DAYS, Overview, Period, Traffic, UNUSED_DAYS,
    UNUSED_SINCE_CREATION_DAYS,
};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::usage::ClientUses;
use crate::store::{EndingSecret, RefusedDay, Tx, UsageTotal};

mod changes;

use changes::recent_changes;

/// How many of the busiest clients are shown. Some more are read, because revoked ones are left out.
const BUSIEST: usize = 5;

/// How many clients are named for each reason.
const OF_A_REASON: i64 = 4;

/// How many clients are named in all.
const CONCERNS: usize = 10;

/// The clients of which something is said, by what.
struct Named {
    busiest: Vec<ClientNumber>,
    refused: Vec<RefusedDay>,
    secrets: Vec<EndingSecret>,
    expiring: Vec<ClientNumber>,
    never_used: Vec<ClientNumber>,
    unused: Vec<ClientNumber>,
}

impl Console {
    /// The contents of the overview.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn overview(&self, actor: &Actor, period: Period) -> Result<Overview, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        let hours = recent_hours(&mut tx, now).await?;
        let hour = hour_of(now);
        let today = day_of(now) * 24;
        let named = Named::find(&mut tx, now).await?;
        let (busiest, concerns) = self.clients_of(&mut tx, &named, now).await?;
        Ok(Overview {
            clients: outline.counts.statuses,
            today: sum(&hours, today, hour),
            yesterday: until_now(&hours, now),
            period,
            traffic: match period {
                Period::Day => (hour - 23..=hour)
                    .map(|hour| traffic(hour, sum(&hours, hour, hour)))
                    .collect(),
                Period::Fortnight => days(&mut tx, now).await?,
            },
            busiest,
            concerns,
            changes: recent_changes(&mut tx).await?,
            token_url: format!("{}/oauth/token", self.0.settings.issuer.url()),
            token_ttl: self.0.settings.token_ttl,
            now,
        })
    }

    /// What is said of clients, with their names and their usage.
    async fn clients_of(
        &self,
        tx: &mut Tx,
        named: &Named,
        now: Time,
    ) -> Result<(Vec<BusyClient>, Vec<Concern>), Error> {
        let numbers = named.numbers();
        let found = tx.list_clients_by_number(&numbers).await?;
        let clients: HashMap<ClientNumber, Client> = found
            .into_iter()
            .map(|summary| (summary.client.number, summary.client))
            .collect();
        let uses = ClientUses::of(tx, &numbers, now).await?;
        let busy = |client: &Client| BusyClient {
            id: client.id.clone(),
            name: client.name.clone(),
            usage: uses.of_client(client.number),
        };
        let busiest = named
            .busiest
            .iter()
            .filter_map(|number| clients.get(number))
            .filter(|client| client.lifecycle.state(now) != ClientState::Revoked)
            .take(BUSIEST)
            .map(busy)
            .collect();
        let mut concerns: Vec<Concern> = self
            .reasons(named, &clients, &uses, now)
            .into_iter()
            .filter_map(|(number, reason)| {
                let client = clients.get(&number)?;
                let named = Concern {
                    id: client.id.clone(),
                    name: client.name.clone(),
                    reason,
                };
                client.lifecycle.is_active(now).then_some(named)
            })
            .collect();
        concerns.sort_by_key(|concern| concern.reason.urgency(now));
        concerns.truncate(CONCERNS);
        Ok((busiest, concerns))
    }

    /// Why clients need somebody.
    fn reasons(
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
        refused
            .chain(secrets)
            .chain(expiring)
            .chain(unused)
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
    async fn find(tx: &mut Tx, now: Time) -> Result<Self, Error> {
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
        })
    }

    /// Each number once.
    fn numbers(&self) -> Vec<ClientNumber> {
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
        .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// The hours of yesterday and today.
async fn recent_hours(tx: &mut Tx, now: Time) -> Result<Vec<UsageTotal>, Error> {
    let first = (day_of(now) - 1) * 24;
    Ok(tx.list_usage_totals(first..hour_of(now) + 1, 1).await?)
}

/// The days that the pages show.
async fn days(tx: &mut Tx, now: Time) -> Result<Vec<Traffic>, Error> {
    let days = last_days(now);
    let hours = days.start() * 24..hour_of(now) + 1;
    let totals = tx.list_usage_totals(hours, 24).await?;
    Ok(days
        .map(|day| traffic(day * 24, sum(&totals, day, day)))
        .collect())
}

fn traffic(hour: i64, counts: Counts) -> Traffic {
    Traffic {
        begins: beginning_of(hour),
        counts,
    }
}

/// The sum from the first to the last.
fn sum(totals: &[UsageTotal], first: i64, last: i64) -> Counts {
    let mut sum = Counts::default();
    for total in totals {
        if (first..=last).contains(&total.span) {
            sum += total.counts;
        }
    }
    sum
}

/// Yesterday up to the present time of the day. Of the hour that was under way then, as much as has passed of this one:
/// requests are counted by the hour.
fn until_now(hours: &[UsageTotal], now: Time) -> Counts {
    let then = hour_of(now) - 24;
    let mut counts = sum(hours, (day_of(now) - 1) * 24, then - 1);
    let whole = sum(hours, then, then);
    let passed = (now - beginning_of(hour_of(now))).num_seconds();
    let part = |count: i64| count * passed / TimeDelta::hours(1).num_seconds();
    counts += Counts {
        issued: part(whole.issued),
        introspected: part(whole.introspected),
        refused: part(whole.refused),
    };
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(span: i64, issued: i64) -> UsageTotal {
        UsageTotal {
            span,
            counts: Counts {
                issued,
                ..Counts::default()
            },
        }
    }

    #[test]
    fn yesterday_counts_up_to_the_same_time() {
        let now: Time = "2026-11-23T02:15:00Z".parse().unwrap();
        let midnight = hour_of(now) - 2 - 24;
        let hours = [
            total(midnight - 1, 1_000),
            total(midnight, 3),
            total(midnight + 1, 4),
            total(midnight + 2, 40),
            total(midnight + 3, 500),
            total(midnight + 24, 7),
        ];
        assert_eq!(until_now(&hours, now).issued, 3 + 4 + 10);
    }
}
