//! The overview: what all clients do, what needs attention, and what was changed last. It reads a bounded number of rows,
//! however many clients there are.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::client::{Client, ClientState};
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::rights::Right;
use crate::domain::usage::{Counts, beginning_of, day_of, hour_of, kept_days, last_days};
use crate::domain::view::{BusyClient, Concern, Overview, Period, Traffic};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::audit::chain::broken_entry;
use crate::service::console::usage::ClientUses;
use crate::store::{Tx, UsageTotal};

mod changes;
mod concerns;

use changes::recent_changes;
use concerns::{BUSIEST, Named};

/// How many clients are named in all.
const CONCERNS: usize = 10;

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
            live_tokens: tx.count_live_tokens(hour).await?,
            period,
            traffic: match period {
                Period::Day => (hour - 23..=hour)
                    .map(|hour| traffic(hour, sum(&hours, hour, hour)))
                    .collect(),
                Period::Fortnight => days(&mut tx, last_days(now)).await?,
                Period::Quarter => days(&mut tx, kept_days(now)).await?,
            },
            busiest,
            concerns,
            broken_entry: broken_entry(&mut tx).await?,
            changes: recent_changes(&mut tx).await?,
            token_url: format!("{}/oauth/token", self.0.settings.issuer.url()),
            token_ttl: self.0.settings.token_ttl,
            answer_time: self.0.answer_times.summary(),
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
        let uses = ClientUses::load(tx, &numbers, &named.busiest, now).await?;
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
}

/// The hours of yesterday and today.
async fn recent_hours(tx: &mut Tx, now: Time) -> Result<Vec<UsageTotal>, Error> {
    let first = (day_of(now) - 1) * 24;
    Ok(tx.list_usage_totals(first..hour_of(now) + 1, 1).await?)
}

/// The requests of all clients on each of these days.
async fn days(tx: &mut Tx, days: RangeInclusive<i64>) -> Result<Vec<Traffic>, Error> {
    let hours = days.start() * 24..(days.end() + 1) * 24;
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
