//! Complaints about acts on several clients.

use serde::{Deserialize, Serialize};

use crate::domain::Time;

complaints! {
    /// Why an act on several clients is refused. Then nothing was changed.
    BulkComplaint {
        /// No client was chosen.
        BulkEmpty = "bulk_empty",
        /// More than [`BULK_MAX`](crate::domain::client::BULK_MAX) clients were chosen.
        BulkTooMany { count: usize } = "bulk_too_many",
        /// Clients are not as they were seen.
        BulkChanged { changed: Vec<ChangedClient> } = "bulk_changed",
        /// The number that was typed as confirmation is not that of the clients.
        BulkNotConfirmed { count: usize } = "bulk_not_confirmed",
        /// All of them expire on that day already.
        BulkExpiresThen = "bulk_expires_then",
    }
}

/// A client that is not as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedClient {
    /// Its name; of one that there is not, the id.
    pub name: String,
    /// Who changed it, as far as the audit log has it.
    pub by: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// Whether it is revoked.
    pub is_revoked: bool,
}
