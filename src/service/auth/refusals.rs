//! Rate-limited reports of refusals: at most one a minute for each pair of account and network, with a count.
//!
//! The senders of refused requests decide how many there are, so neither the log nor the audit log may grow with them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

use crate::domain::Time;
use crate::service::auth::throttle::{ClosedWindow, Network};

/// How long a pair is quiet after it was reported.
const QUIET: TimeDelta = TimeDelta::minutes(1);

/// How many pairs are reported separately: at a time, and new ones in an hour. Refusals beyond that are reported
/// together: under the account's name if the account exists, the rest as one.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct ReportLimits {
    pub(in crate::service) at_once: usize,
    pub(in crate::service) an_hour: usize,
}

/// How many existing accounts are still reported by name once the limits are reached.
const MOST_NAMED: usize = 1_000;

/// How many closed windows are logged one by one in a minute.
const MOST_CLOSED: u64 = 100;

/// A report of refusals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Report {
    /// The account, or `several`.
    pub(in crate::service) account: String,
    /// The network, or `several`.
    pub(in crate::service) network: String,
    /// The address of the last refusal.
    pub(in crate::service) address: Option<IpAddr>,
    /// The reason of the last refusal.
    pub(in crate::service) reason: &'static str,
    /// How many refusals since the last report.
    pub(in crate::service) count: u64,
}

#[derive(Debug)]
struct PairRefusals {
    since: Time,
    address: Option<IpAddr>,
    reason: &'static str,
    /// How many are not reported yet.
    count: u64,
}

impl PairRefusals {
    /// Whether its minute is over, or the clock was set back.
    fn is_over(&self, now: Time) -> bool {
        now < self.since || self.since + QUIET <= now
    }
}

/// Refusals since their last report.
#[derive(Debug)]
pub(in crate::service) struct Refusals {
    limits: ReportLimits,
    reports: Mutex<Reports>,
}

/// An account and a network; none where several are reported together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ReportKey {
    account: Option<String>,
    network: Option<Network>,
}

#[derive(Debug, Default)]
struct Reports {
    by_key: HashMap<ReportKey, PairRefusals>,
    /// Since when new pairs are counted, and how many there were.
    new: Option<(Time, usize)>,
    /// Since when windows that closed are counted, and how many did.
    closed: Option<(Time, u64)>,
}

impl Reports {
    /// The key that a refusal is reported under: its own account and network, unless there are too many.
    fn key(
        &mut self,
        own: ReportKey,
        is_known: bool,
        limits: ReportLimits,
        now: Time,
    ) -> ReportKey {
        if self.by_key.contains_key(&own) {
            return own;
        }
        let (since, count) = self.new.unwrap_or((now, 0));
        let is_over = now < since || since + TimeDelta::hours(1) <= now;
        let (since, count) = if is_over { (now, 0) } else { (since, count) };
        if self.by_key.len() < limits.at_once && count < limits.an_hour {
            self.new = Some((since, count + 1));
            return own;
        }
        let is_named = is_known && self.by_key.len() < limits.at_once + MOST_NAMED;
        ReportKey {
            account: own.account.filter(|_| is_named),
            network: None,
        }
    }
}

impl Refusals {
    pub(in crate::service) fn new(limits: ReportLimits) -> Self {
        Self {
            limits,
            reports: Mutex::default(),
        }
    }

    fn reports(&self) -> MutexGuard<'_, Reports> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a refusal; `is_known` says that the account exists. A report that is returned is to be logged now;
    /// otherwise [`Refusals::due`] returns it later.
    pub(in crate::service) fn note(
        &self,
        account: &str,
        address: Option<IpAddr>,
        reason: &'static str,
        now: Time,
        is_known: bool,
    ) -> Option<Report> {
        let mut reports = self.reports();
        let own = ReportKey {
            account: Some(account.to_owned()),
            network: Some(Network::of(address)),
        };
        let key = reports.key(own, is_known, self.limits, now);
        if let Some(pair) = reports.by_key.get_mut(&key) {
            pair.count += 1;
            (pair.address, pair.reason) = (address, reason);
            if !pair.is_over(now) {
                return None;
            }
            pair.since = now;
            return Some(report(&key, pair));
        }
        let mut pair = PairRefusals {
            since: now,
            address,
            reason,
            count: 1,
        };
        let report = report(&key, &mut pair);
        reports.by_key.insert(key, pair);
        Some(report)
    }

