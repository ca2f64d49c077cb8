//! The addresses of the pages.

/// The sign-in page.
pub const SIGN_IN: &str = "/system/sign-in";

/// The list of API clients, the start page.
pub const CLIENTS: &str = "/system/api-clients";

/// The form for a new client.
pub const NEW_CLIENT: &str = "/system/api-clients/new";

/// The list of organizations.
pub const ORGANIZATIONS: &str = "/system/organizations";

/// The dialog that adds an organization.
pub const NEW_ORGANIZATION: &str = "/system/organizations/new";

/// The list of archived organizations.
pub const ARCHIVED_ORGANIZATIONS: &str = "/system/organizations/archived";

/// A page of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its id and secrets.
    Credentials,
    /// Its permissions.
    Permissions,
}

/// A client's page.
#[must_use]
pub fn client_page(id: &str, tab: Tab) -> String {
    match tab {
        Tab::Credentials => format!("{CLIENTS}/{id}"),
        Tab::Permissions => format!("{CLIENTS}/{id}/permissions"),
    }
}

/// The dialog that revokes a client. It names the tab it was opened on, to return to it.
#[must_use]
pub fn revoke_client(id: &str, from: Tab) -> String {
    match from {
        Tab::Credentials => format!("{CLIENTS}/{id}/revoke"),
        Tab::Permissions => format!("{CLIENTS}/{id}/revoke?from=permissions"),
    }
}

/// The form for a new client of this organization.
#[must_use]
pub fn new_client(organization: i64) -> String {
    format!("{NEW_CLIENT}?organization={organization}")
}

/// The dialog that changes an organization's host.
#[must_use]
pub fn organization_host(organization: i64) -> String {
    format!("{ORGANIZATIONS}/{organization}/host")
}
