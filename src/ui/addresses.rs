//! The addresses of the pages.

use crate::domain::address::{in_query, parameter};
use crate::domain::ids::{AdminId, OrganizationId, ParticipantId, SecretNumber};
use crate::domain::page::Cursor;
use crate::domain::view::Period;

/// The sign-in page.
pub const SIGN_IN: &str = "/system/sign-in";

/// The overview, the start page.
pub const OVERVIEW: &str = "/system";

/// The list of API clients.
pub const CLIENTS: &str = "/system/api-clients";

/// The form for a new client.
pub const NEW_CLIENT: &str = "/system/api-clients/new";

/// The page before an act on several clients. No client has so short an id.
pub const CHANGE_CLIENTS: &str = "/system/api-clients/do";

/// The list of organizations.
pub const ORGANIZATIONS: &str = "/system/organizations";

/// The dialog that adds an organization.
pub const NEW_ORGANIZATION: &str = "/system/organizations/new";

/// The list of archived organizations.
pub const ARCHIVED_ORGANIZATIONS: &str = "/system/organizations/archived";

/// The catalogue of scopes and permissions.
pub const CATALOG: &str = "/system/catalogue";

/// The list of participants.
pub const PARTICIPANTS: &str = "/system/participants";

/// The form for a new participant.
pub const NEW_PARTICIPANT: &str = "/system/participants/new";

/// The form that imports participants.
pub const IMPORT_PARTICIPANTS: &str = "/system/participants/import";

/// What programs can ask, for people.
pub const API_GUIDE: &str = "/docs/api";

/// The search of everything.
pub const FIND: &str = "/system/find";

/// The live updates.
pub const LIVE: &str = "/system/live";

/// The files that are being sent, each below it by its key.
pub const TRANSFERS: &str = "/system/transfers";

/// The audit log.
pub const AUDIT: &str = "/system/audit";

/// The form that exports the audit log.
pub const AUDIT_EXPORT: &str = "/system/audit/export";

/// The list of administrators.
pub const ADMINS: &str = "/system/administrators";

/// The dialog that invites an administrator.
pub const INVITE_ADMIN: &str = "/system/administrators/invite";

/// Where a one-time link leads.
pub const INVITATION: &str = "/system/invitation";

/// The account of whoever is signed in.
pub const ACCOUNT: &str = "/system/account";

/// The page that asks for the password again.
pub const CONFIRM: &str = "/system/confirm";

/// A page of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its id and secrets.
    Credentials,
    /// Its permissions.
    Permissions,
    /// Its tokens, and how much it is used.
    Tokens,
    /// What was done to it.
    Activity,
}

/// A client's page.
#[must_use]
pub fn client_page(id: &str, tab: Tab) -> String {
    match tab {
        Tab::Credentials => format!("{CLIENTS}/{id}"),
        Tab::Permissions => format!("{CLIENTS}/{id}/permissions"),
        Tab::Tokens => format!("{CLIENTS}/{id}/tokens"),
        Tab::Activity => format!("{CLIENTS}/{id}/activity"),
    }
}

/// The list of clients that expire soon.
pub const EXPIRING_CLIENTS: &str = "/system/api-clients?status=expiring";

/// The overview with a chart of a period.
#[must_use]
pub fn overview(period: Period) -> String {
    format!("{OVERVIEW}?range={}", period.as_str())
}

/// The dialog that revokes a client. It names the tab it was opened on, to return to it.
#[must_use]
pub fn revoke_client(id: &str, from: Tab) -> String {
    match from {
        Tab::Credentials => format!("{CLIENTS}/{id}/revoke"),
        Tab::Permissions => format!("{CLIENTS}/{id}/revoke?from=permissions"),
        Tab::Tokens => format!("{CLIENTS}/{id}/revoke?from=tokens"),
        Tab::Activity => format!("{CLIENTS}/{id}/revoke?from=activity"),
    }
}

