//! The parts of a sentence about an event.

use crate::domain::Time;

/// An event in words. Its sentence is the actor, `before`, and, where the target is named, `noun`, its name and `after`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSentence {
    /// What the actor did: "suspended".
    pub before: String,
    /// What the target is, such as "client"; none when the sentence does not name it.
    pub noun: Option<&'static str>,
    /// What follows the name of the target, or nothing.
    pub after: String,
    /// What was changed, and other facts.
    pub details: Vec<Detail>,
}

/// A detail of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Something that was added, such as a permission.
    Added(String),
    /// Something that was taken away.
    Removed(String),
    /// A property with its old and its new value; none where there was or is none.
    Changed {
        /// The property.
        name: &'static str,
        /// The value before.
        before: Option<String>,
        /// The value after.
        after: Option<String>,
    },
    /// A fact.
    Fact {
        /// What it says.
        name: &'static str,
        /// Its value.
        value: String,
    },
}

impl EventSentence {
    /// A sentence that the target ends.
    pub(super) fn about(before: impl Into<String>, noun: &'static str) -> Self {
        Self {
            noun: Some(noun),
            ..Self::alone(before)
        }
    }

    /// A sentence that does not name the target.
    pub(super) fn alone(before: impl Into<String>) -> Self {
        Self {
            before: before.into(),
            ..Self::default()
        }
    }

    /// The same sentence with something after the name of the target.
    pub(super) fn and(self, after: impl Into<String>) -> Self {
        Self {
            after: after.into(),
            ..self
        }
    }

    pub(super) fn with(mut self, details: impl IntoIterator<Item = Detail>) -> Self {
        self.details.extend(details);
        self
    }
}

impl Detail {
    pub(super) fn fact(name: &'static str, value: impl Into<String>) -> Self {
        Self::Fact {
            name,
            value: value.into(),
        }
    }

    /// A property, if it was changed.
    pub(super) fn changed(
        name: &'static str,
        before: Option<String>,
        after: Option<String>,
    ) -> Option<Self> {
        (before != after).then_some(Self::Changed {
            name,
            before,
            after,
        })
    }
}

/// A moment, to the minute.
pub(super) fn moment(at: Time) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// A number of things, with the noun of one.
pub(super) fn several(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}
