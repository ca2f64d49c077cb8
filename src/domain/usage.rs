//! Usage of clients: how many requests, when last, and which tokens.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Time;
use super::ids::{ClientNumber, OrganizationId, SecretNumber};
use super::token::{Claims, TokenId};

/// How many days the pages show, today included.
pub const DAYS: u8 = 14;

/// How many days counts are kept, today included.
pub const KEPT_DAYS: i64 = 90;

/// How many recent tokens of a client are kept.
pub const RECENT_TOKENS: u8 = 50;

/// The number of a client's requests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that got a token.
    pub issued: i64,
    /// Introspections.
    pub introspected: i64,
    /// Refused requests.
    pub refused: i64,
}

impl Counts {
    /// The total.
    #[must_use]
    pub fn requests(self) -> i64 {
        self.issued + self.introspected + self.refused
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.issued += other.issued;
        self.introspected += other.introspected;
        self.refused += other.refused;
    }
}

/// The counts of one client in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCounts {
    /// The hour, counted from 1970-01-01.
    pub hour: i64,
    /// The client's number.
    pub client: ClientNumber,
    /// The numbers of its requests.
    pub counts: Counts,
    /// The last hour in which one of the tokens may be live, see [`live_until`].
    pub live_until: i64,
}

/// When a secret was last used, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUse {
    /// The client's number.
    pub client: ClientNumber,
    /// The secret's number.
    pub secret: SecretNumber,
    /// When it was used.
    pub used_at: Time,
    /// The network of the request, such as `192.0.2.0/24`; none where it is not known.
    pub network: Option<String>,
}

/// By which grant a token was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TokenGrant {
    /// Client credentials: the client acts for itself.
    ClientCredentials,
    /// A participant's password.
    Login,
    /// A participant's name, without a password.
    Impersonation,
    /// Token exchange, on behalf of a participant.
    TokenExchange,
}

impl TokenGrant {
    /// Those that act for a participant.
    pub const FOR_PARTICIPANTS: [Self; 3] = [Self::Login, Self::Impersonation, Self::TokenExchange];

    /// The number that is stored.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::ClientCredentials => 0,
            Self::Login => 1,
            Self::Impersonation => 2,
            Self::TokenExchange => 3,
        }
    }

    /// The grant of a number that was stored.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        let mut all = [Self::ClientCredentials]
            .into_iter()
            .chain(Self::FOR_PARTICIPANTS);
        all.find(|grant| grant.code() == code)
    }
}

/// How many requests the clients of an organization made on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationDay {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The organization.
    pub organization: OrganizationId,
    /// How many.
    pub requests: i64,
}

/// When a client of an organization was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationUse {
    /// The organization.
    pub organization: OrganizationId,
    /// When.
    pub used_at: Time,
}

/// What the clients of an organization did, and how many of their tokens may be live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationUsed {
    /// Their requests and last use.
    pub usage: ClientUsage,
    /// How many tokens were issued and have not expired, at most.
    pub live_tokens: i64,
}

/// When a client last got a token by a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantUse {
    /// The client's number.
    pub client: ClientNumber,
    /// The grant.
    pub grant: TokenGrant,
    /// When.
    pub used_at: Time,
}

/// When a client last got a token for a participant by each of its switches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchUses {
    /// By a participant's password.
    pub login: Option<Time>,
    /// On behalf of a participant, by either grant.
    pub impersonation: Option<Time>,
}

/// When a client last exercised a permission: passed a verification that required it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionUse {
    /// The client's number.
    pub client: ClientNumber,
    /// The permission's name.
    pub permission: Box<str>,
    /// When it was exercised.
    pub used_at: Time,
}

/// A token that was recently issued to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentToken {
    /// Its id (`jti`).
    pub id: TokenId,
    /// When it was issued.
    pub issued_at: Time,
    /// When it expires.
    pub expires_at: Time,
    /// The network address of the request.
    pub address: Option<IpAddr>,
    /// How it was asked for.
    pub grant: TokenGrant,
    /// What is sealed in it.
    pub claims: Claims,
}

