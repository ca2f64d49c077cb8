//! Complaints: everything that can be wrong with an input, or be a reason to refuse, as a code for programs with its
//! data. [`words`](super::words) has the sentences.

use serde::{Deserialize, Serialize};

use super::Time;
use super::rights::Right;

/// What is wrong with an input, or why a request is refused. Its JSON is its code and its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Complaint {
    /// The actor does not have this right.
    RightMissing { right: Right },

    /// A client or an organization has no name.
    NameMissing,
    /// A name is longer than [`NAME_MAX`](super::client::NAME_MAX).
    NameTooLong,
    /// A name has characters that others could not read.
    NameUnreadable { why: Unreadable },

    /// A text is no email address.
    EmailInvalid { email: String },
    /// A password is shorter than [`PASSWORD_MIN`](super::admin::PASSWORD_MIN); `count` is in characters.
    PasswordTooShort { count: usize },
    /// A password is longer than [`PASSWORD_MAX`](super::admin::PASSWORD_MAX); `count` is in characters.
    PasswordTooLong { count: usize },
    /// A password has invisible characters.
    PasswordUnreadable { why: Unreadable },
    /// A password is one of those that are guessed first.
    PasswordCommon,
    /// Another administrator has this address.
    AdminTaken { email: String },
    /// No administrator has this address.
    AdminUnknown { email: String },
    /// The installation has an administrator already.
    SetUpAlready,
    /// The set-up code is not the one of this process.
    SetupCodeWrong,

    /// A client's id is too short or too long.
    ClientIdLength,
    /// A client's id has other than unreserved characters.
    ClientIdCharacters,
    /// A client's id would be the address of another page.
    ClientIdReserved,
    /// There is or was a client with this id.
    ClientIdTaken { id: String },
    /// There is no client with this id, or the actor may not know of it.
    ClientUnknown { id: String },
    /// There is no client with this number.
    ClientNumberUnknown { number: i64 },
    /// The client was revoked, so it cannot be changed.
    ClientRevoked,
    /// The client was revoked, so it is not shown.
    ClientGone {
        id: String,
        by: Option<String>,
        at: Time,
    },
    /// The client cannot be revoked again.
    RevokedAlready { by: String, at: Time },
    /// The client was changed since it was read; who and when, as far as the audit log has it.
    ChangedMeanwhile {
        by: Option<String>,
        at: Option<Time>,
    },
    /// A client would have expired before it is made or changed.
    ExpiryPassed,
    /// A client would expire after the year 9999.
    ExpiryTooFar,

    /// A client has no scope.
    ScopesMissing,
    /// The catalogue has no such scope.
    ScopeUnknown { scope: String },
    /// The catalogue has no such permission.
    PermissionUnknown { permission: String },
    /// The permission belongs to a scope that the client does not have.
    PermissionNeedsScope { permission: String, scope: String },

    /// A chosen secret is too short or too long.
    SecretLength,
    /// A chosen secret has other than unreserved characters.
    SecretCharacters,
    /// The client has no secret of this number.
    SecretUnknown,
    /// No copy of the secret is kept.
    SecretNotKept,
    /// Old secrets would be kept beyond the year 9999.
    KeptTooLong,

    /// A client with other scopes than the system scope has no organization.
    OrganizationMissing,
    /// There is no organization with this id.
    OrganizationUnknown { id: i64 },
    /// An archived organization can have no host.
    OrganizationArchived { id: i64 },
    /// The organization cannot be archived again.
    ArchivedAlready { id: i64 },
    /// The organization cannot be restored.
    NotArchived { id: i64 },
    /// A text is no host.
    HostInvalid,
    /// The host is the main host.
    HostOfServer,
    /// A host was given with a port.
    HostWithPort,
    /// Another organization has the host.
    HostTaken,

    /// The integrity check of the database failed; `damage` is the engine's report.
    DatabaseDamaged { damage: String },
    /// The record of the audit log with this number is not as it was written.
    AuditLogBroken { sequence: i64 },
    /// The database is not empty; `content` is what it holds.
    DatabaseNotEmpty { content: String },
    /// The catalogue has fewer than `permissions` permissions for the clients of a demo.
    CatalogTooSmall { permissions: usize },

    /// A request does not name one host.
    HostNotNamed,
    /// No page has this address.
    NothingHere,
    /// A static file was requested with another method than GET or HEAD.
    FileReadOnly,
    /// A form was posted by a page of another origin.
    PostedElsewhere,
    /// The body's media type is not that of a form.
    NotAForm,
    /// The key of a form came with other contents before.
    FormSentBefore,
    /// A form was typed while its session ended, and is kept until its sender has signed in.
    KeptUntilSignIn,
    /// A form is shown again after its sender has signed in.
    SentAfterSignOut,
    /// The value of the choice of organizations is no id.
    OrganizationInvalid,
    /// No choice about the expiry was made.
    ExpiryMissing,
    /// The client is to expire on a day, but no day was chosen.
    DayMissing,
    /// A text is not a date.
    DayUnreadable,
    /// A client would expire today or before.
    DayPassed { today: Time },
    /// The name typed as confirmation is not the client's.
    NameNotConfirmed { name: String },
    /// A button sent a value that no page gives it.
    ButtonUnknown,
    /// There is no such theme.
    ThemeUnknown,
}

