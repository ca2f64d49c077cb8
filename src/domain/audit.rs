//! The audit log: one entry for every change, saying who did what to whom.

use serde::{Deserialize, Serialize};

use super::Time;

/// What was done. The words stand in the database and are never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// An administrator was made.
    AdminCreated,
    /// An administrator's password was replaced.
    AdminPasswordReset,
    /// An administrator signed in.
    SignedIn,
    /// Attempts to sign in, or to set up, that failed; the detail carries their count and the reason of the last.
    SignInFailed,
    /// An administrator signed out.
    SignedOut,
    /// An organization was made.
    OrganizationCreated,
    /// An organization was archived.
    OrganizationArchived,
    /// An archived organization was restored.
    OrganizationRestored,
    /// An organization was given another host, or none.
    OrganizationHostChanged,
    /// A client was made.
    ClientCreated,
    /// A client's name or expiry was changed.
    ClientUpdated,
    /// A client was suspended.
    ClientSuspended,
    /// A client was resumed.
    ClientResumed,
    /// A client was revoked.
    ClientRevoked,
    /// Permissions were granted or removed.
    PermissionsChanged,
    /// A secret was made beside or in place of another.
    SecretRotated,
    /// A secret was shown again.
    SecretRevealed,
    /// One token was revoked; or, beyond [`SINGLE_REVOCATIONS`], the number of tokens that the entry's detail tells.
    TokenRevoked,
    /// An empty database was filled with a platform to try things on.
    DemoFilled,
}

/// How many revocations of single tokens by one client get an entry of their own within an hour of the clock. Those
/// beyond share one entry, which carries their number.
pub const SINGLE_REVOCATIONS: i64 = 100;

impl Action {
    /// Every action.
    pub const EVERY: [Self; 19] = [
        Self::AdminCreated,
        Self::AdminPasswordReset,
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::OrganizationCreated,
        Self::OrganizationArchived,
        Self::OrganizationRestored,
        Self::OrganizationHostChanged,
        Self::ClientCreated,
        Self::ClientUpdated,
        Self::ClientSuspended,
        Self::ClientResumed,
        Self::ClientRevoked,
        Self::PermissionsChanged,
        Self::SecretRotated,
        Self::SecretRevealed,
        Self::TokenRevoked,
        Self::DemoFilled,
    ];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AdminCreated => "admin.created",
            Self::AdminPasswordReset => "admin.password_reset",
            Self::SignedIn => "admin.signed_in",
            Self::SignInFailed => "admin.sign_in_failed",
            Self::SignedOut => "admin.signed_out",
            Self::OrganizationCreated => "organization.created",
            Self::OrganizationArchived => "organization.archived",
            Self::OrganizationRestored => "organization.restored",
            Self::OrganizationHostChanged => "organization.host_changed",
            Self::ClientCreated => "client.created",
            Self::ClientUpdated => "client.updated",
            Self::ClientSuspended => "client.suspended",
            Self::ClientResumed => "client.resumed",
            Self::ClientRevoked => "client.revoked",
            Self::PermissionsChanged => "permissions.changed",
            Self::SecretRotated => "secret.rotated",
            Self::SecretRevealed => "secret.revealed",
            Self::TokenRevoked => "token.revoked",
            Self::DemoFilled => "demo.filled",
        }
    }

    /// Reads the word in the database.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::EVERY
            .into_iter()
            .find(|action| action.as_str() == text)
    }
}

/// One entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Time,
    /// Who: an email address, `client:<id>` or `shell:<user>`.
    pub actor: String,
    /// What.
    pub action: Action,
    /// To whom: `client:<id>`, `organization:<id>`, `admin:<email>`, or `directory` as a whole.
    pub target: String,
    /// The organization it concerns.
    pub organization_id: Option<i64>,
    /// Before and after, as JSON; never a secret.
    pub detail: String,
    /// The network address it came from.
    pub address: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for action in Action::EVERY {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
    }
}
