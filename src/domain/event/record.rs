//! Records of the audit log: the event, and who did it to what, and when.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::domain::Time;
use crate::domain::client::{Client, ClientId};
use crate::domain::ids::{OrganizationId, ParticipantId, Sequence, Version};
use crate::domain::organization::Organization;
use crate::domain::participant::Participant;

/// The actor. Its text, which is stored, is the variant in lower case and what identifies the actor: `admin:<email>`,
/// `client:<id>`, `shell:<user>`, `visitor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ActorRef {
    /// An administrator.
    Admin {
        /// The email address.
        email: String,
    },
    /// An API client.
    Client {
        /// Its id.
        id: ClientId,
    },
    /// A user with a shell on the server.
    Shell {
        /// The login name.
        user: String,
    },
    /// A browser that is not signed in.
    Visitor,
    /// An actor of a kind that only a newer version has.
    Unknown(String),
}

/// The target. Its text, which is stored: `client:<id>`, `organization:<id>`, `participant:<id>`, `admin:<email>`,
/// `directory`, `audit-log`, `set-up`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Target {
    /// An API client.
    Client {
        /// Its id.
        id: ClientId,
    },
    /// An organization.
    Organization {
        /// Its id.
        id: OrganizationId,
    },
    /// A participant.
    Participant {
        /// Its id.
        id: ParticipantId,
    },
    /// An administrator.
    Admin {
        /// The email address. Of failed sign-ins also `unknown address` or `several`.
        email: String,
    },
    /// The directory as a whole.
    Directory,
    /// The audit log itself.
    AuditLog,
    /// The first set-up.
    SetUp,
    /// A target of a kind that only a newer version has.
    Unknown(String),
}

/// The subject of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The target.
    pub target: Target,
    /// The organization it concerns.
    pub organization_id: Option<OrganizationId>,
}

/// A record for the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When the act was committed.
    pub at: Time,
    /// The actor.
    pub actor: ActorRef,
    /// The network address of the actor.
    pub address: Option<IpAddr>,
    /// The target.
    pub target: Target,
    /// The organization it concerns.
    pub organization_id: Option<OrganizationId>,
    /// The event.
    pub event: Event,
    /// The directory version of the act; none when it did not change the directory.
    pub version: Option<Version>,
}

/// A record as it is stored in the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number in the log, from 1 and without gaps, in the order of commits.
    pub sequence: Sequence,
    /// The record.
    pub record: Record,
    /// SHA-256 over the hash of the previous record and this record.
    pub hash: [u8; 32],
}

impl ActorRef {
    /// The actor's name for people: of an administrator the email address, of others their text.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Admin { email } => email.clone(),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for ActorRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin { email } => write!(formatter, "admin:{email}"),
            Self::Client { id } => write!(formatter, "client:{id}"),
            Self::Shell { user } => write!(formatter, "shell:{user}"),
            Self::Visitor => formatter.write_str("visitor"),
            Self::Unknown(text) => formatter.write_str(text),
        }
    }
}

impl From<String> for ActorRef {
    fn from(text: String) -> Self {
        let found = match text.split_once(':') {
            Some(("admin", email)) => Some(Self::Admin {
                email: email.to_owned(),
            }),
            Some(("client", id)) => ClientId::parse(id).ok().map(|id| Self::Client { id }),
            Some(("shell", user)) => Some(Self::Shell {
                user: user.to_owned(),
            }),
            None if text == "visitor" => Some(Self::Visitor),
            _ => None,
        };
        found.unwrap_or(Self::Unknown(text))
    }
}

impl From<ActorRef> for String {
    fn from(actor: ActorRef) -> Self {
        actor.to_string()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client { id } => write!(formatter, "client:{id}"),
            Self::Organization { id } => write!(formatter, "organization:{id}"),
            Self::Participant { id } => write!(formatter, "participant:{id}"),
            Self::Admin { email } => write!(formatter, "admin:{email}"),
            Self::Directory => formatter.write_str("directory"),
            Self::AuditLog => formatter.write_str("audit-log"),
            Self::SetUp => formatter.write_str("set-up"),
            Self::Unknown(text) => formatter.write_str(text),
        }
    }
}

impl From<String> for Target {
    fn from(text: String) -> Self {
        let found = match text.split_once(':') {
            Some(("client", id)) => ClientId::parse(id).ok().map(|id| Self::Client { id }),
            Some(("organization", id)) => exactly(id).map(|id| Self::Organization { id }),
            Some(("participant", id)) => exactly(id).map(|id| Self::Participant { id }),
            Some(("admin", email)) => Some(Self::Admin {
                email: email.to_owned(),
            }),
            None if text == "directory" => Some(Self::Directory),
            None if text == "audit-log" => Some(Self::AuditLog),
            None if text == "set-up" => Some(Self::SetUp),
            _ => None,
        };
        found.unwrap_or(Self::Unknown(text))
    }
}

/// An id that is written as it is read, so that the text stays the same.
fn exactly<I: FromStr + ToString>(text: &str) -> Option<I> {
    let id: I = text.parse().ok()?;
    (id.to_string() == text).then_some(id)
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl From<Target> for Subject {
    fn from(target: Target) -> Self {
        Self {
            target,
            organization_id: None,
        }
    }
}

impl From<&Client> for Subject {
    fn from(client: &Client) -> Self {
        Self {
            target: Target::Client {
                id: client.id.clone(),
            },
            organization_id: client.organization_id,
        }
    }
}

impl From<&Organization> for Subject {
    fn from(organization: &Organization) -> Self {
        let id = organization.id;
        Self {
            target: Target::Organization { id },
            organization_id: Some(id),
        }
    }
}

impl From<&Participant> for Subject {
    fn from(participant: &Participant) -> Self {
        Self {
            target: Target::Participant { id: participant.id },
            organization_id: Some(participant.organization_id),
        }
    }
}

impl Target {
    /// The administrator with this email address.
    #[must_use]
    pub fn admin(email: &str) -> Self {
        Self::Admin {
            email: email.to_owned(),
        }
    }
}
