//! What a search of everything found.

use crate::domain::client::ClientSummary;
use crate::domain::organization::OrganizationChoice;

/// What a few words name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Clients that are not revoked, the newest first.
    pub clients: Vec<ClientSummary>,
    /// Whether there are more of them.
    pub has_more_clients: bool,
    /// Organizations that are not archived, by name.
    pub organizations: Vec<OrganizationChoice>,
    /// Whether there are more of them.
    pub has_more_organizations: bool,
}
