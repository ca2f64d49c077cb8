//! Complaints about administrators.

use serde::{Deserialize, Serialize};

use crate::domain::ids::AdminId;

complaints! {
    /// What is wrong with an act on administrators, or on an own account.
    AdminComplaint {
        /// The act needs a password that was typed a few minutes ago at most.
        PasswordNeeded = "password_needed",
        /// The password is not the administrator's.
        PasswordWrong = "password_wrong",
        /// There is no administrator with this id.
        AdminIdUnknown { id: AdminId } = "admin_id_unknown",
        /// Without this owner there would be none who can sign in.
        LastOwner = "last_owner",
        /// The administrator cannot be disabled again.
        DisabledAlready { email: String } = "disabled_already",
        /// The administrator cannot be enabled.
        NotDisabled { email: String } = "not_disabled",
        /// A disabled administrator gets no link to a new password.
        AdminDisabled { email: String } = "admin_disabled",
        /// No role was chosen.
        RoleMissing = "role_missing",
        /// The address has no link that waits to be used.
        LinkUnknown { email: String } = "link_unknown",
        /// A one-time link is wrong, used, withdrawn or has ended.
        LinkVoid = "link_void",
        /// The administrator has no such session.
        SessionUnknown = "session_unknown",
    }
}
