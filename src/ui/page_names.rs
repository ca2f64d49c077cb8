//! What pages are called by those who have not read them.

use super::addresses::{
    ACCOUNT, ADMINS, ARCHIVED_ORGANIZATIONS, AUDIT, AUDIT_EXPORT, CATALOG, CHANGE_CLIENTS, CLIENTS,
    FIND, IMPORT_PARTICIPANTS, INVITE_ADMIN, NEW_CLIENT, NEW_ORGANIZATION, NEW_PARTICIPANT,
    ORGANIZATIONS, OVERVIEW, PARTICIPANTS,
};
use crate::domain::client::ID_MAX;
use crate::domain::secret::is_unreserved;

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
        OVERVIEW => "Overview",
        CLIENTS => "API clients",
        NEW_CLIENT => "New client",
        CHANGE_CLIENTS => "the change of several clients",
        ORGANIZATIONS => "Organizations",
        NEW_ORGANIZATION => "Add organization",
        ARCHIVED_ORGANIZATIONS => "Archived organizations",
        CATALOG => "Catalogue",
        PARTICIPANTS => "Participants",
        NEW_PARTICIPANT => "Add participant",
        IMPORT_PARTICIPANTS => "Import participants",
        FIND => "Find",
        AUDIT => "Audit log",
        AUDIT_EXPORT => "Export of the audit log",
        ADMINS => "Administrators",
        INVITE_ADMIN => "Invite administrator",
        ACCOUNT => "Your account",
        _ => return name_of_part(path),
    };
    Some(PageName { words, id: None })
}

/// The same for a page of one client, organization or participant.
fn name_of_part(path: &str) -> Option<PageName> {
    let (list, rest) = [CLIENTS, ORGANIZATIONS, PARTICIPANTS, ADMINS]
        .into_iter()
        .find_map(|list| Some((list, path.strip_prefix(list)?.strip_prefix('/')?)))?;
    let (id, page) = rest.split_once('/').unwrap_or((rest, ""));
    let words = match (list, page) {
        (CLIENTS, "") => "the client",
        (CLIENTS, "permissions") => "the permissions of the client",
        (CLIENTS, "tokens") => "the tokens of the client",
        (CLIENTS, "tokens/revoke") => "the revocation of all tokens of the client",
        (CLIENTS, "activity") => "the activity of the client",
        (CLIENTS, "revoke") => "the revocation of the client",
        (CLIENTS, "rotate") => "the new secret of the client",
        (CLIENTS, page) if page.starts_with("secrets/") => "a secret of the client",
        (ORGANIZATIONS, "") => "organization",
        (ORGANIZATIONS, "host") => "the host of organization",
        (ORGANIZATIONS, "rename") => "the name of organization",
        (ORGANIZATIONS, "archive") => "the archiving of organization",
        (ORGANIZATIONS, "restore") => "the restoring of organization",
        (PARTICIPANTS, "") => "participant",
        (ADMINS, "") => "administrator",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_by_its_address_alone() {
        let name = |address| name_of(address).map(|name| (name.words, name.id));
        let of = |id: &str| Some(id.to_owned());
        for (address, named) in [
            ("/system?range=24h", ("Overview", None)),
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
            ("/system/catalogue", ("Catalogue", None)),
            ("/system/organizations/7", ("organization", of("7"))),
            (
                "/system/organizations/7/host?from=page",
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
            "/system/organizations/7/clients",
            "/system/api-clients/x/y",
        ] {
            assert_eq!(name(address), None, "{address}");
        }
    }
}
