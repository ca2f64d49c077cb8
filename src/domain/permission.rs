//! Permissions: what a client may do within its scopes, granted and removed at any time.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Time;

/// Lets a client ask for tokens that act as a participant.
pub const IMPERSONATE: &str = "oauth.impersonate";

/// Lets a client exchange a participant's password for a token.
pub const LOGIN: &str = "oauth.login";

/// Lets a client introspect tokens of other clients.
pub const INTROSPECT: &str = "system.tokens.introspect";

/// A permission's name, such as `blogs.read`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermissionName(String);

impl PermissionName {
    /// Reads a permission's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        super::scope::is_name(text).then(|| Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PermissionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A permission that a client holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionGrant {
    /// The permission's name.
    pub permission: String,
    /// When it was granted.
    pub granted_at: Time,
    /// Who granted it.
    pub granted_by: String,
}

/// Whether a client is to hold a permission, which is named as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionSwitch {
    /// The permission's name.
    pub permission: String,
    /// Whether the client is to hold it.
    pub on: bool,
}

impl PermissionSwitch {
    /// All of these permissions on, or off.
    #[must_use]
    pub fn each(names: &[String], on: bool) -> Vec<Self> {
        let switch = |name: &String| Self {
            permission: name.clone(),
            on,
        };
        names.iter().map(switch).collect()
    }
}
