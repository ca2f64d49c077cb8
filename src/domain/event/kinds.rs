//! Every kind of event, with its data.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::data::{ClientSnapshot, ExportFormat, ExportedFilter, ImpersonationGrant};
use crate::domain::Time;
use crate::domain::client::StatusFilter;
use crate::domain::host::Host;
use crate::domain::ids::{OrganizationId, SecretNumber, Sequence};
use crate::domain::participant::{Nickname, ParticipantDetails, ParticipantEmail};
use crate::domain::permission::PermissionName;
use crate::domain::role::Role;
use crate::domain::scope::Scopes;

/// Declares [`Event`]: each variant with its kind, which is stored and never changed, and its data.
macro_rules! events {
    ($($(#[$about:meta])* $name:ident = $kind:literal {
        $($(#[$what:meta])* $field:ident: $type:ty),* $(,)?
    })*) => {
        /// An event. Never holds a secret.
        ///
        /// The canonical form is compact JSON, `{"kind": …, "data": {…}}` without the spaces: the fields in the order
        /// of declaration, none left out, moments as RFC 3339 in UTC. So an event has one sequence of bytes. An event
        /// whose kind or data this version does not know is read as [`Event::Unknown`] and kept whole.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "data", deny_unknown_fields)]
        pub enum Event {
            $($(#[$about])* #[serde(rename = $kind)] $name { $($(#[$what])* $field: $type),* },)*
            /// An event that a newer version wrote.
            #[serde(untagged)]
            Unknown {
                /// Its kind.
                kind: String,
                /// Its data.
                data: Value,
            },
        }

        impl Event {
            /// Every kind that this version writes.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The kind as it is stored.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$name { .. } => $kind,)*
                    Self::Unknown { kind, .. } => kind,
                }
            }
        }
    };
}

events! {
    /// An administrator was made.
    AdminCreated = "admin.created" {
        /// The administrator's role.
        role: Role,
    }
    /// An administrator's password was replaced.
    AdminPasswordReset = "admin.password_reset" {}
    /// An address was invited to become an administrator's, or its invitation was renewed.
    AdminInvited = "admin.invited" {
        /// The role to join with.
        role: Role,
        /// When the link ends.
        ends_at: Time,
    }
    /// An invitation was withdrawn before it was used.
    AdminInvitationWithdrawn = "admin.invitation_withdrawn" {
        /// The role to join with.
        role: Role,
    }
    /// Somebody who was invited became an administrator.
    AdminJoined = "admin.joined" {
        /// The administrator's role.
        role: Role,
        /// The name of whoever made the link.
        invited_by: String,
    }
    /// An administrator was given another role.
    AdminRoleChanged = "admin.role_changed" {
        /// The role before.
        before: Role,
        /// The role after.
        after: Role,
    }
    /// An administrator was disabled.
    AdminDisabled = "admin.disabled" {}
    /// An administrator was enabled again.
    AdminEnabled = "admin.enabled" {}
    /// Sessions of an administrator were ended, by an owner or by themself.
    AdminSessionsEnded = "admin.sessions_ended" {
        /// How many.
        sessions: u64,
    }
    /// A link to a new password of an administrator was made, or renewed.
    AdminPasswordLinkMade = "admin.password_link_made" {
        /// When the link ends.
        ends_at: Time,
    }
    /// A link to a new password was withdrawn before it was used.
    AdminPasswordLinkWithdrawn = "admin.password_link_withdrawn" {}
    /// An administrator changed their own password.
    AdminPasswordChanged = "admin.password_changed" {}
    /// An administrator signed in.
    SignedIn = "admin.signed_in" {}
    /// Attempts to sign in, or to set up, failed.
    SignInFailed = "admin.sign_in_failed" {
        /// How many since the last event of the same account and network.
        count: u64,
        /// The network of the attempts, or `several`.
        network: String,
        /// Why the last one was refused.
        reason: String,
    }
    /// An administrator signed out.
    SignedOut = "admin.signed_out" {}
    /// An organization was made.
    OrganizationCreated = "organization.created" {
        /// The organization's name.
        name: String,
        /// Its host, if it has one.
        host: Option<Host<'static>>,
    }
    /// An organization was archived.
    OrganizationArchived = "organization.archived" {
        /// The organization's name.
        name: String,
        /// The host that it had until then.
        host: Option<Host<'static>>,
    }
    /// An archived organization was restored.
    OrganizationRestored = "organization.restored" {
        /// The organization's name.
        name: String,
        /// When it had been archived.
        archived_at: Option<Time>,
    }
    /// An organization was given another host, or none.
    OrganizationHostChanged = "organization.host_changed" {
        /// The organization's name.
        name: String,
        /// The host before.
        before: Option<Host<'static>>,
        /// The host after.
        after: Option<Host<'static>>,
    }
    /// An organization was given another name.
    OrganizationRenamed = "organization.renamed" {
        /// The name before.
        before: String,
        /// The name after.
        after: String,
    }
    /// A client was made.
    ClientCreated = "client.created" {
        /// The client's name.
        name: String,
        /// Its scopes, in order.
        scopes: Scopes,
        /// Its permissions, in the order of granting.
        permissions: Vec<PermissionName>,
        /// When it expires.
        expires_at: Option<Time>,
    }
    /// A client's name, expiry or switches were changed.
    ClientUpdated = "client.updated" {
        /// Before the change.
        before: ClientSnapshot,
        /// After the change.
        after: ClientSnapshot,
    }
    /// A client was suspended.
    ClientSuspended = "client.suspended" {}
    /// A client was resumed.
    ClientResumed = "client.resumed" {}
    /// A client was revoked.
    ClientRevoked = "client.revoked" {
        /// Before the revocation.
        before: ClientSnapshot,
    }
    /// A list of clients was exported.
    ClientsExported = "clients.exported" {
        /// What was searched, if anything.
        search: String,
        /// The status.
        status: StatusFilter,
        /// Of which organization.
        organization_id: Option<OrganizationId>,
        /// With which scope.
        scope: Option<String>,
        /// With which permission; versions before did not write it.
        permission: Option<String>,
    }
    /// Permissions were granted or removed.
    PermissionsChanged = "permissions.changed" {
        /// Those granted, in order.
        granted: Vec<String>,
        /// Those removed, in order.
        removed: Vec<String>,
    }
    /// A secret was made beside or in place of another.
    SecretRotated = "secret.rotated" {
        /// The last four characters of the new secret; none of a chosen one.
        hint: Option<String>,
        /// For how long the old secrets remain valid, counted from now or from the first use of the new one; 0 when they
        /// are revoked then, none when they go on.
        keep_old_seconds: Option<u64>,
        /// The number of the new secret.
        secret: SecretNumber,
        /// What people call it.
        label: Option<String>,
        /// Whether the end of the old secrets waits for its first use.
        pending: bool,
    }
    /// A secret that waited for its first use was used: the end of the older secrets begins.
    SecretActivated = "secret.activated" {
        /// The last four characters of the secret; none of a chosen one.
        hint: Option<String>,
        /// The secret's number.
        secret: SecretNumber,
        /// For how long the older secrets remain valid; 0 when they are revoked.
        grace_seconds: i64,
    }
    /// A secret that waited for its first use was ended, so the older ones go on.
    SecretCancelled = "secret.cancelled" {
        /// The last four characters of the secret; none of a chosen one.
        hint: Option<String>,
        /// The secret's number.
        secret: SecretNumber,
    }
    /// A secret was ended, with every token made with it.
    SecretEnded = "secret.ended" {
        /// The last four characters of the secret; none of a chosen one.
        hint: Option<String>,
        /// The secret's number.
        secret: SecretNumber,
    }
    /// A secret was given another label, or none.
    SecretLabelled = "secret.labelled" {
        /// The secret's number.
        secret: SecretNumber,
        /// The label before.
        before: Option<String>,
        /// The label after.
        after: Option<String>,
    }
    /// A secret was revealed.
    SecretRevealed = "secret.revealed" {
        /// The last four characters of the secret; none of a chosen one.
        hint: Option<String>,
        /// The secret's number.
        secret: SecretNumber,
    }
    /// One token was revoked.
    TokenRevoked = "token.revoked" {
        /// The token's id.
        token: String,
    }
    /// In an hour that is over, a client revoked more than [`SINGLE_REVOCATIONS`](super::SINGLE_REVOCATIONS) tokens one by one.
    TokensRevoked = "tokens.revoked" {
        /// When the hour began.
        hour: Time,
        /// How many tokens beyond those that have an event each.
        tokens: i64,
    }
    /// Every token of a client that was issued so far was revoked.
    TokensRevokedAll = "tokens.revoked_all" {}
    /// A participant was made.
    ParticipantCreated = "participant.created" {
        /// The nickname.
        nickname: Nickname,
        /// The email address.
        email: ParticipantEmail,
        /// The name.
        name: String,
        /// Whether it has a password.
        has_password: bool,
    }
    /// A participant's nickname, address or name was changed.
    ParticipantChanged = "participant.changed" {
        /// Before the change.
        before: ParticipantDetails,
        /// After the change.
        after: ParticipantDetails,
    }
    /// A participant was blocked.
    ParticipantBlocked = "participant.blocked" {}
    /// A participant was unblocked.
    ParticipantUnblocked = "participant.unblocked" {}
    /// A participant was given a password.
    ParticipantPasswordSet = "participant.password_set" {}
    /// A client registered a participant.
    ParticipantRegistered = "participant.registered" {
        /// Nickname, address and name.
        details: ParticipantDetails,
        /// Whether the client says that the participant accepted the terms.
        accepted_terms: bool,
        /// Whether the address was taken as confirmed.
        confirmed: bool,
    }
    /// A client changed what is kept about a participant.
    ParticipantExtraChanged = "participant.extra_changed" {
        /// The names of the members that were added or replaced.
        names: Vec<String>,
    }
    /// A client got a token to act on behalf of a participant.
    ParticipantImpersonated = "participant.impersonated" {
        /// By which grant.
        grant: ImpersonationGrant,
        /// Why, if the client says.
        reason: Option<String>,
    }
    /// An empty database was filled with demo data.
    DemoFilled = "demo.filled" {
        /// How many clients.
        clients: i64,
        /// How many organizations.
        organizations: i64,
    }
    /// The audit log was exported.
    AuditExported = "audit.exported" {
        /// The form of the file.
        format: ExportFormat,
        /// What was chosen.
        filter: ExportedFilter,
        /// The number of the newest entry that it may have.
        newest: Sequence,
    }
}
