//! Applies a theme when it is chosen, and stores it.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::browser::{around, set_root_attribute};
use crate::ui::api::session::set_theme;

/// Follows the choice in the account menu.
pub fn listen() {
    window_event_listener(ev::change, |event| {
        let Some(radio) = around::<HtmlInputElement>(&event, "input[name=\"theme\"]") else {
            return;
        };
        let theme = radio.value();
        set_root_attribute("data-theme", (theme != "system").then_some(theme.as_str()));
        // When it cannot be stored, it holds for this page.
        spawn_local(async move { drop(set_theme(theme).await) });
    });
}
