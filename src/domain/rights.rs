//! Rights, and the roles that have them.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// What an actor may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Reads clients, organizations and participants.
    ReadDirectory,
    /// Makes, changes and revokes clients, with their permissions and secrets.
    ChangeClients,
    /// Makes and changes clients with the scope `system`, which reach every organization, beyond suspending them.
    ChangeSystemClients,
    /// Reveals secrets of clients, where copies are kept.
    RevealSecrets,
    /// Makes, changes and archives organizations.
    ChangeOrganizations,
    /// Makes, changes and blocks participants, and sets their passwords.
    ChangeParticipants,
    /// Reads, verifies and exports the audit log.
    ReadAuditLog,
    /// Reads who the administrators are.
    ReadAdmins,
    /// Invites administrators, changes their roles, disables them, and replaces their passwords.
    ManageAdmins,
    /// Checks the database, or fills it with demo data.
    ManageDatabase,
}

impl Role {
    /// Whether administrators of this role have a right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::ReadDirectory | Right::ReadAuditLog | Right::ReadAdmins => true,
            Right::ChangeClients
            | Right::RevealSecrets
            | Right::ChangeOrganizations
            | Right::ChangeParticipants => {
                matches!(self, Self::Owner | Self::Manager)
            }
            Right::ChangeSystemClients | Right::ManageAdmins | Right::ManageDatabase => {
                self == Self::Owner
            }
        }
    }
}
