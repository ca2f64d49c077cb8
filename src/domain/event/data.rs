//! What several events tell.

use serde::{Deserialize, Serialize};

use crate::domain::Time;
use crate::domain::client::Client;
use crate::domain::ids::OrganizationId;
use crate::domain::permission::PermissionName;

/// By which grant a client got a token to act on behalf of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpersonationGrant {
    /// The grant type `password` with `auth_type=impersonate`.
    Password,
    /// Token exchange (RFC 8693).
    TokenExchange,
}

/// The changeable properties of a client at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSnapshot {
    /// The client's name.
    pub name: String,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// How long its tokens live, in seconds; the installation's value when absent.
    pub token_ttl: Option<i64>,
    /// Its permissions, in the order of granting.
    pub permissions: Vec<PermissionName>,
}

impl From<&Client> for ClientSnapshot {
    fn from(client: &Client) -> Self {
        Self {
            name: client.name.clone(),
            expires_at: client.lifecycle.expires_at(),
            token_ttl: client.token_ttl,
            permissions: client.permissions.clone(),
        }
    }
}

/// The form of an exported audit log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A table for a spreadsheet (RFC 4180).
    #[default]
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// What was chosen of the audit log for an export, as it was typed; none of a part chooses everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedFilter {
    /// The actor.
    pub actor: Option<String>,
    /// The kind, or the topic.
    pub action: Option<String>,
    /// The client.
    pub client: Option<String>,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// The first moment.
    pub since: Option<Time>,
    /// The moment after the last.
    pub until: Option<Time>,
}