    /// The reports that were held back for a minute; with `all`, every one that was held back.
    pub(in crate::service) fn due(&self, now: Time, all: bool) -> Vec<Report> {
        let mut due = Vec::new();
        self.reports().by_key.retain(|key, pair| {
            if !all && !pair.is_over(now) {
                return true;
            }
            if pair.count == 0 {
                return false;
            }
            pair.since = now;
            due.push(report(key, pair));
            true
        });
        due
    }

    /// Logs the windows that a guess has closed, up to [`MOST_CLOSED`] a minute.
    pub(in crate::service) fn log_closed(&self, account: &str, closed: &[ClosedWindow], now: Time) {
        for window in closed {
            let mut reports = self.reports();
            let (since, count) = reports.closed.unwrap_or((now, 0));
            let is_over = now < since || since + QUIET <= now;
            let (since, count) = if is_over {
                (now, 1)
            } else {
                (since, count + 1)
            };
            reports.closed = Some((since, count));
            drop(reports);
            let account = if window.for_any_account {
                "any"
            } else {
                account
            };
            let (network, reason) = (window.network, window.target.guesses());
            if count <= MOST_CLOSED {
                tracing::warn!(account, %network, reason, "too many guesses: more are refused until 15 minutes after the first");
            } else if count == MOST_CLOSED + 1 {
                tracing::warn!("more networks have guessed too often than are logged in a minute");
            }
        }
    }
}

/// Makes the report of a pair and resets its count.
fn report(key: &ReportKey, pair: &mut PairRefusals) -> Report {
    let several = || "several".to_owned();
    let account = key.account.clone().unwrap_or_else(several);
    let network = key
        .network
        .map_or_else(several, |network| network.to_string());
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

    const LIMITS: ReportLimits = ReportLimits {
        at_once: 100,
        an_hour: 150,
    };

    fn text(report: &Report) -> String {
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
            .note(account, address, "wrong secret", now, account != "unknown")
            .as_ref()
            .map(text)
    }

    fn due(refusals: &Refusals, now: Time, all: bool) -> Vec<String> {
        let mut due: Vec<String> = refusals.due(now, all).iter().map(text).collect();
        due.sort();
        due
    }

    #[test]
    fn a_pair_is_reported_once_a_minute_with_a_count() {
        let (refusals, mut now) = (Refusals::new(LIMITS), Time::UNIX_EPOCH);
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
        assert!(refusals.reports().by_key.is_empty(), "nothing is kept");
    }

    #[test]
    fn a_flood_of_pairs_is_reported_together() {
        let (refusals, now) = (Refusals::new(LIMITS), Time::UNIX_EPOCH);
        let reports = (0..60_000).filter_map(|number: u32| {
            let network = format!("10.{}.{}.1", number / 250, number % 250);
            note(&refusals, "unknown", &network, now)
        });
        assert_eq!(reports.count(), 101);
        for address in ["192.0.2.1", "192.0.2.2", "198.51.100.1"] {
            note(&refusals, "owner", address, now);
        }
        let rest = due(&refusals, now + QUIET, false);
        let expected = [
            "owner several wrong secret 2",
            "several several wrong secret 59899",
        ];
        assert_eq!(rest, expected, "an account that there is keeps its name");
    }

    #[test]
    fn new_pairs_are_few_in_an_hour() {
        let (refusals, mut now) = (Refusals::new(LIMITS), Time::UNIX_EPOCH);
        let mut reported = 0;
        for minute in 0..60 {
            for network in 0..50 {
                let address = format!("10.{minute}.{network}.1");
                reported += usize::from(note(&refusals, "unknown", &address, now).is_some());
            }
            now += QUIET;
            reported += due(&refusals, now, false).len();
        }
        assert!((150..=270).contains(&reported), "{reported}");
        now += TimeDelta::hours(1);
        due(&refusals, now, false);
        due(&refusals, now + QUIET, false);
        let report = note(&refusals, "unknown", "192.0.2.1", now + QUIET);
        assert_eq!(
            report.as_deref(),
            Some("unknown 192.0.2.0/24 wrong secret 1")
        );
    }
}