/// The usage of a client, or of all clients of an organization, as the pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientUsage {
    /// How many requests were made on each of the last days, today last. Days are those of UTC.
    pub days: [i64; DAYS as usize],
    /// When one of the secrets was last used, to the minute.
    pub last_used_at: Option<Time>,
}

impl ClientUsage {
    /// The number of requests on all of these days.
    #[must_use]
    pub fn requests(&self) -> i64 {
        self.days.iter().sum()
    }

    /// When it was last used, if on one of these days.
    #[must_use]
    pub fn in_use(&self, now: Time) -> Option<Time> {
        let days = last_days(now);
        self.last_used_at.filter(|at| days.contains(&day_of(*at)))
    }
}

/// The days that the pages show.
#[must_use]
pub fn last_days(now: Time) -> RangeInclusive<i64> {
    days_until(now, i64::from(DAYS))
}

/// The days whose counts are kept.
#[must_use]
pub fn kept_days(now: Time) -> RangeInclusive<i64> {
    days_until(now, KEPT_DAYS)
}

fn days_until(now: Time, count: i64) -> RangeInclusive<i64> {
    let today = day_of(now);
    today + 1 - count..=today
}

/// The hour of a moment, counted from 1970-01-01.
#[must_use]
pub fn hour_of(at: Time) -> i64 {
    at.timestamp().div_euclid(TimeDelta::hours(1).num_seconds())
}

/// The last hour in which a token may be live that was issued in another one and lives for so many seconds. Where that is longer
/// than two days, the last hour of the day, so that tokens that live for a year do not have thousands of hours.
#[must_use]
pub fn live_until(issued: i64, lifetime: i64) -> i64 {
    let hours = live_hours(lifetime);
    let hour = issued + hours;
    if hours > 48 {
        hour.div_euclid(24) * 24 + 23
    } else {
        hour
    }
}

/// A lifetime in seconds as whole hours, rounded up.
#[must_use]
pub fn live_hours(lifetime: i64) -> i64 {
    (lifetime.max(0) + 3_599) / 3_600
}

/// The beginning of an hour that is counted from 1970-01-01.
#[must_use]
pub fn beginning_of(hour: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::hours(hour)
}

/// The hours of the last 24 hours or of the last days, today and this hour included.
#[must_use]
pub fn last_hours(now: Time, days: Option<u8>) -> RangeInclusive<i64> {
    let hour = hour_of(now);
    match days {
        None => hour - 23..=hour,
        Some(days) => (day_of(now) + 1 - i64::from(days)) * 24..=hour,
    }
}

/// The UTC day of a moment, counted from 1970-01-01.
#[must_use]
pub fn day_of(at: Time) -> i64 {
    hour_of(at).div_euclid(24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().into()
    }

    #[test]
    fn a_day_ends_at_midnight_in_utc() {
        let midnight = at("2026-11-23T00:00:00Z");
        let before = midnight - TimeDelta::microseconds(1);
        assert_eq!(day_of(midnight), 20_780);
        assert_eq!(day_of(before), 20_779);
        assert_eq!(hour_of(midnight), 20_780 * 24);
        assert_eq!(hour_of(before), 20_780 * 24 - 1);
    }

    #[test]
    fn a_token_may_be_live_up_to_the_hour_in_which_the_last_of_its_kind_expires() {
        for (lifetime, until) in [
            (0, 100),
            (1, 101),
            (3_600, 101),
            (3_601, 102),
            (48 * 3_600, 148),
            (48 * 3_600 + 1, 167),
            (366 * 86_400, 8_903),
        ] {
            assert_eq!(live_until(100, lifetime), until, "{lifetime}");
        }
    }

    #[test]
    fn a_client_is_in_use_when_it_was_used_on_one_of_the_days() {
        let now = at("2026-11-23T12:00:00Z");
        let used = |last_used_at| ClientUsage {
            last_used_at,
            ..ClientUsage::default()
        };
        assert_eq!(used(None).in_use(now), None);
        for (moment, is_in_use) in [
            ("2026-11-23T12:00:00Z", true),
            ("2026-11-10T00:00:00Z", true),
            ("2026-11-09T23:59:59Z", false),
        ] {
            let usage = used(Some(at(moment)));
            assert_eq!(usage.in_use(now).is_some(), is_in_use, "{moment}");
        }
    }
}
