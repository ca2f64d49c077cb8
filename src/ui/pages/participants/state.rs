//! A participant's state, as a shape and words.

use leptos::prelude::*;

use crate::domain::participant::Participant;
use crate::ui::components::notice::Tone;

/// What is shown of a participant's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShownState {
    is_blocked: bool,
    has_password: bool,
}

impl From<&Participant> for ShownState {
    fn from(participant: &Participant) -> Self {
        Self {
            is_blocked: participant.blocked_at.is_some(),
            has_password: participant.has_password,
        }
    }
}

/// Active or blocked, and whether there is no password.
#[component]
pub(super) fn StateBadge(
    /// The state.
    state: ShownState,
) -> impl IntoView {
    let (tone, word) = if state.is_blocked {
        (Tone::Warn, "Blocked")
    } else {
        (Tone::Accent, "Active")
    };
    let password = (!state.has_password).then(|| view! { <span class="hint">"No password"</span> });
    view! {
        <span class="row tight">
            <span class="status" data-tone=tone.as_str()>{word}</span>
            {password}
        </span>
    }
}
