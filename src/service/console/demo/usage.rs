//! What the clients of a demo seem to have done: requests of the last 90 days for some of them, so that a large demo is
//! filled as fast, and a last use for most.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Timelike};

use super::draw::pick;
use crate::domain::Time;
use crate::domain::ids::OrganizationId;
use crate::domain::live_tokens::{LiveTokenSums, LiveTokens};
use crate::domain::usage::{
    Counts, HourCounts, OrganizationDay, OrganizationUse, SecretUse, beginning_of, day_of, hour_of,
    kept_days, live_until,
};
use crate::store::{FilledClient, StoredSecret};

/// How many clients, spread evenly, have made requests, and how many of the newest.
const BUSY: i64 = 500;
const BUSY_NEWEST: i64 = 100;

/// How busy each hour of a day is, from midnight in UTC.
const HOURS: [i64; 24] = [
    2, 1, 1, 1, 2, 3, 6, 10, 14, 16, 15, 13, 12, 14, 15, 14, 12, 10, 8, 7, 6, 5, 4, 3,
];

/// How many requests a client makes on a day.
const SCALES: [i64; 6] = [3, 12, 40, 150, 600, 2_400];

/// What clients of a batch did.
#[derive(Debug, Default)]
pub(super) struct DemoUsage {
    pub(super) hours: Vec<HourCounts>,
    pub(super) uses: Vec<SecretUse>,
    organization_requests: BTreeMap<(i64, OrganizationId), i64>,
    organization_uses: BTreeMap<OrganizationId, Time>,
    live_tokens: LiveTokenSums,
    /// For how many seconds tokens are valid.
    token_ttl: i64,
}

impl DemoUsage {
    /// Nothing yet, where tokens are valid for so many seconds.
    pub(super) fn new(token_ttl: i64) -> Self {
        Self {
            token_ttl,
            ..Self::default()
        }
    }

    /// Adds what a client did, one of so many.
    pub(super) fn add(
        &mut self,
        client: &FilledClient,
        secret: &StoredSecret,
        clients: i64,
        now: Time,
    ) {
        let seed = client.number.0.unsigned_abs();
        // Three of ten were made and never used.
        if pick(seed, 20, 10) < 3 {
            return;
        }
        let end = [client.revoked_at, client.suspended_at, client.expires_at];
        let ended = end.into_iter().flatten().filter(|end| *end <= now).min();
        let used_at = match ended {
            Some(ended) => Some(ended - TimeDelta::minutes(pick(seed, 21, 600))),
            None if is_busy(client.number.0, clients) => self.add_requests(client, now),
            None => {
                let days = match pick(seed, 22, 20) {
                    0 => 90 + pick(seed, 23, 60),
                    _ => 15 + pick(seed, 23, 60),
                };
                Some(now - TimeDelta::days(days))
            }
        };
        let Some(used_at) = used_at.filter(|used_at| *used_at > client.created_at) else {
            return;
        };
        if let Some(id) = client.organization_id {
            let last = self.organization_uses.entry(id).or_insert(used_at);
            *last = used_at.max(*last);
        }
        self.uses.push(SecretUse {
            client: client.number,
            secret: secret.number,
            used_at,
            // An address for documentation (RFC 5737).
            network: Some("198.51.100.0/24".to_owned()),
        });
    }

    /// The requests of organizations by day.
    pub(super) fn organization_days(&self) -> Vec<OrganizationDay> {
        let days = self.organization_requests.iter();
        let day =
            |((day, organization), requests): (&(i64, OrganizationId), &i64)| OrganizationDay {
                day: *day,
                organization: *organization,
                requests: *requests,
            };
        days.map(day).collect()
    }

    /// The last uses of organizations.
    pub(super) fn organization_uses(&self) -> Vec<OrganizationUse> {
        let uses = self.organization_uses.iter();
        let last = |(organization, used_at): (&OrganizationId, &Time)| OrganizationUse {
            organization: *organization,
            used_at: *used_at,
        };
        uses.map(last).collect()
    }

