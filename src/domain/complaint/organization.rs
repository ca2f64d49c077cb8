//! Complaints about organizations.

use serde::{Deserialize, Serialize};

use crate::domain::Time;

complaints! {
    /// Why an organization is not changed.
    OrganizationComplaint {
        /// The organization was changed since it was read; who and when, as far as the audit log has it.
        OrganizationChanged {
            by: Option<String>,
            at: Option<Time>,
        } = "organization_changed_meanwhile",
    }
}
