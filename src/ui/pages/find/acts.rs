//! Pages and acts by name, and what can be done with a client.

use crate::domain::client::{Client, Lifecycle};
use crate::domain::rights::Right;
use crate::domain::scope::SYSTEM;
use crate::ui::addresses::{
    ACCOUNT, ADMINS, ARCHIVED_ORGANIZATIONS, AUDIT, AUDIT_EXPORT, CATALOG, CLIENTS,
    IMPORT_PARTICIPANTS, INVITE_ADMIN, NEW_CLIENT, NEW_ORGANIZATION, NEW_PARTICIPANT,
    ORGANIZATIONS, OVERVIEW, PARTICIPANTS, Tab, client_page, revoke_client, rotate_secret,
};

/// A page, or the page of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination {
    /// What it is called.
    pub name: &'static str,
    /// Other words that people look for it by.
    also: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// The right without which it is not offered.
    pub right: Right,
}

/// Every page and act that needs no client.
const DESTINATIONS: &[Destination] = &[
    page("Overview", "start home attention", OVERVIEW, "overview"),
    page("API clients", "keys credentials list", CLIENTS, "key"),
    page("Organizations", "tenants hosts list", ORGANIZATIONS, "org"),
    page("Participants", "people users", PARTICIPANTS, "user"),
    page(
        "Catalogue",
        "scopes permissions holders",
        CATALOG,
        "sliders",
    ),
    Destination {
        right: Right::ReadAuditLog,
        ..page("Audit log", "history events changes", AUDIT, "audit")
    },
    Destination {
        right: Right::ReadAdmins,
        ..page("Administrators", "roles invitations", ADMINS, "lock")
    },
    page("Your account", "password sessions theme", ACCOUNT, "user"),
    page(
        "Archived organizations",
        "restore",
        ARCHIVED_ORGANIZATIONS,
        "org",
    ),
    page(
        "OAuth endpoints",
        "api reference openapi documentation",
        "/docs/api",
        "info",
    ),
    act(
        "New client",
        "create add api key",
        NEW_CLIENT,
        Right::ChangeClients,
    ),
    act(
        "Add organization",
        "create new tenant",
        NEW_ORGANIZATION,
        Right::ChangeOrganizations,
    ),
    act(
        "Add participant",
        "create new user",
        NEW_PARTICIPANT,
        Right::ChangeParticipants,
    ),
    act(
        "Import participants",
        "csv upload",
        IMPORT_PARTICIPANTS,
        Right::ChangeParticipants,
    ),
    act(
        "Invite administrator",
        "create add new",
        INVITE_ADMIN,
        Right::ManageAdmins,
    ),
    Destination {
        icon: "download",
        ..act(
            "Export the audit log",
            "csv ndjson download",
            AUDIT_EXPORT,
            Right::ReadAuditLog,
        )
    },
];

const fn page(
    name: &'static str,
    also: &'static str,
    href: &'static str,
    icon: &'static str,
) -> Destination {
    Destination {
        name,
        also,
        href,
        icon,
        right: Right::ReadDirectory,
    }
}

const fn act(
    name: &'static str,
    also: &'static str,
    href: &'static str,
    right: Right,
) -> Destination {
    Destination {
        name,
        also,
        href,
        icon: "plus",
        right,
    }
}

/// The destinations that words name: each word is the beginning of one of theirs. Without words all.
pub fn destinations(words: &str) -> impl Iterator<Item = &'static Destination> {
    let terms: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    DESTINATIONS.iter().filter(move |destination| {
        let named = format!("{} {}", destination.name, destination.also).to_lowercase();
        terms
            .iter()
            .all(|term| named.split(' ').any(|word| word.starts_with(term.as_str())))
    })
}

/// What can be done with a client, by a verb before its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAct {
    /// Looks at its permissions.
    Permissions,
    /// Looks at its tokens and how much it is used.
    Tokens,
    /// Looks at what was done to it.
    Activity,
    /// Gives it a new secret.
    Rotate,
    /// Switches it off.
    Suspend,
    /// Switches it on again.
    Resume,
    /// Revokes it.
    Revoke,
}

/// The fewest letters of a verb.
pub(super) const SHORTEST_VERB: usize = 3;

impl ClientAct {
    const EVERY: [Self; 7] = [
        Self::Permissions,
        Self::Tokens,
        Self::Activity,
        Self::Rotate,
        Self::Suspend,
        Self::Resume,
        Self::Revoke,
    ];

