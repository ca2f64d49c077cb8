//! Refusals, told to the operator at most once a minute for each pair of account and network, with a count.
//!
//! Whoever sends requests that are refused decides how many there are, so neither log nor audit log may grow with them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

use super::throttle::{Closed, Network};
use crate::domain::Time;

/// How long a pair is quiet after it was reported.
const QUIET: TimeDelta = TimeDelta::minutes(1);

/// How many pairs are told apart. Refusals of others are reported together.
const MOST_PAIRS: usize = 1_000;

/// How many closed windows are reported one by one in a minute.
const MOST_CLOSED: u64 = 100;

/// What to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// The account, or in words whose it is.
    pub(super) account: String,
    /// The network, or several.
    pub(super) network: String,
    /// The address of the last refusal.
    pub(super) address: Option<IpAddr>,
    /// The reason of the last refusal.
    pub(super) reason: &'static str,
    /// How many refusals since the last report.
    pub(super) count: u64,
}

#[derive(Debug)]
struct Pair {
    since: Time,
    address: Option<IpAddr>,
    reason: &'static str,
    /// How many were not reported yet.
    count: u64,
}

impl Pair {
    /// Whether its minute is over. A clock that was set back makes it so too.
    fn is_over(&self, now: Time) -> bool {
        now < self.since || self.since + QUIET <= now
    }
}

/// Refusals since they were reported last.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Pairs>);

#[derive(Debug, Default)]
struct Pairs {
    /// By account and network; none for all that found no room.
    pairs: HashMap<Option<(String, Network)>, Pair>,
    /// Since when windows that closed are counted, and how many did.
    closed: Option<(Time, u64)>,
}

impl Refusals {
    fn pairs(&self) -> MutexGuard<'_, Pairs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a refusal. What comes back is to be reported now; what does not, later by [`Refusals::due`].
    pub(super) fn note(
        &self,
        account: &str,
        address: Option<IpAddr>,
        reason: &'static str,
        now: Time,
    ) -> Option<Report> {
        let network = Network::of(address);
        let mut pairs = self.pairs();
        let mut key = Some((account.to_owned(), network));
        if pairs.pairs.len() >= MOST_PAIRS && !pairs.pairs.contains_key(&key) {
            key = None;
        }
        if let Some(pair) = pairs.pairs.get_mut(&key) {
            pair.count += 1;
            (pair.address, pair.reason) = (address, reason);
            if !pair.is_over(now) {
                return None;
            }
            pair.since = now;
            return Some(report(key.as_ref(), pair));
        }
        let mut pair = Pair {
            since: now,
            address,
            reason,
            count: 1,
        };
        let report = report(key.as_ref(), &mut pair);
        pairs.pairs.insert(key, pair);
        Some(report)
    }

    /// What was noted a minute ago or earlier and not reported; with `all`, everything that was not.
    pub(super) fn due(&self, now: Time, all: bool) -> Vec<Report> {
        let mut due = Vec::new();
        self.pairs().pairs.retain(|key, pair| {
            if !all && !pair.is_over(now) {
                return true;
            }
            if pair.count == 0 {
                return false;
            }
            pair.since = now;
            due.push(report(key.as_ref(), pair));
            true
        });
        due
    }

    /// Logs windows that a guess has closed, as long as they are not too many.
    pub(super) fn log_closed(&self, account: &str, closed: &[Closed], now: Time) {
        for Closed {
            network,
            for_any_account,
        } in closed
        {
            let mut pairs = self.pairs();
            let (since, count) = pairs.closed.unwrap_or((now, 0));
            let is_over = now < since || since + QUIET <= now;
            let (since, count) = if is_over {
                (now, 1)
            } else {
                (since, count + 1)
            };
            pairs.closed = Some((since, count));
            drop(pairs);
            let account = if *for_any_account { "any" } else { account };
            if count <= MOST_CLOSED {
                tracing::warn!(account, %network, reason = "too many wrong guesses", "refused for 15 minutes");
            } else if count == MOST_CLOSED + 1 {
                tracing::warn!(
                    "more networks are refused for 15 minutes than are logged in a minute"
                );
            }
        }
    }
}

/// What to report of a pair, which then has nothing more to report.
fn report(key: Option<&(String, Network)>, pair: &mut Pair) -> Report {
    let (account, network) = match key {
        Some((account, network)) => (account.clone(), network.to_string()),
        None => ("several".to_owned(), "several".to_owned()),
    };
    Report {
        account,
        network,
        address: pair.address,
        reason: pair.reason,
        count: std::mem::take(&mut pair.count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(report: &Report) -> String {
        let Report {
            account,
            network,
            reason,
            count,
            ..
        } = report;
        format!("{account} {network} {reason} {count}")
    }

    fn note(refusals: &Refusals, account: &str, address: &str, now: Time) -> Option<String> {
        let address = Some(address.parse().unwrap());
        refusals
            .note(account, address, "wrong secret", now)
            .as_ref()
            .map(told)
    }

    fn due(refusals: &Refusals, now: Time, all: bool) -> Vec<String> {
        let mut due: Vec<String> = refusals.due(now, all).iter().map(told).collect();
        due.sort();
        due
    }

    #[test]
    fn a_pair_is_reported_once_a_minute_with_a_count() {
        let (refusals, mut now) = (Refusals::default(), Time::UNIX_EPOCH);
        let acme = |count| format!("acme 192.0.2.0/24 wrong secret {count}");
        assert_eq!(note(&refusals, "acme", "192.0.2.1", now), Some(acme(1)));
        for _ in 0..50 {
            assert_eq!(note(&refusals, "acme", "192.0.2.9", now), None);
        }
        let elsewhere = note(&refusals, "acme", "198.51.100.1", now);
        assert!(elsewhere.is_some(), "another network");
        assert!(note(&refusals, "zeta", "192.0.2.1", now).is_some());
        assert!(due(&refusals, now, false).is_empty());
        now += QUIET;
        assert_eq!(note(&refusals, "acme", "192.0.2.1", now), Some(acme(51)));
        note(&refusals, "acme", "192.0.2.1", now);
        assert!(due(&refusals, now, false).is_empty());
        now += QUIET;
        assert_eq!(due(&refusals, now, false), [acme(1)]);
        note(&refusals, "acme", "192.0.2.1", now);
        assert_eq!(due(&refusals, now, true), [acme(1)], "the server ends");
        now += QUIET;
        assert!(due(&refusals, now, false).is_empty());
        assert!(refusals.pairs().pairs.is_empty(), "nothing is kept");
    }

    #[test]
    fn a_flood_of_pairs_is_reported_together() {
        let (refusals, now) = (Refusals::default(), Time::UNIX_EPOCH);
        let reports = (0..60_000).filter_map(|number: u32| {
            let network = format!("10.{}.{}.1", number / 250, number % 250);
            note(&refusals, "unknown", &network, now)
        });
        assert_eq!(reports.count(), MOST_PAIRS + 1);
        let rest = due(&refusals, now + QUIET, false);
        assert_eq!(rest, ["several several wrong secret 58999"]);
    }
}
