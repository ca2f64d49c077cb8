//! The parts of a sentence about an event.

use crate::domain::Time;

/// An event in words. Its sentence is the actor, `before`, the target if `after` is there, and `after`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What the actor did, up to the name of the target: "suspended client".
    pub before: String,
    /// What follows the name of the target, or nothing; none when the sentence does not name it.
    pub after: Option<String>,
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

impl Told {
    /// A sentence about the target, whose name ends it.
    pub(super) fn about(before: impl Into<String>) -> Self {
        Self::around(before, "")
    }

    /// A sentence with the name of the target inside.
    pub(super) fn around(before: impl Into<String>, after: impl Into<String>) -> Self {
        Self {
            before: before.into(),
            after: Some(after.into()),
            details: Vec::new(),
        }
    }

    /// A sentence that does not name the target.
    pub(super) fn alone(before: impl Into<String>) -> Self {
        Self {
            before: before.into(),
            after: None,
            details: Vec::new(),
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
