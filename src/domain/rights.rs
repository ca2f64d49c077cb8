//! What there is to be allowed, and which role has it.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// Something that an actor may do or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Reads clients and organizations.
    ReadDirectory,
    /// Makes clients, changes and ends them, with their permissions and secrets.
    ChangeClients,
    /// Reads secrets of clients, where copies are kept.
    RevealSecrets,
    /// Makes organizations, changes and archives them.
    ChangeOrganizations,
    /// Makes administrators and replaces their passwords.
    ManageAdmins,
    /// Checks the database, or fills it.
    ManageDatabase,
}

impl Role {
    /// Whether administrators of this role have a right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::ReadDirectory => true,
            Right::ChangeClients | Right::RevealSecrets | Right::ChangeOrganizations => {
                matches!(self, Self::Owner | Self::Editor)
            }
            Right::ManageAdmins | Right::ManageDatabase => self == Self::Owner,
        }
    }
}
