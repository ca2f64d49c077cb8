//! Clients in lists: summaries, filters, and the number of clients of each status.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::domain::count::Count;
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;

/// A client in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSummary {
    /// The client.
    pub client: Client,
    /// The name of its organization.
    pub organization: Option<String>,
}

/// The filters of a list of clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFilter {
    /// Terms, separated by spaces: each is the beginning of a word in the name, or of the id.
    pub search: String,
    /// Only clients of this status.
    pub status: StatusFilter,
    /// Only clients of this organization.
    pub organization: Option<OrganizationId>,
    /// Only clients with this scope.
    pub scope: Option<String>,
    /// Only clients that hold this permission.
    pub permission: Option<String>,
}

/// Filter by status. Revoked clients are listed only on request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusFilter {
    /// Every client that is not revoked.
    #[default]
    All,
    /// Clients that can get tokens.
    Active,
    /// Active clients that expire in less than [`EXPIRING_DAYS`](super::EXPIRING_DAYS) days.
    Expiring,
    /// Expired clients.
    Expired,
    /// Suspended clients.
    Suspended,
    /// Revoked clients.
    Revoked,
}

/// The order of a list of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientOrder {
    /// The newest first.
    #[default]
    Newest,
    /// By name.
    Name,
    /// The most recently used first; those that were never used come last, the newest of them first.
    Used,
}

impl ClientOrder {
    /// The word in a URL; the usual order has none.
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Newest => None,
            Self::Name => Some("name"),
            Self::Used => Some("used"),
        }
    }

    /// Parses the word in a URL; any other text means the newest first.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "name" => Self::Name,
            "used" => Self::Used,
            _ => Self::Newest,
        }
    }
}

/// Which page of a list of clients, and in which order it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientPlace {
    /// The order.
    pub order: ClientOrder,
    /// The page, by the number of a client.
    pub cursor: Cursor,
    /// In the order of use: when that client was last used, in microseconds since 1970; 0 when it never was. It may have
    /// been used again since.
    pub used_at: i64,
}

impl ClientFilter {
    /// True when there is no filter but the status: only then clients are counted.
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
    /// Every filter, in the order of the page.
    pub const EVERY: [Self; 6] = [
        Self::All,
        Self::Active,
        Self::Expiring,
        Self::Expired,
        Self::Suspended,
        Self::Revoked,
    ];

    /// The word in a URL.
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

    /// Parses the word in a URL; any other text means all.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::EVERY
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or_default()
    }
}

/// The number of clients of each status, up to a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Every client that is not revoked.
    pub all: Count,
    /// Active clients, expiring ones included.
    pub active: Count,
    /// Active clients that expire in less than [`EXPIRING_DAYS`](super::EXPIRING_DAYS) days.
    pub expiring: Count,
    /// Expired clients.
    pub expired: Count,
    /// Suspended clients.
    pub suspended: Count,
    /// Revoked clients.
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
