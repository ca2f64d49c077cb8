//! One switch of the permissions page.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::components::permission::SwitchState;

/// How long "Saved" is shown.
const SAVED_DURATION: Duration = Duration::from_secs(2);

/// One switch.
#[derive(Clone, Default)]
pub struct Switch {
    /// Its position.
    pub on: ArcRwSignal<bool>,
    /// Whether the position is saved.
    pub state: ArcRwSignal<SwitchState>,
}

/// Removes "Saved" after [`SAVED_DURATION`], unless the state has changed meanwhile.
pub(super) fn fade(switch: Switch) {
    set_timeout(
        move || {
            if switch
                .state
                .with_untracked(|state| *state == SwitchState::Saved)
            {
                switch.state.set(SwitchState::Settled);
            }
        },
        SAVED_DURATION,
    );
}
