//! Whether a client works: live, suspended, expired, or revoked for good.

use serde::{Deserialize, Serialize};

use crate::domain::Time;

/// A client counts as expiring when this many days are left.
pub const EXPIRING_DAYS: i64 = 30;

/// What decides whether a client works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifecycle {
    /// It works, unless it is suspended or has expired.
    Live {
        /// Since when it is suspended.
        suspended_at: Option<Time>,
        /// When it expires.
        expires_at: Option<Time>,
    },
    /// It was revoked, which is final.
    Revoked {
        /// When.
        at: Time,
        /// Who did it.
        by: String,
    },
}

/// The state of a client at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientState {
    /// It can get tokens.
    Active,
    /// It can get tokens, but expires soon.
    Expiring {
        /// Whole days left.
        days: i64,
    },
    /// It has expired; a later expiry makes it active again.
    Expired,
    /// It is suspended.
    Suspended,
    /// It is revoked.
    Revoked,
}

impl Lifecycle {
    /// The state at a moment.
    #[must_use]
    pub fn state(&self, now: Time) -> ClientState {
        let Self::Live {
            suspended_at,
            expires_at,
        } = self
        else {
            return ClientState::Revoked;
        };
        if suspended_at.is_some() {
            return ClientState::Suspended;
        }
        match *expires_at {
            Some(end) if end <= now => ClientState::Expired,
            Some(end) if (end - now).num_days() < EXPIRING_DAYS => ClientState::Expiring {
                days: (end - now).num_days(),
            },
            _ => ClientState::Active,
        }
    }

    /// Whether the client can get tokens.
    #[must_use]
    pub fn is_active(&self, now: Time) -> bool {
        matches!(
            self.state(now),
            ClientState::Active | ClientState::Expiring { .. }
        )
    }

    /// Whether the client was revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        matches!(self, Self::Revoked { .. })
    }

    /// Whether the client is suspended; a revoked one is not.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        matches!(
            self,
            Self::Live {
                suspended_at: Some(_),
                ..
            }
        )
    }

    /// When the client expires; a revoked one does not.
    #[must_use]
    pub fn expires_at(&self) -> Option<Time> {
        match self {
            Self::Live { expires_at, .. } => *expires_at,
            Self::Revoked { .. } => None,
        }
    }
}
