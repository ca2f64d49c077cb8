//! Acts on several clients at once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Client, ClientId, ClientState, ClientSummary, Lifecycle};
use crate::domain::Time;
use crate::domain::ids::Version;
use crate::domain::usage::ClientUsage;

/// The most clients of one act; a page has fewer.
pub const BULK_MAX: usize = 100;

/// What is done to several clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BulkAct {
    /// They are revoked.
    Revoke,
    /// They are suspended.
    Suspend,
    /// They are resumed.
    Resume,
    /// They get one expiry.
    Expire,
}

impl BulkAct {
    /// Every act, in the order of the page.
    pub const EVERY: [Self; 4] = [Self::Suspend, Self::Resume, Self::Expire, Self::Revoke];

    /// The word in a URL and in a form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Expire => "expire",
        }
    }

    /// Parses the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|act| act.as_str() == text)
    }

    /// Why the act cannot be done to a client, if it cannot.
    #[must_use]
    pub fn obstacle(self, client: &Client) -> Option<Obstacle> {
        match &client.lifecycle {
            Lifecycle::Revoked { at, by } => Some(Obstacle::Revoked {
                at: *at,
                by: by.clone(),
            }),
            Lifecycle::Live { suspended_at, .. } => match (self, suspended_at) {
                (Self::Suspend, Some(since)) => Some(Obstacle::Suspended { since: *since }),
                (Self::Resume, None) => Some(Obstacle::NotSuspended),
                _ => None,
            },
        }
    }
}

/// Why an act cannot be done to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// It is revoked.
    Revoked {
        /// When.
        at: Time,
        /// Who did it.
        by: String,
    },
    /// It is suspended already.
    Suspended {
        /// Since when.
        since: Time,
    },
    /// It is not suspended, so it cannot be resumed.
    NotSuspended,
}

/// A client as somebody saw it. Its text is `<id>:<version>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeenClient {
    /// The id.
    pub id: ClientId,
    /// The version.
    pub version: Version,
}

impl fmt::Display for SeenClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.id, self.version)
    }
}

/// A text is not that of a [`SeenClient`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSeen;

impl fmt::Display for NotSeen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("id:version")
    }
}

impl FromStr for SeenClient {
    type Err = NotSeen;

    fn from_str(text: &str) -> Result<Self, NotSeen> {
        let (id, version) = text.rsplit_once(':').ok_or(NotSeen)?;
        Ok(Self {
            id: ClientId::parse(id).map_err(|_| NotSeen)?,
            version: version.parse().map_err(|_| NotSeen)?,
        })
    }
}

impl TryFrom<String> for SeenClient {
    type Error = NotSeen;

    fn try_from(text: String) -> Result<Self, NotSeen> {
        text.parse()
    }
}

impl From<SeenClient> for String {
    fn from(seen: SeenClient) -> Self {
        seen.to_string()
    }
}

/// An act on several clients, as somebody saw them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChange {
    /// The act.
    pub act: BulkAct,
    /// The clients, each once.
    pub clients: Vec<SeenClient>,
    /// With [`BulkAct::Expire`]: the first moment of the UTC day on which they expire. A client that expires on this day
    /// already keeps its exact moment.
    pub expires_at: Option<Time>,
}

/// What an act would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPreview {
    /// The act.
    pub act: BulkAct,
    /// The clients that it can be done to.
    pub able: Vec<BulkRow>,
    /// The others, each with the reason.
    pub unable: Vec<UnableRow>,
    /// Ids that no client has, as they were asked for.
    pub unknown: Vec<String>,
    /// How many tokens of those that it can be done to were issued and have not expired, at most.
    pub live_tokens: i64,
    /// Tomorrow, the first day on which a client can expire, as `2026-11-24`.
    pub tomorrow: String,
    /// The present moment.
    pub now: Time,
}

/// A client that an act can be done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    /// The client and the name of its organization.
    pub summary: ClientSummary,
    /// Its state at present.
    pub state: ClientState,
    /// Its usage.
    pub usage: ClientUsage,
}

/// A client that an act cannot be done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnableRow {
    /// The client.
    pub row: BulkRow,
    /// Why not.
    pub obstacle: Obstacle,
}

/// An act that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkDone {
    /// The act.
    pub act: BulkAct,
    /// To how many clients.
    pub clients: usize,
}

impl fmt::Display for BulkDone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.act.as_str(), self.clients)
    }
}

impl BulkDone {
    /// Parses the text that an act is kept as.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (act, clients) = text.split_once(' ')?;
        Some(Self {
            act: BulkAct::parse(act)?,
            clients: clients.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seen_client_is_written_and_read() {
        let seen: SeenClient = "id_EQs_hU6Der-Sg3tN:7".parse().unwrap();
        assert_eq!(seen.version, Version(7));
        assert_eq!(seen.to_string(), "id_EQs_hU6Der-Sg3tN:7");
        for text in ["", "id_x", "id_x:", ":7", "id_x:seven", "a:b:7"] {
            assert_eq!(text.parse::<SeenClient>(), Err(NotSeen), "{text}");
        }
    }

    #[test]
    fn an_act_that_was_done_is_written_and_read() {
        let done = BulkDone {
            act: BulkAct::Expire,
            clients: 12,
        };
        assert_eq!(BulkDone::parse(&done.to_string()), Some(done));
        for text in ["", "expire", "expire x", "id_EQs_hU6Der-Sg3tN"] {
            assert_eq!(BulkDone::parse(text), None, "{text}");
        }
    }
}
