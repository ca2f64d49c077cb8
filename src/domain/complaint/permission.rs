//! Complaints about copying permissions from one client to another.

use serde::{Deserialize, Serialize};

complaints! {
    /// Why a set of permissions is not copied.
    PermissionComplaint {
        /// A client's permissions were to be copied from itself.
        CopiedFromItself = "copied_from_itself",
        /// The client that was to be copied from, whose name this is, was changed since the copy was shown.
        SourceChanged { name: String } = "source_changed_meanwhile",
    }
}
