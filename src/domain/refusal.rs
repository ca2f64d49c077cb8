//! Refused requests of clients, as administrators read them. Nothing of what was sent is kept.

use serde::{Deserialize, Serialize};

use super::Time;
use super::ids::{OrganizationId, SecretNumber};

/// How many different refusals of a client are kept: as many of the client itself, and as many of whoever did not prove to
/// be it. So strangers cannot displace what concerns the client.
pub const RECENT_REFUSALS: u8 = 10;

/// Why a request of a client was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RefusedFor {
    /// The secret is none of the client's, those that have ended included.
    WrongSecret,
    /// Too many wrong secrets came from its network.
    TooManyGuesses,
    /// A secret that was revoked, or replaced by a rotation.
    SecretRevoked(SecretNumber),
    /// A secret whose time is over.
    SecretExpired(SecretNumber),
    /// The client has expired.
    ClientExpired,
    /// The client is suspended.
    ClientSuspended,
    /// The client is revoked.
    ClientRevoked,
    /// The client's organization is archived.
    OrganizationArchived,
    /// The client used the host of another organization.
    OtherHost(OrganizationId),
    /// A request that is malformed.
    Malformed,
    /// A grant type that the server does not have, or does not offer.
    GrantUnknown,
    /// A grant that the client may not use: it lacks the permission, or has no organization.
    GrantNotAllowed,
    /// A scope that the client does not own.
    ScopeNotOwned,
    /// The participant or the password is wrong, or the participant is blocked or cannot be registered.
    ParticipantRefused,
    /// A token for another resource or audience.
    TargetUnknown,
    /// Too many wrong passwords, or too many registrations in an hour.
    RateLimited,
    /// A token of another client was to be revoked.
    OthersToken,
    /// A token without the scope or the permission that an API needs.
    InsufficientScope,
}

impl RefusedFor {
    /// The number of the reason, and of the secret or the organization that belongs to it, as they are stored.
    #[must_use]
    pub fn stored(self) -> (i64, i64) {
        match self {
            Self::WrongSecret => (1, 0),
            Self::TooManyGuesses => (2, 0),
            Self::SecretRevoked(secret) => (3, secret.0),
            Self::SecretExpired(secret) => (4, secret.0),
            Self::ClientExpired => (5, 0),
            Self::ClientSuspended => (6, 0),
            Self::ClientRevoked => (7, 0),
            Self::OrganizationArchived => (8, 0),
            Self::OtherHost(organization) => (9, organization.0),
            Self::Malformed => (10, 0),
            Self::GrantUnknown => (11, 0),
            Self::GrantNotAllowed => (12, 0),
            Self::ScopeNotOwned => (13, 0),
            Self::ParticipantRefused => (14, 0),
            Self::TargetUnknown => (15, 0),
            Self::RateLimited => (16, 0),
            Self::OthersToken => (17, 0),
            Self::InsufficientScope => (18, 0),
        }
    }

    /// The reason of numbers that were stored.
    #[must_use]
    pub fn from_stored(reason: i64, detail: i64) -> Option<Self> {
        Some(match reason {
            1 => Self::WrongSecret,
            2 => Self::TooManyGuesses,
            3 => Self::SecretRevoked(SecretNumber(detail)),
            4 => Self::SecretExpired(SecretNumber(detail)),
            5 => Self::ClientExpired,
            6 => Self::ClientSuspended,
            7 => Self::ClientRevoked,
            8 => Self::OrganizationArchived,
            9 => Self::OtherHost(OrganizationId(detail)),
            10 => Self::Malformed,
            11 => Self::GrantUnknown,
            12 => Self::GrantNotAllowed,
            13 => Self::ScopeNotOwned,
            14 => Self::ParticipantRefused,
            15 => Self::TargetUnknown,
            16 => Self::RateLimited,
            17 => Self::OthersToken,
            18 => Self::InsufficientScope,
            _ => return None,
        })
    }

    /// Whether the sender had proven to be the client.
    #[must_use]
    pub fn is_proven(self) -> bool {
        !matches!(self, Self::WrongSecret | Self::TooManyGuesses)
    }
}

/// Equal refusals of a client: of one reason, and from one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedRefusal {
    /// The reason.
    pub reason: RefusedFor,
    /// The network of the senders, or `unknown`.
    pub network: String,
    /// How many.
    pub count: i64,
    /// When the first one was.
    pub first_at: Time,
    /// When the last one was.
    pub last_at: Time,
}

impl CountedRefusal {
    /// One refusal.
    #[must_use]
    pub fn one(reason: RefusedFor, network: String, at: Time) -> Self {
        Self {
            reason,
            network,
            count: 1,
            first_at: at,
            last_at: at,
        }
    }

    /// Adds these refusals to a list: to equal ones, or in place of the oldest of their kind when the list has
    /// [`RECENT_REFUSALS`] of it.
    pub fn add_to(self, refusals: &mut Vec<Self>) {
        let is_equal =
            |refusal: &&mut Self| refusal.reason == self.reason && refusal.network == self.network;
        if let Some(equal) = refusals.iter_mut().find(is_equal) {
            equal.count += self.count;
            equal.first_at = equal.first_at.min(self.first_at);
            equal.last_at = equal.last_at.max(self.last_at);
            return;
        }
        let is_proven = self.reason.is_proven();
        let alike = refusals
            .iter_mut()
            .filter(|refusal| refusal.reason.is_proven() == is_proven);
        let alike: Vec<&mut Self> = alike.collect();
        let is_full = alike.len() >= usize::from(RECENT_REFUSALS);
        match alike.into_iter().min_by_key(|refusal| refusal.last_at) {
            Some(oldest) if is_full => *oldest = self,
            _ => refusals.push(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(second: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn what_is_stored_is_read_back_and_all_numbers_differ() {
        let all: Vec<RefusedFor> = (0..=30)
            .filter_map(|reason| RefusedFor::from_stored(reason, 7))
            .collect();
        assert_eq!(all.len(), 18);
        for (place, reason) in (1..).zip(all) {
            let (code, detail) = reason.stored();
            assert_eq!(code, place);
            assert_eq!(RefusedFor::from_stored(code, detail), Some(reason));
        }
        let with_detail = RefusedFor::SecretExpired(SecretNumber(9));
        assert_eq!(with_detail.stored(), (4, 9));
    }

    #[test]
    fn equal_ones_add_up_and_strangers_displace_only_strangers() {
        let mut refusals = Vec::new();
        let mut add = |reason, network: &str, second| {
            CountedRefusal::one(reason, network.to_owned(), at(second)).add_to(&mut refusals);
        };
        add(RefusedFor::ScopeNotOwned, "own", 1);
        for number in 0..1_000 {
            add(
                RefusedFor::WrongSecret,
                &format!("net {number}"),
                2 + number,
            );
        }
        add(RefusedFor::ScopeNotOwned, "own", 5);
        add(RefusedFor::WrongSecret, "net 999", 4);
        assert_eq!(refusals.len(), 1 + usize::from(RECENT_REFUSALS));
        let own = &refusals[0];
        assert_eq!((own.count, own.first_at, own.last_at), (2, at(1), at(5)));
        let last = refusals
            .iter()
            .find(|refusal| refusal.network == "net 999")
            .unwrap();
        assert_eq!(
            (last.count, last.first_at, last.last_at),
            (2, at(4), at(1_001))
        );
        let newest = refusals[1..]
            .iter()
            .all(|refusal| refusal.last_at >= at(992));
        assert!(newest, "{refusals:?}");
    }
}
