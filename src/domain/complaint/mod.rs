//! Complaints: everything that can be wrong with an input, or be a reason to refuse, as a code for programs with its
//! data. [`words`](super::words) has the sentences.

use serde::{Deserialize, Serialize};

use super::Time;
use super::ids::{ClientNumber, OrganizationId, Sequence};
use super::rights::Right;

/// Declares complaints: each with its data and its code, which clients may rely on. The last ones may be those of a
/// subject, which have a type of their own.
macro_rules! complaints {
    (
        $(#[$type_about:meta])* $type:ident
        { $($(#[$about:meta])* $name:ident $({ $($field:ident: $field_type:ty),* $(,)? })? = $code:literal,)* }
        $($(#[$subject_about:meta])* $subject:ident($subject_type:ty),)*
    ) => {
        $(#[$type_about])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "code")]
        pub enum $type {
            $($(#[$about])* #[serde(rename = $code)] $name $({ $($field: $field_type),* })?,)*
            $($(#[$subject_about])* #[serde(untagged)] $subject($subject_type),)*
        }

        impl $type {
            /// The complaint's code.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                    $(Self::$subject(complaint) => complaint.code(),)*
                }
            }
        }

        $(impl From<$subject_type> for $type {
            fn from(complaint: $subject_type) -> Self {
                Self::$subject(complaint)
            }
        })*
    };
}

mod admin;
mod bulk;
mod credential;
mod organization;
mod participant;
mod permission;
mod token;
mod unreadable;
pub use admin::AdminComplaint;
pub use bulk::{BulkComplaint, ChangedClient};
pub use credential::CredentialComplaint;
pub use organization::OrganizationComplaint;
pub use participant::ParticipantComplaint;
pub use permission::PermissionComplaint;
pub use token::TokenComplaint;
pub use unreadable::Unreadable;

complaints! {
    /// What is wrong with an input, or why a request is refused. Its JSON is its code and its data.
    Complaint {
        /// The actor does not have this right.
        RightMissing { right: Right } = "right_missing",

        /// A client or an organization has no name.
        NameMissing = "name_missing",
        /// A name is longer than [`NAME_MAX`](super::client::NAME_MAX).
        NameTooLong = "name_too_long",
        /// A name has characters that others could not read.
        NameUnreadable { why: Unreadable } = "name_unreadable",

        /// A text is no email address.
        EmailInvalid { email: String } = "email_invalid",
        /// A password is shorter than [`PASSWORD_MIN`](super::admin::PASSWORD_MIN); `count` is in characters.
        PasswordTooShort { count: usize } = "password_too_short",
        /// A password is longer than [`PASSWORD_MAX`](super::admin::PASSWORD_MAX); `count` is in characters.
        PasswordTooLong { count: usize } = "password_too_long",
        /// A password has invisible characters.
        PasswordUnreadable { why: Unreadable } = "password_unreadable",
        /// A password is one of those that are guessed first.
        PasswordCommon = "password_common",
        /// Another administrator has this address.
        AdminTaken { email: String } = "admin_taken",
        /// No administrator has this address.
        AdminUnknown { email: String } = "admin_unknown",
        /// The installation has an administrator already.
        SetUpAlready = "set_up_already",
        /// The set-up code is not the one of this process.
        SetupCodeWrong = "setup_code_wrong",

        /// A client's id is too short or too long.
        ClientIdLength = "client_id_length",
        /// A client's id has other than unreserved characters.
        ClientIdCharacters = "client_id_characters",
        /// A client's id would be the address of another page.
        ClientIdReserved = "client_id_reserved",
        /// There is or was a client with this id.
        ClientIdTaken { id: String } = "client_id_taken",
        /// Another client of the organization, or of those that have none, has this name.
        ClientNameTaken {
            organization: Option<String>,
            name: String,
        } = "client_name_taken",
        /// There is no client with this id, or the actor may not know of it.
        ClientUnknown { id: String } = "client_unknown",
        /// There is no client with this number.
        ClientNumberUnknown { number: ClientNumber } = "client_number_unknown",
        /// The client was revoked, so it cannot be changed.
        ClientRevoked = "client_revoked",
        /// The client was revoked, so it is not shown.
        ClientGone { id: String, by: String, at: Time } = "client_gone",
        /// The client cannot be revoked again.
        RevokedAlready { by: String, at: Time } = "revoked_already",
        /// The client was changed since it was read; who and when, as far as the audit log has it.
        ChangedMeanwhile {
            by: Option<String>,
            at: Option<Time>,
        } = "changed_meanwhile",
        /// A client would have expired before it is made or changed.
        ExpiryPassed = "expiry_passed",
        /// A client would expire after the year 9999.
        ExpiryTooFar = "expiry_too_far",

        /// A client has no scope.
        ScopesMissing = "scopes_missing",
        /// The catalogue has no such scope.
        ScopeUnknown { scope: String } = "scope_unknown",
        /// The catalogue has no such permission.
        PermissionUnknown { permission: String } = "permission_unknown",
        /// The permission belongs to a scope that the client does not have.
        PermissionNeedsScope { permission: String, scope: String } = "permission_needs_scope",

        /// A chosen secret is too short or too long.
        SecretLength = "secret_length",
        /// A chosen secret has other than unreserved characters.
        SecretCharacters = "secret_characters",
        /// The client has no secret of this number.
        SecretUnknown = "secret_unknown",
        /// No copy of the secret is kept.
        SecretNotKept = "secret_not_kept",
        /// Old secrets would be kept beyond the year 9999.
        KeptTooLong = "kept_too_long",

        /// A client with other scopes than the system scope has no organization.
        OrganizationMissing = "organization_missing",
        /// There is no organization with this id.
        OrganizationUnknown { id: OrganizationId } = "organization_unknown",
        /// An archived organization can have no host.
        OrganizationArchived { id: OrganizationId } = "organization_archived",
        /// The organization cannot be archived again.
        ArchivedAlready { id: OrganizationId } = "archived_already",
        /// The organization cannot be restored.
        NotArchived { id: OrganizationId } = "not_archived",
        /// A text is no host.
        HostInvalid = "host_invalid",
        /// The host is the main host.
        HostOfServer = "host_of_server",
        /// A host was given with a port.
        HostWithPort = "host_with_port",
        /// Another organization has the host.
        HostTaken = "host_taken",

        /// The integrity check of the database failed; `damage` is the engine's report.
        DatabaseDamaged { damage: String } = "database_damaged",
        /// The record of the audit log with this number is not as it was written.
        AuditLogBroken { sequence: Sequence } = "audit_log_broken",
        /// The database is not empty; `content` is what it holds.
        DatabaseNotEmpty { content: String } = "database_not_empty",
        /// The catalogue has fewer than `permissions` permissions for the clients of a demo.
        CatalogTooSmall { permissions: usize } = "catalog_too_small",

        /// A request does not name one host.
        HostNotNamed = "host_not_named",
        /// No page has this address.
        NothingHere = "nothing_here",
        /// A static file was requested with another method than GET or HEAD.
        FileReadOnly = "file_read_only",
        /// A form was posted by a page of another origin.
        PostedElsewhere = "posted_elsewhere",
        /// The body's media type is not that of a form.
        NotAForm = "not_a_form",
        /// The key of a form came with other contents before.
        FormSentBefore = "form_sent_before",
        /// A form was typed while its session ended, and is kept until its sender has signed in.
        KeptUntilSignIn = "kept_until_sign_in",
        /// A form is shown again after its sender has signed in.
        SentAfterSignOut = "sent_after_sign_out",
        /// The value of the choice of organizations is no id.
        OrganizationInvalid = "organization_invalid",
        /// A text names several organizations, or is no more than a part of a name.
        OrganizationAmbiguous = "organization_ambiguous",
        /// No choice about the expiry was made.
        ExpiryMissing = "expiry_missing",
        /// The client is to expire on a day, but no day was chosen.
        DayMissing = "day_missing",
        /// A text is not a date.
        DayUnreadable = "day_unreadable",
        /// A client would expire today or before.
        DayPassed { today: Time } = "day_passed",
        /// The name typed as confirmation is not the client's.
        NameNotConfirmed { name: String } = "name_not_confirmed",
        /// A button sent a value that no page gives it.
        ButtonUnknown = "button_unknown",
        /// There is no such theme.
        ThemeUnknown = "theme_unknown",
    }
    /// A complaint about administrators.
    Admin(AdminComplaint),
    /// A complaint about participants.
    Participant(ParticipantComplaint),
    /// A complaint about tokens.
    Token(TokenComplaint),
    /// A complaint about the secrets of a client and the lifetime of its tokens.
    Credential(CredentialComplaint),
    /// A complaint about an act on several clients.
    Bulk(BulkComplaint),
    /// A complaint about organizations.
    Organization(OrganizationComplaint),
    /// A complaint about the permissions of clients.
    Permission(PermissionComplaint),
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
