//! Topics: the kinds of events, grouped for people.

use crate::domain::event::Event;

/// What events are about. A kind belongs to the topic of its beginning, so a new kind has one by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// API clients themselves.
    Clients,
    /// Permissions of clients.
    Permissions,
    /// Secrets of clients.
    Secrets,
    /// Tokens.
    Tokens,
    /// Organizations.
    Organizations,
    /// Participants.
    Participants,
    /// Signing in and out.
    SignIns,
    /// Administrators.
    Administrators,
    /// Everything else, such as the audit log itself.
    Server,
}

impl Topic {
    /// Every topic, in the order in which they are offered.
    pub const EVERY: [Self; 9] = [
        Self::Clients,
        Self::Permissions,
        Self::Secrets,
        Self::Tokens,
        Self::Organizations,
        Self::Participants,
        Self::SignIns,
        Self::Administrators,
        Self::Server,
    ];

    /// The topic's word in addresses and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Permissions => "permissions",
            Self::Secrets => "secrets",
            Self::Tokens => "tokens",
            Self::Organizations => "organizations",
            Self::Participants => "participants",
            Self::SignIns => "sign-ins",
            Self::Administrators => "administrators",
            Self::Server => "server",
        }
    }

    /// The topic of a kind.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        match kind.split_once('.').unwrap_or((kind, "")) {
            ("client" | "clients", _) => Self::Clients,
            ("permissions", _) => Self::Permissions,
            ("secret", _) => Self::Secrets,
            ("token" | "tokens", _) => Self::Tokens,
            ("organization", _) => Self::Organizations,
            ("participant", _) => Self::Participants,
            ("admin", act) if act.starts_with("sign") => Self::SignIns,
            ("admin", _) => Self::Administrators,
            _ => Self::Server,
        }
    }

    /// The kinds of this topic that this version writes.
    pub fn kinds(self) -> impl Iterator<Item = &'static str> {
        Event::KINDS
            .iter()
            .copied()
            .filter(move |kind| Self::of_kind(kind) == self)
    }
}

/// What was done: anything of a topic, or events of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Anything of a topic.
    Topic(Topic),
    /// Events of this kind.
    Kind(&'static str),
}

impl Action {
    /// Parses the word of a topic, or a kind that this version writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let topic = Topic::EVERY
            .into_iter()
            .find(|topic| topic.as_str() == text);
        let kind = || Event::KINDS.iter().find(|kind| **kind == text);
        topic
            .map(Self::Topic)
            .or_else(|| kind().map(|kind| Self::Kind(kind)))
    }

    /// What [`Self::parse`] parses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Topic(topic) => topic.as_str(),
            Self::Kind(kind) => kind,
        }
    }

    /// The kinds that are meant.
    #[must_use]
    pub fn kinds(self) -> Vec<&'static str> {
        match self {
            Self::Topic(topic) => topic.kinds().collect(),
            Self::Kind(kind) => vec![kind],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_topic_and_every_topic_a_kind() {
        let all = Topic::EVERY.into_iter().flat_map(Topic::kinds).count();
        assert_eq!(all, Event::KINDS.len());
        for topic in Topic::EVERY {
            assert!(topic.kinds().next().is_some(), "{topic:?}");
            assert_eq!(Action::parse(topic.as_str()), Some(Action::Topic(topic)));
        }
        for kind in Event::KINDS {
            assert_eq!(Action::parse(kind), Some(Action::Kind(kind)));
        }
        assert_eq!(Action::parse("client.knighted"), None);
    }

    #[test]
    fn signing_in_is_a_topic_of_its_own() {
        assert_eq!(
            Action::Topic(Topic::SignIns).kinds(),
            [
                "admin.signed_in",
                "admin.sign_in_failed",
                "admin.signed_out"
            ]
        );
    }
}