/// The dialog that revokes every token of a client.
#[must_use]
pub fn revoke_tokens(id: &str) -> String {
    format!("{CLIENTS}/{id}/tokens/revoke")
}

/// The dialog that gives a client a new secret.
#[must_use]
pub fn rotate_secret(id: &str) -> String {
    format!("{CLIENTS}/{id}/rotate")
}

/// The dialog about one secret of a client.
#[must_use]
pub fn secret_page(id: &str, number: SecretNumber) -> String {
    format!("{CLIENTS}/{id}/secrets/{number}")
}

/// The form for a new client of this organization.
#[must_use]
pub fn new_client(organization: OrganizationId) -> String {
    format!("{NEW_CLIENT}?organization={organization}")
}

/// An organization's page.
#[must_use]
pub fn organization_page(organization: OrganizationId) -> String {
    format!("{ORGANIZATIONS}/{organization}")
}

/// What can be done with an organization in a dialog over its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationAct {
    /// Changing its host.
    Host,
    /// Giving it another name.
    Rename,
    /// Archiving it.
    Archive,
    /// Restoring it.
    Restore,
}

/// The dialog over an organization's page.
#[must_use]
pub fn organization_dialog(organization: OrganizationId, act: OrganizationAct) -> String {
    let page = organization_page(organization);
    match act {
        OrganizationAct::Host => format!("{page}/host?from={FROM_PAGE}"),
        OrganizationAct::Rename => format!("{page}/rename"),
        OrganizationAct::Archive => format!("{page}/archive"),
        OrganizationAct::Restore => format!("{page}/restore"),
    }
}

/// What the address of a dialog says that was opened on the page of what it changes, not on the list.
pub const FROM_PAGE: &str = "page";

/// The dialog that changes an organization's host, over the list.
#[must_use]
pub fn organization_host(organization: OrganizationId) -> String {
    format!("{ORGANIZATIONS}/{organization}/host")
}

/// The page with the notice of what was done: the organization's, or the list.
#[must_use]
pub fn organization_done(from: &str, organization: OrganizationId, done: &str) -> String {
    if from == FROM_PAGE {
        format!("{}?{done}", organization_page(organization))
    } else {
        format!("{ORGANIZATIONS}?{done}={organization}")
    }
}

/// The clients of an organization.
#[must_use]
pub fn clients_of(organization: OrganizationId) -> String {
    format!("{CLIENTS}?organization={organization}")
}

/// The clients that have a scope.
#[must_use]
pub fn clients_with_scope(scope: &str) -> String {
    format!("{CLIENTS}?scope={}", in_query(scope))
}

/// The clients that hold a permission.
#[must_use]
pub fn clients_with_permission(permission: &str) -> String {
    format!("{CLIENTS}?permission={}", in_query(permission))
}

/// A client's permissions beside those of another client.
#[must_use]
pub fn compared_permissions(id: &str, other: &str) -> String {
    format!("{CLIENTS}/{id}/permissions?compare={}", in_query(other))
}

/// A page about participants, for an organization.
#[must_use]
pub fn of_organization(page: &str, organization: OrganizationId) -> String {
    format!("{page}?organization={organization}")
}

/// A participant's page.
#[must_use]
pub fn participant_page(id: ParticipantId) -> String {
    format!("{PARTICIPANTS}/{id}")
}

/// The dialog that blocks a participant.
#[must_use]
pub fn block_participant(id: ParticipantId) -> String {
    format!("{PARTICIPANTS}/{id}/block")
}

/// An administrator's page.
#[must_use]
pub fn admin_page(id: AdminId) -> String {
    format!("{ADMINS}/{id}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_client_has_the_address_of_another_page() {
        for page in [NEW_CLIENT, CHANGE_CLIENTS] {
            let id = page.strip_prefix(CLIENTS).unwrap().trim_start_matches('/');
            assert!(crate::domain::client::ClientId::parse(id).is_err(), "{id}");
        }
    }
}
