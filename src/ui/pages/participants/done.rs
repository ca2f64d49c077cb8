//! The notices after a change of participants.

use leptos::prelude::*;

use crate::domain::address::parameter;
use crate::domain::participant::Participant;
use crate::ui::components::badges::thousands;
use crate::ui::components::notice::{Notice, Tone};

/// A change of a participant, as the address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParticipantChange {
    /// Added.
    Created,
    /// Nickname, address and name were saved.
    Saved,
    /// The password was set.
    PasswordSet,
    /// Blocked.
    Blocked,
    /// Unblocked.
    Unblocked,
}

impl ParticipantChange {
    /// The change in the query of the address, if the participant still is as it says.
    pub(super) fn in_query(query: &str, participant: &Participant) -> Option<Self> {
        let is_blocked = participant.blocked_at.is_some();
        [
            ("created", Self::Created, true),
            ("saved", Self::Saved, true),
            ("password", Self::PasswordSet, participant.has_password),
            ("blocked", Self::Blocked, is_blocked),
            ("unblocked", Self::Unblocked, !is_blocked),
        ]
        .into_iter()
        .find(|(name, _, holds)| *holds && parameter(query, name).is_some())
        .map(|(_, change, _)| change)
    }
}

/// The notice on the participant's page.
#[component]
pub(super) fn DoneNotice(
    /// The change.
    change: ParticipantChange,
    /// The participant's name.
    name: String,
) -> impl IntoView {
    let (done, rest) = match change {
        ParticipantChange::Created => (" was added.", " Their address counts as confirmed."),
        ParticipantChange::Saved => (" was saved.", ""),
        ParticipantChange::PasswordSet => (
            " has a new password.",
            " Tokens already issued keep working. To end them, block the participant, then unblock.",
        ),
        ParticipantChange::Blocked => (
            " is blocked.",
            " Every token issued for them stopped working at once.",
        ),
        ParticipantChange::Unblocked => (
            " is no longer blocked.",
            " Tokens are issued for them again. Those from before the block do not work again.",
        ),
    };
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong><bdi>{name}</bdi> {done}</strong>
            {rest}
        </Notice>
    }
}

/// How many participants the address says were imported.
pub(super) fn imported(query: &str) -> Option<i64> {
    let imported = parameter(query, "imported")?.parse().ok();
    imported.filter(|number| *number > 0)
}

/// The notice on the list after an import.
#[component]
pub(super) fn ImportedNotice(
    /// How many.
    number: i64,
) -> impl IntoView {
    let sentence = match number {
        1 => "1 participant was imported.".to_owned(),
        _ => format!("{} participants were imported.", thousands(number)),
    };
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong>{sentence}</strong>
        </Notice>
    }
}
