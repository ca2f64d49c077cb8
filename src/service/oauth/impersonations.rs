//! Which impersonations have an event in the audit log.
//!
//! Clients decide how many impersonations there are, so not each one has an event: of a client, a participant and a
//! network, the first in an hour has one, and up to [`MOST_REASONS`] that give a reason. What was written is remembered
//! by each node in memory, so that a restart only makes one event more.

use quick_cache::sync::Cache;

use crate::domain::event::{Event, ImpersonationGrant};
use crate::domain::ids::{ClientNumber, ParticipantId};
use crate::service::auth::throttle::Network;

/// How many impersonations of one participant with a reason have an event in an hour.
const MOST_REASONS: u8 = 20;

/// How many clients, participants and networks are remembered; of those that are evicted the next impersonation has an
/// event.
const CAPACITY: usize = 100_000;

/// The impersonations of this hour that have an event.
#[derive(Debug)]
pub(super) struct Impersonations(Cache<ImpersonationKey, Noted>);

/// Who acts for whom, from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ImpersonationKey {
    pub(super) client: ClientNumber,
    pub(super) participant: ParticipantId,
    pub(super) network: Network,
}

#[derive(Clone, Copy, Debug)]
struct Noted {
    hour: i64,
    reasons: u8,
}

/// How a client came to act for a participant, and why, if it says.
#[derive(Clone, Copy, Debug)]
pub(in crate::service::oauth) struct Reason<'a> {
    pub(in crate::service::oauth) grant: ImpersonationGrant,
    pub(in crate::service::oauth) text: Option<&'a str>,
}

impl Reason<'_> {
    pub(super) fn event(&self) -> Event {
        Event::ParticipantImpersonated {
            grant: self.grant,
            reason: self.text.map(ToOwned::to_owned),
        }
    }
}

impl Impersonations {
    pub(super) fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    fn noted(&self, key: &ImpersonationKey, hour: i64) -> Option<Noted> {
        self.0.get(key).filter(|noted| noted.hour == hour)
    }

    /// Whether an impersonation in this hour, since 1970, needs an event.
    pub(super) fn is_due(&self, key: &ImpersonationKey, hour: i64, has_reason: bool) -> bool {
        self.noted(key, hour)
            .is_none_or(|noted| has_reason && noted.reasons < MOST_REASONS)
    }

    /// Remembers that the event was written.
    pub(super) fn remember(&self, key: ImpersonationKey, hour: i64, has_reason: bool) {
        let before = self.noted(&key, hour).map_or(0, |noted| noted.reasons);
        let reasons = before.saturating_add(u8::from(has_reason));
        self.0.insert(key, Noted { hour, reasons });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_an_hour_and_some_with_reasons() {
        let noted = Impersonations::new();
        let key = |participant| ImpersonationKey {
            client: ClientNumber(1),
            participant: ParticipantId(participant),
            network: Network::of(None),
        };
        assert!(noted.is_due(&key(1), 7, false));
        noted.remember(key(1), 7, false);
        assert!(!noted.is_due(&key(1), 7, false));
        assert!(noted.is_due(&key(2), 7, false), "another participant");
        assert!(noted.is_due(&key(1), 8, false), "another hour");
        for _ in 0..MOST_REASONS {
            assert!(noted.is_due(&key(1), 7, true));
            noted.remember(key(1), 7, true);
        }
        assert!(!noted.is_due(&key(1), 7, true));
        assert!(noted.is_due(&key(1), 8, true));
    }
}
