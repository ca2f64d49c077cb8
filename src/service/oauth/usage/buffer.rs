//! The usage buffer: counts and last uses, added up by client, and recent tokens that are not written yet.
//!
//! However many clients come and go, and however long the database cannot be written, it holds at most [`MOST_COUNTS`]
//! counts and as many marks of clients, [`MOST_PERMISSIONS`] last uses of permissions, one last use of each secret and each
//! grant, one number of each organization and day, a bounded number of recent tokens, and the refusals of a bounded number of
//! clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber};
use crate::domain::live_tokens::LiveTokenSums;
use crate::domain::usage::{
    Counts, GrantUse, HourCounts, OrganizationDay, OrganizationUse, PermissionUse, SecretUse,
    TokenGrant, live_until,
};
use crate::service::auth::throttle::Network;
use crate::service::directory::counters::{ClientCounters, SeenUse, TakenUsage};
use crate::service::oauth::usage::buffered_tokens::BufferedTokens;
use crate::service::oauth::usage::refused_clients::RefusedClients;
use crate::store::Tx;

/// How many counts, and how many last uses, one transaction writes: other writers wait for it.
const ROWS_AT_ONCE: usize = 5_000;

/// Of so many clients the counts of hours, and the sums of organizations, are written with those of days, each second. Those of
/// more wait: a page shows the hours as the bars of a chart.
const HOURS_AT_ONCE: usize = 1_000;

/// For how many seconds they wait.
const HOURS_WAIT: i64 = 10;

/// The most counts in the buffer, each of one client in one hour, and twice: some 70 megabytes.
const MOST_COUNTS: usize = 500_000;

/// The most last uses of permissions in the buffer: some 20 megabytes. Beyond, those of the lowest clients are dropped; their
/// next uses are kept again.
const MOST_PERMISSIONS: usize = 200_000;

/// Usage that was taken out of the client counters and is not written yet.
#[derive(Debug, Default)]
pub(in crate::service) struct UsageBuffer {
    /// By hour and client; what is not added to the counts of days and of all clients.
    counts: CountsByHour,
    /// The same counts; what is not added to those of hours.
    hours: CountsByHour,
    /// When some of these were first due, in seconds since 1970.
    hours_due_at: i64,
    are_hours_due: bool,
    /// The days and clients whose place among the busiest is to be found anew.
    ranks: BTreeSet<(i64, ClientNumber)>,
    /// By client and secret.
    uses: BTreeMap<(ClientNumber, SecretNumber), SeenUse>,
    /// By client and permission.
    permissions: BTreeMap<(ClientNumber, Box<str>), Time>,
    tokens: BufferedTokens,
    /// By client and grant.
    grants: BTreeMap<(ClientNumber, TokenGrant), Time>,
    /// The requests of organizations, by day.
    organization_requests: BTreeMap<(i64, OrganizationId), i64>,
    /// The last uses of organizations.
    organization_uses: BTreeMap<OrganizationId, Time>,
    /// The tokens that may be live, of organizations and of all clients, by hour.
    live_tokens: LiveTokenSums,
    refusals: RefusedClients,
    /// How many requests were in the counts that were dropped since the last successful write.
    dropped: i64,
    /// How many last uses of permissions were dropped since then.
    dropped_permissions: usize,
}

/// The counts of clients by hour.
type CountsByHour = BTreeMap<(i64, ClientNumber), CountedHour>;

/// What a client did in an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct CountedHour {
    counts: Counts,
    /// The last hour in which one of the tokens may be live.
    live_until: i64,
}

impl UsageBuffer {
    /// Whether everything is written.
    pub(in crate::service) fn is_empty(&self) -> bool {
        !self.has_rows_that_wait() && self.has_nothing_due()
    }

    /// Whether everything is written that a flush has to write now.
    pub(in crate::service) fn has_nothing_due(&self) -> bool {
        self.has_only_rings() && self.tokens.is_empty() && self.refusals.is_empty()
    }

    /// Whether all counts and last uses are written that are due.
    pub(in crate::service) fn has_only_rings(&self) -> bool {
        self.counts.is_empty()
            && !(self.are_hours_due && self.has_rows_that_wait())
            && self.ranks.is_empty()
            && self.uses.is_empty()
            && self.grants.is_empty()
            && self.permissions.is_empty()
    }

