//! API clients: credentials of one program, for one organization or all, limited by scopes and permissions.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::complaint::Complaint;
use super::ids::{ClientNumber, OrganizationId, Version};
use super::permission::PermissionName;
use super::scope::Scopes;
use super::{Time, secret};

mod bulk;
mod filter;
mod lifecycle;
mod new;

pub use bulk::{BULK_MAX, BulkAct, BulkChange, BulkDone, SeenClient};
pub use bulk::{BulkPreview, BulkRow, Obstacle, UnableRow};
pub use filter::{ClientFilter, ClientSummary, StatusCounts, StatusFilter};
pub use filter::{ClientOrder, ClientPlace};
pub use lifecycle::{ClientState, EXPIRING_DAYS, Lifecycle};
pub use new::{CheckedClient, ClientDetails, NAME_MAX, NewClient, TOKEN_TTL_MAX, check_name};

/// The most characters of an id.
pub const ID_MAX: usize = 128;

/// The public name of a client, `client_id` on the wire: 3 to [`ID_MAX`] unreserved characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// Parses an id, chosen or generated.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        if !(3..=ID_MAX).contains(&text.len()) {
            return Err(Complaint::ClientIdLength);
        }
        if !text.bytes().all(secret::is_unreserved) {
            return Err(Complaint::ClientIdCharacters);
        }
        if text == "new" || text.starts_with('.') {
            return Err(Complaint::ClientIdReserved);
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The default name of a client.
    #[must_use]
    pub fn default_name(&self) -> String {
        format!(
            "API Client ***{}",
            &self.0[self.0.len().saturating_sub(4)..]
        )
    }

    /// The five cuts of the drawn key that represents this client, each 0 to 3, so that people recognize it.
    #[must_use]
    pub fn cuts(&self) -> [u8; 5] {
        let digest = Sha256::digest(self.0.as_bytes());
        std::array::from_fn(|index| digest[index] % 4)
    }
}

impl Borrow<str> for ClientId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An API client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The public id.
    pub id: ClientId,
    /// The number that tokens carry, and the key of lists.
    pub number: ClientNumber,
    /// The name for people.
    pub name: String,
    /// Its organization; none for clients that may access all of them.
    pub organization_id: Option<OrganizationId>,
    /// The scopes in the order they were given. Fixed.
    pub scopes: Scopes,
    /// The permissions it holds, in the order they were granted; by name where pages list clients.
    pub permissions: Vec<PermissionName>,
    /// How long its tokens live, in seconds; the installation's value when absent.
    pub token_ttl: Option<i64>,
    /// Whether it works.
    pub lifecycle: Lifecycle,
    /// The generation of its tokens; raised to end all older ones.
    pub generation: i64,
    /// The directory version at which all its tokens were revoked last; those of an older one are dead.
    pub tokens_since: Version,
    /// When it was made.
    pub created_at: Time,
    /// Who made it.
    pub created_by: String,
    /// The directory version that last changed it.
    pub version: Version,
}

impl Client {
    /// True when the client holds a permission.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.permissions.iter().any(|held| held.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_into_addresses_and_headers() {
        for id in ["abc", "id_EQs_hU6Der-Sg3tN", "sysadmin-org", "a.b~c"] {
            assert!(ClientId::parse(id).is_ok(), "{id}");
        }
        for id in [
            "",
            "ab",
            "new",
            ".hidden",
            "a b",
            "a:b",
            "ü-client",
            "a/b",
            &"x".repeat(129),
        ] {
            assert!(ClientId::parse(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_default_name_ends_like_the_id() {
        assert_eq!(
            ClientId::parse("sysadmin-org").unwrap().default_name(),
            "API Client ***-org"
        );
        assert_eq!(
            ClientId::parse("abc").unwrap().default_name(),
            "API Client ***abc"
        );
    }

    #[test]
    fn the_drawn_key_matches_the_design() {
        // d of the first cut is 9.4 + 1.15 · cut: 9.4, 12.8 (3), 11.7 (2), 9.4, 10.6 (1).
        assert_eq!(
            ClientId::parse("id_7Qm2xVd9LrKp-t4W").unwrap().cuts(),
            [0, 3, 2, 0, 1]
        );
    }
}
