//! Roles of administrators.

use serde::{Deserialize, Serialize};

/// What an administrator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// All rights, also over administrators.
    Owner,
    /// Manages clients and organizations.
    Manager,
    /// Reads only.
    Auditor,
}

impl Role {
    /// Every role, from the widest.
    pub const EVERY: [Self; 3] = [Self::Owner, Self::Manager, Self::Auditor];

    /// The role's word in commands and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// Parses the role's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|role| role.as_str() == text)
    }
}
