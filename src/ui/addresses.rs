//! The addresses of the pages.

use crate::domain::address::parameter;
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;

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
pub fn new_client(organization: OrganizationId) -> String {
    format!("{NEW_CLIENT}?organization={organization}")
}

/// The dialog that changes an organization's host.
#[must_use]
pub fn organization_host(organization: OrganizationId) -> String {
    format!("{ORGANIZATIONS}/{organization}/host")
}

/// The page of a list that the raw query asks for. Invalid values count as absent.
#[must_use]
pub fn cursor_in(query: &str) -> Cursor {
    let key = |name: &str| parameter(query, name)?.trim().parse().ok();
    match (key("after"), key("before")) {
        (Some(key), _) => Cursor::After(key),
        (None, Some(key)) => Cursor::Before(key),
        (None, None) => Cursor::First,
    }
}

/// The address of a page of a list, with the parameters that choose what is in it.
#[must_use]
pub fn list_page(path: &str, mut parameters: Vec<String>, cursor: Cursor) -> String {
    match cursor {
        Cursor::First => {}
        Cursor::After(key) => parameters.push(format!("after={key}")),
        Cursor::Before(key) => parameters.push(format!("before={key}")),
    }
    if parameters.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parameters.join("&"))
    }
}