    /// The tokens that may be live.
    pub(super) fn live_tokens(&self) -> Vec<LiveTokens> {
        self.live_tokens.rows().collect()
    }

    /// Adds a client's requests, and returns when it made the last one.
    fn add_requests(&mut self, client: &FilledClient, now: Time) -> Option<Time> {
        let seed = client.number.0.unsigned_abs();
        let (this_hour, today) = (hour_of(now), day_of(now));
        let first = hour_of(client.created_at) + 1;
        let before = self.hours.len();
        for day in kept_days(now) {
            let requests = requests_on(seed, day);
            // Pages show hours of today and yesterday alone.
            let hours = if day < today - 1 { 12..13 } else { 0..24 };
            for hour in hours {
                let requests = match day * 24 + hour {
                    _ if day < today - 1 => requests,
                    at if at == this_hour => in_hour(requests, hour) * i64::from(now.minute()) / 60,
                    _ => in_hour(requests, hour),
                };
                let hour = day * 24 + hour;
                if requests > 0 && (first..=this_hour).contains(&hour) {
                    let counts = counts_of(seed, requests, day == today);
                    if let Some(id) = client.organization_id {
                        *self.organization_requests.entry((day, id)).or_default() +=
                            counts.requests();
                    }
                    let until = live_until(hour, self.token_ttl);
                    self.live_tokens
                        .add(client.organization_id, until, counts.issued);
                    self.hours.push(HourCounts {
                        hour,
                        client: client.number,
                        counts,
                        live_until: until,
                    });
                }
            }
        }
        let last = self.hours[before..].last()?.hour;
        let minutes = if last == this_hour {
            i64::from(now.minute())
        } else {
            60
        };
        let within = TimeDelta::minutes(pick(seed, 24, minutes));
        Some(beginning_of(last) + within)
    }
}

fn is_busy(number: i64, clients: i64) -> bool {
    number > clients - BUSY_NEWEST || number * BUSY / clients > (number - 1) * BUSY / clients
}

/// How many tokens a client asks for on a day; fewer at a weekend.
fn requests_on(seed: u64, day: i64) -> i64 {
    let scale = SCALES[usize::try_from(pick(seed, 25, 6)).unwrap_or_default()];
    // The first of January 1970 was a Thursday.
    let is_weekend = [2, 3].contains(&day.rem_euclid(7));
    let percent = if is_weekend { 40 } else { 90 };
    let drawn = pick(seed ^ day.unsigned_abs(), 26, 40);
    scale * (percent + drawn) / 100
}

/// The part of a day's requests that falls into one of its hours, so that those of all hours are the day's.
fn in_hour(requests: i64, hour: i64) -> i64 {
    let all: i64 = HOURS.iter().sum();
    let until = |hour: i64| {
        let hours = usize::try_from(hour).unwrap_or_default();
        requests * HOURS[..hours].iter().sum::<i64>() / all
    };
    until(hour + 1) - until(hour)
}

/// Beside tokens, some clients ask about those of others; few are refused, and one in sixty is today.
fn counts_of(seed: u64, requests: i64, today: bool) -> Counts {
    let is_in_trouble = today && pick(seed, 27, 60) == 0;
    let refused = if is_in_trouble {
        requests / 2
    } else {
        requests * pick(seed, 28, 3) / 100
    };
    Counts {
        issued: requests - refused,
        introspected: requests * pick(seed, 29, 4) / 2,
        refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hours_of_a_day_add_up() {
        for requests in [0, 1, 7, 1_000] {
            let sum: i64 = (0..24).map(|hour| in_hour(requests, hour)).sum();
            assert_eq!(sum, requests);
        }
    }

    #[test]
    fn however_many_clients_there_are_as_many_are_busy() {
        for (clients, busy) in [(100, 100), (500, 500), (100_000, 600)] {
            let found = (1..=clients).filter(|number| is_busy(*number, clients));
            let found = found.count();
            assert!(found <= busy && found + 1 >= busy, "{clients}: {found}");
        }
    }
}
