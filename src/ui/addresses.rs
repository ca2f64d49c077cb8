//! The addresses of the pages.

use crate::domain::address::parameter;
use crate::domain::client::ID_MAX;
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::page::Cursor;
use crate::domain::secret::is_unreserved;

/// The sign-in page.
pub const SIGN_IN: &str = "/system/sign-in";

/// The list of API clients, the start page.
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

/// The list of participants.
pub const PARTICIPANTS: &str = "/system/participants";

/// The form for a new participant.
pub const NEW_PARTICIPANT: &str = "/system/participants/new";

/// The form that imports participants.
pub const IMPORT_PARTICIPANTS: &str = "/system/participants/import";

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

/// What a page is called by those who have not read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageName {
    /// The words.
    pub words: &'static str,
    /// The id of what it shows, if it is of one thing.
    pub id: Option<String>,
}

/// The name of the page at an address. It is made of the address alone, so it tells nobody what the page holds.
#[must_use]
pub fn name_of(address: &str) -> Option<PageName> {
    let (path, _) = address.split_once('?').unwrap_or((address, ""));
    let words = match path {
        CLIENTS => "API clients",
        NEW_CLIENT => "New client",
        CHANGE_CLIENTS => "the change of several clients",
        ORGANIZATIONS => "Organizations",
        NEW_ORGANIZATION => "Add organization",
        ARCHIVED_ORGANIZATIONS => "Archived organizations",
        PARTICIPANTS => "Participants",
        NEW_PARTICIPANT => "Add participant",
        IMPORT_PARTICIPANTS => "Import participants",
        _ => return name_of_part(path),
    };
    Some(PageName { words, id: None })
}

/// The same for a page of one client, organization or participant.
fn name_of_part(path: &str) -> Option<PageName> {
    let (list, rest) = [CLIENTS, ORGANIZATIONS, PARTICIPANTS]
        .into_iter()
        .find_map(|list| Some((list, path.strip_prefix(list)?.strip_prefix('/')?)))?;
    let (id, page) = rest.split_once('/').unwrap_or((rest, ""));
    let words = match (list, page) {
        (CLIENTS, "") => "the client",
        (CLIENTS, "permissions") => "the permissions of the client",
        (CLIENTS, "revoke") => "the revocation of the client",
        (ORGANIZATIONS, "host") => "the host of organization",
        (PARTICIPANTS, "") => "participant",
        (PARTICIPANTS, "block") => "the block of participant",
        _ => return None,
    };
    // Only what an id may have: the address is anybody's.
    let is_id = (1..=ID_MAX).contains(&id.len()) && id.bytes().all(is_unreserved);
    is_id.then(|| PageName {
        words,
        id: Some(id.to_owned()),
    })
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

    #[test]
    fn a_page_is_named_by_its_address_alone() {
        let name = |address| name_of(address).map(|name| (name.words, name.id));
        let of = |id: &str| Some(id.to_owned());
        for (address, named) in [
            ("/system/api-clients?q=x", ("API clients", None)),
            (
                "/system/api-clients/new?organization=1",
                ("New client", None),
            ),
            ("/system/api-clients/id_x", ("the client", of("id_x"))),
            (
                "/system/api-clients/id_x/permissions?show=all",
                ("the permissions of the client", of("id_x")),
            ),
            (
                "/system/organizations/7/host",
                ("the host of organization", of("7")),
            ),
            (
                "/system/participants/new?organization=1",
                ("Add participant", None),
            ),
            ("/system/participants/7?saved", ("participant", of("7"))),
        ] {
            assert_eq!(name(address), Some(named), "{address}");
        }
        for address in [
            "",
            "/system/nothing",
            "/system/api-clients/",
            "/system/api-clients/%3Cb%3E",
            "/system/api-clients/call 0900",
            "/system/organizations/7",
            "/system/api-clients/x/y",
        ] {
            assert_eq!(name(address), None, "{address}");
        }
    }
}