    /// The act that begins a text, and the rest of it: "revoke sync" means the client "sync". None without a rest.
    #[must_use]
    pub fn split(text: &str) -> Option<ActQuery<'_>> {
        let (verb, client) = text.trim().split_once(char::is_whitespace)?;
        let verb = verb.to_lowercase();
        let act = Self::EVERY
            .into_iter()
            .find(|act| verb.len() >= SHORTEST_VERB && act.verb().starts_with(&verb))?;
        let client = client.trim();
        Some(ActQuery { act, client })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::Tokens => "tokens",
            Self::Activity => "activity",
            Self::Rotate => "rotate",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
        }
    }

    /// The words before a client's name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Permissions => "Permissions of ",
            Self::Tokens => "Tokens of ",
            Self::Activity => "Activity of ",
            Self::Rotate => "New secret for ",
            Self::Suspend => "Suspend ",
            Self::Resume => "Resume ",
            Self::Revoke => "Revoke ",
        }
    }

    /// The icon.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Permissions => "sliders",
            Self::Tokens => "token",
            Self::Activity => "audit",
            Self::Rotate => "key",
            Self::Suspend => "lock",
            Self::Resume => "retry",
            Self::Revoke => "ban",
        }
    }

    /// The right without which it is not offered for a client: more is needed for one with the scope `system`, except to
    /// suspend it.
    #[must_use]
    pub fn right(self, client: &Client) -> Right {
        let is_system = client.scopes.iter().any(|scope| scope.as_str() == SYSTEM);
        match self {
            Self::Permissions | Self::Tokens | Self::Activity => Right::ReadDirectory,
            Self::Rotate | Self::Resume | Self::Revoke if is_system => Right::ChangeSystemClients,
            Self::Rotate | Self::Suspend | Self::Resume | Self::Revoke => Right::ChangeClients,
        }
    }

    /// Whether it can be done with a client as it is now.
    #[must_use]
    pub fn fits(self, client: &Client) -> bool {
        match (self, &client.lifecycle) {
            (
                Self::Rotate | Self::Suspend | Self::Resume | Self::Revoke,
                Lifecycle::Revoked { .. },
            ) => false,
            (Self::Suspend, Lifecycle::Live { suspended_at, .. }) => suspended_at.is_none(),
            (Self::Resume, Lifecycle::Live { suspended_at, .. }) => suspended_at.is_some(),
            _ => true,
        }
    }

    /// The page where it is done.
    #[must_use]
    pub fn href(self, id: &str) -> String {
        match self {
            Self::Permissions => client_page(id, Tab::Permissions),
            Self::Tokens => client_page(id, Tab::Tokens),
            Self::Activity => client_page(id, Tab::Activity),
            Self::Rotate => rotate_secret(id),
            Self::Suspend | Self::Resume => {
                format!("{}#suspension", client_page(id, Tab::Credentials))
            }
            Self::Revoke => revoke_client(id, Tab::Credentials),
        }
    }
}

/// An act and the words that name its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActQuery<'a> {
    /// The act.
    pub act: ClientAct,
    /// The words for the client.
    pub client: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_acts_are_found_by_the_beginnings_of_words() {
        let names = |words| {
            destinations(words)
                .map(|found| found.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("new cl"), ["New client"]);
        assert_eq!(
            names("CREATE"),
            [
                "New client",
                "Add organization",
                "Add participant",
                "Invite administrator"
            ]
        );
        assert_eq!(
            names("csv"),
            ["Import participants", "Export the audit log"]
        );
        assert_eq!(names("audit"), ["Audit log", "Export the audit log"]);
        assert_eq!(names("").len(), DESTINATIONS.len());
        assert!(names("nothing of the kind").is_empty());
    }

    #[test]
    fn a_verb_before_a_name_is_an_act() {
        let split = |text| ClientAct::split(text).map(|query| (query.act, query.client));
        assert_eq!(
            split("revoke data sync"),
            Some((ClientAct::Revoke, "data sync"))
        );
        assert_eq!(
            split(" Perm  sync "),
            Some((ClientAct::Permissions, "sync"))
        );
        for act in ClientAct::EVERY {
            let text = format!("{} sync", &act.verb()[..SHORTEST_VERB]);
            let query = ClientAct::split(&text).unwrap();
            assert_eq!((query.act, query.client), (act, "sync"), "{text}");
        }
        for text in ["", "revoke", "re sync", "sync revoke", "revoked sync"] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