/// Why a text cannot be shown to other people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// It has controls, invisible characters, or characters that change the direction of text.
    HasHidden,
    /// It has no visible character.
    IsBlank,
}

impl Complaint {
    /// The complaint's code, which clients may rely on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RightMissing { .. } => "right_missing",
            Self::NameMissing => "name_missing",
            Self::NameTooLong => "name_too_long",
            Self::NameUnreadable { .. } => "name_unreadable",
            Self::EmailInvalid { .. } => "email_invalid",
            Self::PasswordTooShort { .. } => "password_too_short",
            Self::PasswordTooLong { .. } => "password_too_long",
            Self::PasswordUnreadable { .. } => "password_unreadable",
            Self::PasswordCommon => "password_common",
            Self::AdminTaken { .. } => "admin_taken",
            Self::AdminUnknown { .. } => "admin_unknown",
            Self::SetUpAlready => "set_up_already",
            Self::SetupCodeWrong => "setup_code_wrong",
            Self::ClientIdLength => "client_id_length",
            Self::ClientIdCharacters => "client_id_characters",
            Self::ClientIdReserved => "client_id_reserved",
            Self::ClientIdTaken { .. } => "client_id_taken",
            Self::ClientUnknown { .. } => "client_unknown",
            Self::ClientNumberUnknown { .. } => "client_number_unknown",
            Self::ClientRevoked => "client_revoked",
            Self::ClientGone { .. } => "client_gone",
            Self::RevokedAlready { .. } => "revoked_already",
            Self::ChangedMeanwhile { .. } => "changed_meanwhile",
            Self::ExpiryPassed => "expiry_passed",
            Self::ExpiryTooFar => "expiry_too_far",
            Self::ScopesMissing => "scopes_missing",
            Self::ScopeUnknown { .. } => "scope_unknown",
            Self::PermissionUnknown { .. } => "permission_unknown",
            Self::PermissionNeedsScope { .. } => "permission_needs_scope",
            Self::SecretLength => "secret_length",
            Self::SecretCharacters => "secret_characters",
            Self::SecretUnknown => "secret_unknown",
            Self::SecretNotKept => "secret_not_kept",
            Self::KeptTooLong => "kept_too_long",
            Self::OrganizationMissing => "organization_missing",
            Self::OrganizationUnknown { .. } => "organization_unknown",
            Self::OrganizationArchived { .. } => "organization_archived",
            Self::ArchivedAlready { .. } => "archived_already",
            Self::NotArchived { .. } => "not_archived",
            Self::HostInvalid => "host_invalid",
            Self::HostOfServer => "host_of_server",
            Self::HostWithPort => "host_with_port",
            Self::HostTaken => "host_taken",
            Self::DatabaseDamaged { .. } => "database_damaged",
            Self::AuditLogBroken { .. } => "audit_log_broken",
            Self::DatabaseNotEmpty { .. } => "database_not_empty",
            Self::CatalogTooSmall { .. } => "catalog_too_small",
            Self::HostNotNamed => "host_not_named",
            Self::NothingHere => "nothing_here",
            Self::FileReadOnly => "file_read_only",
            Self::PostedElsewhere => "posted_elsewhere",
            Self::NotAForm => "not_a_form",
            Self::FormSentBefore => "form_sent_before",
            Self::KeptUntilSignIn => "kept_until_sign_in",
            Self::SentAfterSignOut => "sent_after_sign_out",
            Self::OrganizationInvalid => "organization_invalid",
            Self::ExpiryMissing => "expiry_missing",
            Self::DayMissing => "day_missing",
            Self::DayUnreadable => "day_unreadable",
            Self::DayPassed { .. } => "day_passed",
            Self::NameNotConfirmed { .. } => "name_not_confirmed",
            Self::ButtonUnknown => "button_unknown",
            Self::ThemeUnknown => "theme_unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_the_same_in_json() {
        for data in [
            json!({"code": "right_missing", "right": "change_clients"}),
            json!({"code": "name_unreadable", "why": "is_blank"}),
            json!({"code": "password_too_short", "count": 7}),
            json!({"code": "client_unknown", "id": "id_nobody"}),
            json!({"code": "changed_meanwhile", "by": null, "at": null}),
            json!({"code": "permission_needs_scope", "permission": "blogs.read", "scope": "blogs"}),
            json!({"code": "not_archived", "id": 7}),
            json!({"code": "host_taken"}),
            json!({"code": "setup_code_wrong"}),
        ] {
            let complaint: Complaint = serde_json::from_value(data.clone()).unwrap();
            assert_eq!(data["code"], complaint.code());
            assert_eq!(serde_json::to_value(&complaint).unwrap(), data);
        }
        let unknown = serde_json::from_value::<Complaint>(json!({"code": "no_such_code"}));
        assert!(unknown.is_err());
    }
}
