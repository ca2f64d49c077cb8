//! Clients in lists: summaries, filters, and how many there are of each status.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::domain::count::Count;

/// A client in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSummary {
    /// The client.
    pub client: Client,
    /// The name of its organization.
    pub organization: Option<String>,
}

/// Which clients a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFilter {
    /// Terms, separated by spaces: each is the beginning of a word in the name, or of the id.
    pub search: String,
    /// Only these states.
    pub status: StatusFilter,
    /// Only this organization.
    pub organization: Option<i64>,
    /// Only clients with this scope.
    pub scope: Option<String>,
}

/// Which states a list shows. Revoked clients stay out unless asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusFilter {
    /// Every client that is not revoked.
    #[default]
    All,
    /// Those that work.
    Active,
    /// Those that work for less than [`EXPIRING_DAYS`](super::EXPIRING_DAYS) days.
    Expiring,
    /// Those whose time is over.
    Expired,
    /// Those that were stopped for a while.
    Suspended,
    /// Those that were ended for good.
    Revoked,
}

impl ClientFilter {
    /// True when nothing but the status is asked for: only then clients are counted.
    #[must_use]
    pub fn is_status_alone(&self) -> bool {
        let status = self.status;
        *self
            == Self {
                status,
                ..Self::default()
            }
    }
}

impl StatusFilter {
    /// Every filter, in the order a page offers them.
    pub const EVERY: [Self; 6] = [
        Self::All,
        Self::Active,
        Self::Expiring,
        Self::Expired,
        Self::Suspended,
        Self::Revoked,
    ];

    /// The word in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the word in an address; anything else means all.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::EVERY
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or_default()
    }
}

/// How many clients each status has, as far as they were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Every client that is not revoked.
    pub all: Count,
    /// Those that work, expiring ones included.
    pub active: Count,
    /// Those that work for less than [`EXPIRING_DAYS`](super::EXPIRING_DAYS) days.
    pub expiring: Count,
    /// Those whose time is over.
    pub expired: Count,
    /// Those that were stopped for a while.
    pub suspended: Count,
    /// Those that were ended for good.
    pub revoked: Count,
}

impl StatusCounts {
    /// The count of one status.
    #[must_use]
    pub fn of(self, status: StatusFilter) -> Count {
        match status {
            StatusFilter::All => self.all,
            StatusFilter::Active => self.active,
            StatusFilter::Expiring => self.expiring,
            StatusFilter::Expired => self.expired,
            StatusFilter::Suspended => self.suspended,
            StatusFilter::Revoked => self.revoked,
        }
    }
}
