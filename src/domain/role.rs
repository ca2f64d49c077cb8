//! Roles of administrators.

use serde::{Deserialize, Serialize};

/// What an administrator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// All rights, also over administrators.
    Owner,
    /// Manages clients and organizations.
    Editor,
    /// Reads only.
    Viewer,
}

impl Role {
    /// Every role, from the widest.
    pub const EVERY: [Self; 3] = [Self::Owner, Self::Editor, Self::Viewer];

    /// The role's word in commands and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Viewer => "viewer",
        }
    }

    /// Parses the role's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|role| role.as_str() == text)
    }
}