    /// Whether there are counts of hours, or sums of organizations, which wait with them: no page promises to follow these.
    fn has_rows_that_wait(&self) -> bool {
        !self.hours.is_empty()
            || !self.organization_requests.is_empty()
            || !self.organization_uses.is_empty()
            || !self.live_tokens.is_empty()
    }

    /// Takes everything out of these counters.
    pub(in crate::service) fn gather(&mut self, changed: Vec<Arc<ClientCounters>>, now: Time) {
        let share = self.tokens.share(changed.len());
        for counters in changed {
            let taken = counters.take(share, now);
            let client = taken.client;
            if let Some(organization) = taken.organization {
                self.gather_organization(organization, &taken);
            }
            if taken.is_rank_due {
                let days = taken.counts.iter().map(|(hour, _)| hour.div_euclid(24));
                self.ranks.extend(days.map(|day| (day, client)));
            }
            for (hour, counts) in taken.counts {
                let until = live_until(hour, taken.lifetime);
                for all in [&mut self.counts, &mut self.hours] {
                    let counted = all.entry((hour, client)).or_default();
                    counted.counts += counts;
                    counted.live_until = until.max(counted.live_until);
                }
                if counts.issued > 0 {
                    self.live_tokens
                        .add(taken.organization, until, counts.issued);
                }
            }
            for (secret, seen) in taken.uses {
                let last = self.uses.entry((client, secret)).or_insert(seen);
                if last.at < seen.at {
                    *last = seen;
                }
            }
            for (grant, used_at) in taken.grants {
                let last = self.grants.entry((client, grant)).or_insert(used_at);
                *last = used_at.max(*last);
            }
            self.refusals.add(client, taken.refusals);
            for (permission, used_at) in taken.permissions {
                let last = self.permissions.entry((client, permission));
                let last = last.or_insert(used_at);
                *last = used_at.max(*last);
            }
            self.tokens.add(client, taken.tokens);
        }
        self.drop_oldest(MOST_COUNTS, MOST_PERMISSIONS);
        // A clock may have been set back.
        let waited = now.timestamp() - self.hours_due_at;
        if self.hours.len() <= HOURS_AT_ONCE || !(0..HOURS_WAIT).contains(&waited) {
            self.make_hours_due(now);
        }
    }

    /// How many tokens each of so many clients keeps until the next flush.
    pub(in crate::service) fn next_tokens_of_each(&self, clients: usize) -> usize {
        self.tokens.next_share(clients)
    }

    /// Lets the next transactions write the counts of hours, however many there are.
    pub(in crate::service) fn make_hours_due(&mut self, now: Time) {
        self.hours_due_at = now.timestamp();
        self.are_hours_due = true;
    }

    fn gather_organization(&mut self, organization: OrganizationId, taken: &TakenUsage) {
        for (hour, counts) in &taken.counts {
            let key = (hour.div_euclid(24), organization);
            *self.organization_requests.entry(key).or_default() += counts.requests();
        }
        if let Some(used_at) = taken.uses.iter().map(|(_, seen)| seen.at).max() {
            let last = self
                .organization_uses
                .entry(organization)
                .or_insert(used_at);
            *last = used_at.max(*last);
        }
    }

    fn drop_oldest(&mut self, most_counts: usize, most_permissions: usize) {
        while self.counts.len() > most_counts
            && let Some((_, counted)) = self.counts.pop_first()
        {
            self.dropped += counted.counts.requests();
        }
        while self.hours.len() > most_counts {
            self.hours.pop_first();
        }
        while self.ranks.len() > most_counts {
            self.ranks.pop_first();
        }
        while self.permissions.len() > most_permissions {
            self.permissions.pop_first();
            self.dropped_permissions += 1;
        }
    }

