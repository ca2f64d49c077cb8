//! The contents of the overview: what all clients do, what needs attention, and what was changed last.

use std::time::Duration;

use crate::domain::Time;
use crate::domain::audit::AuditRow;
use crate::domain::client::{ClientId, StatusCounts};
use crate::domain::ids::Sequence;
use crate::domain::usage::{ClientUsage, Counts};

/// How long before its end a client or a secret is spoken of, in days.
pub const ENDING_DAYS: i64 = 14;

/// After how many days a client that was never used is spoken of.
pub const UNUSED_SINCE_CREATION_DAYS: i64 = 7;

/// After how many days without use a client or a permission is spoken of.
pub const UNUSED_DAYS: i64 = 90;

/// From how many refusals on a day on a client is spoken of. The index of these rows has the same number.
pub const MANY_REFUSALS: i64 = 20;

/// The contents of the overview.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Clients by status.
    pub clients: StatusCounts,
    /// Requests of all clients since midnight.
    pub today: Counts,
    /// Requests of all clients yesterday, up to the same time of the day.
    pub yesterday: Counts,
    /// How many tokens of all clients were issued and have not expired, at most.
    pub live_tokens: i64,
    /// The chart's period.
    pub period: Period,
    /// Requests of all clients in each of its hours or days, the present one last.
    pub traffic: Vec<Traffic>,
    /// The busiest clients of the last days.
    pub busiest: Vec<BusyClient>,
    /// What needs attention, the most urgent first.
    pub concerns: Vec<Concern>,
    /// The first entry of the audit log that is not as it was written, if there is one.
    pub broken_entry: Option<Sequence>,
    /// The newest changes.
    pub changes: Vec<AuditRow>,
    /// The URL of the token endpoint.
    pub token_url: String,
    /// The lifetime of tokens, in seconds.
    pub token_ttl: i64,
    /// How long this process took to answer programs in the last hour; none when no answer was measured.
    pub answer_time: Option<AnswerTime>,
    /// When it was made.
    pub now: Time,
}

/// How long answers take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerTime {
    /// Half of the answers take no longer.
    pub p50: Duration,
    /// Of a hundred answers, 99 take no longer.
    pub p99: Duration,
}

/// The period of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// The last 24 hours, by hour.
    Day,
    /// The last 14 days, by day.
    #[default]
    Fortnight,
    /// The last 90 days, by day.
    Quarter,
}

/// Requests in an hour or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// When the hour or the day began.
    pub begins: Time,
    /// The numbers.
    pub counts: Counts,
}

/// A client among the busiest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusyClient {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Its usage.
    pub usage: ClientUsage,
}

/// A client that needs attention, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The client's id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: ConcernReason,
}

/// Why a client needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConcernReason {
    /// Much of what it asked for on a day was refused.
    Refused {
        /// How many requests.
        refused: i64,
        /// Of how many.
        requests: i64,
        /// Whether the day is today; otherwise it is yesterday.
        today: bool,
    },
    /// A secret that will end soon is in use, although there is a newer one.
    OldSecretInUse {
        /// When it ends.
        ends_at: Time,
        /// When it was last used.
        used_at: Time,
    },
    /// It will expire soon.
    Expires {
        /// When.
        at: Time,
        /// When it was last used.
        last_used_at: Option<Time>,
    },
    /// It was never used.
    NeverUsed {
        /// When it was made.
        since: Time,
        /// How many permissions with a high risk it holds.
        high_risk: usize,
    },
    /// It was not used for long.
    Unused {
        /// When it was last used.
        since: Time,
        /// How many permissions with a high risk it holds.
        high_risk: usize,
    },
    /// It uses some of its permissions, and has not used others for long.
    Unexercised {
        /// How many it has not used.
        permissions: i64,
    },
}

impl Period {
    /// Every period, in the order of the page.
    pub const EVERY: [Self; 3] = [Self::Day, Self::Fortnight, Self::Quarter];

    /// The word in a URL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Fortnight => "14d",
            Self::Quarter => "90d",
        }
    }

    /// Parses the word in a URL; any other text means the usual one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::EVERY
            .into_iter()
            .find(|period| period.as_str() == text)
            .unwrap_or_default()
    }
}

impl ConcernReason {
    /// The order of reasons: what ends within days and was used within two weeks, refusals, what ends later, what is unused, by
    /// how much it could do, and permissions without use. Within each the earlier moment comes first.
    #[must_use]
    pub fn urgency(self, now: Time) -> (u8, i64) {
        let ends = |at: Time, in_use: bool| {
            let is_soon = at - now < chrono::TimeDelta::days(3);
            let rank = if is_soon && in_use { 0 } else { 2 };
            (rank, at.timestamp())
        };
        let unused = |since: Time, high_risk: usize| {
            let rank = if high_risk > 0 { 3 } else { 4 };
            (rank, since.timestamp())
        };
        match self {
            Self::OldSecretInUse { ends_at, .. } => ends(ends_at, true),
            Self::Expires { at, last_used_at } => {
                let recently = now - chrono::TimeDelta::days(ENDING_DAYS);
                ends(at, last_used_at.is_some_and(|used_at| used_at > recently))
            }
            Self::Refused { refused, .. } => (1, -refused),
            Self::NeverUsed { since, high_risk } | Self::Unused { since, high_risk } => {
                unused(since, high_risk)
            }
            Self::Unexercised { permissions } => (5, -permissions),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn what_ends_while_it_is_in_use_is_the_most_urgent() {
        let now: Time = "2026-11-23T12:00:00Z".parse().unwrap();
        let day = TimeDelta::days(1);
        let expires = |days: i32, last_used_at| ConcernReason::Expires {
            at: now + day * days,
            last_used_at,
        };
        let refused = |refused| ConcernReason::Refused {
            refused,
            requests: 1_000,
            today: true,
        };
        let unused = |high_risk| ConcernReason::Unused {
            since: now - day * 100,
            high_risk,
        };
        let ordered = [
            ConcernReason::OldSecretInUse {
                ends_at: now + day,
                used_at: now,
            },
            expires(2, Some(now)),
            refused(900),
            refused(100),
            expires(1, None),
            expires(2, Some(now - day * 20)),
            expires(9, Some(now)),
            unused(2),
            ConcernReason::NeverUsed {
                since: now - day * 200,
                high_risk: 0,
            },
            unused(0),
            ConcernReason::Unexercised { permissions: 3 },
            ConcernReason::Unexercised { permissions: 1 },
        ];
        let mut sorted = ordered;
        sorted.reverse();
        sorted.sort_by_key(|reason| reason.urgency(now));
        assert_eq!(sorted, ordered);
    }

    #[test]
    fn a_period_is_parsed_as_it_is_written() {
        for period in Period::EVERY {
            assert_eq!(Period::parse(period.as_str()), period);
        }
        assert_eq!(Period::parse("a year"), Period::Fortnight);
    }
}
