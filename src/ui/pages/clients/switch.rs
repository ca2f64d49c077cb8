//! One switch of the permissions page.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::components::permission::SwitchState;

/// How long "Saved" stays.
const SAVED: Duration = Duration::from_secs(2);

/// One switch.
#[derive(Clone, Default)]
pub struct Switch {
    /// Where it stands.
    pub on: ArcRwSignal<bool>,
    /// How far its change has come.
    pub state: ArcRwSignal<SwitchState>,
}

/// Takes "Saved" away after a while, unless something else stands there by then.
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
        SAVED,
    );
}