    /// Writes the first part. Rows are in the same order on every node, so that two nodes cannot deadlock.
    pub(in crate::service) async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        let counts = first_counts(&self.counts);
        tx.add_usage_days(&counts).await?;
        if self.are_hours_due {
            tx.add_usage_hours(&first_counts(&self.hours)).await?;
        }
        let ranks = self.ranks.iter().take(ROWS_AT_ONCE);
        tx.rank_usage_days(&ranks.copied().collect::<Vec<_>>())
            .await?;
        let uses = self.uses.iter().take(ROWS_AT_ONCE);
        let uses = uses.map(|((client, secret), seen)| SecretUse {
            client: *client,
            secret: *secret,
            used_at: seen.at,
            network: Network::text_of(seen.network),
        });
        tx.advance_secret_uses(&uses.collect::<Vec<_>>()).await?;
        let permissions = self.permissions.iter().take(ROWS_AT_ONCE);
        let permissions = permissions.map(|((client, permission), used_at)| PermissionUse {
            client: *client,
            permission: permission.clone(),
            used_at: *used_at,
        });
        tx.advance_permission_uses(&permissions.collect::<Vec<_>>())
            .await?;
        let grants = self.grants.iter().take(ROWS_AT_ONCE);
        let grants = grants.map(|((client, grant), used_at)| GrantUse {
            client: *client,
            grant: *grant,
            used_at: *used_at,
        });
        tx.advance_grant_uses(&grants.collect::<Vec<_>>()).await?;
        tx.add_refusals(self.refusals.first_part()).await?;
        tx.put_recent_tokens(&self.tokens.first_part()).await?;
        if self.are_hours_due {
            self.write_organizations(tx).await?;
        }
        Ok(tx.add_usage_totals(&counts).await?)
    }

    async fn write_organizations(&self, tx: &mut Tx) -> Result<(), Error> {
        let days = self.organization_requests.iter().take(ROWS_AT_ONCE);
        let days = days.map(|((day, organization), requests)| OrganizationDay {
            day: *day,
            organization: *organization,
            requests: *requests,
        });
        tx.add_organization_usage(&days.collect::<Vec<_>>()).await?;
        let uses = self.organization_uses.iter().take(ROWS_AT_ONCE);
        let uses = uses.map(|(organization, used_at)| OrganizationUse {
            organization: *organization,
            used_at: *used_at,
        });
        tx.advance_organization_uses(&uses.collect::<Vec<_>>())
            .await?;
        let live = self.live_tokens.rows().take(ROWS_AT_ONCE);
        Ok(tx.add_live_tokens(&live.collect::<Vec<_>>()).await?)
    }

    /// Removes the first part after its commit, and logs how much was dropped before.
    pub(in crate::service) fn remove_written(&mut self) {
        remove_first_part(&mut self.counts);
        if self.are_hours_due {
            remove_first_part(&mut self.hours);
            remove_first_part(&mut self.organization_requests);
            remove_first_part(&mut self.organization_uses);
            self.live_tokens.remove_first(ROWS_AT_ONCE);
            self.are_hours_due = self.has_rows_that_wait();
        }
        for _ in 0..self.ranks.len().min(ROWS_AT_ONCE) {
            self.ranks.pop_first();
        }
        remove_first_part(&mut self.uses);
        remove_first_part(&mut self.grants);
        remove_first_part(&mut self.permissions);
        self.refusals.remove_first_part();
        self.tokens.remove_first_part();
        let requests = std::mem::take(&mut self.dropped);
        if requests > 0 {
            tracing::warn!(
                requests,
                "usage could not be written for so long that the oldest counts were dropped"
            );
        }
        let permissions = std::mem::take(&mut self.dropped_permissions);
        if permissions > 0 {
            tracing::warn!(
                permissions,
                "usage could not be written for so long that last uses of permissions were dropped"
            );
        }
    }
}

fn first_counts(counts: &CountsByHour) -> Vec<HourCounts> {
    let first = counts.iter().take(ROWS_AT_ONCE);
    let row = |((hour, client), counted): (&(i64, ClientNumber), &CountedHour)| HourCounts {
        hour: *hour,
        client: *client,
        counts: counted.counts,
        live_until: counted.live_until,
    };
    first.map(row).collect()
}

fn remove_first_part<Key: Ord, Row>(rows: &mut BTreeMap<Key, Row>) {
    for _ in 0..rows.len().min(ROWS_AT_ONCE) {
        rows.pop_first();
    }
}

#[cfg(test)]
mod tests;
