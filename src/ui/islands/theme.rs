//! Applies a theme when it is chosen, and stores it.

use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use web_sys::{HtmlInputElement, UrlSearchParams};

use super::browser::{around, find_all, set_root_attribute};
use super::fetch;
use crate::ui::api::session::SetTheme;

/// Follows the choice in the account menu.
pub fn listen() {
    window_event_listener(ev::change, |event| {
        let Some(radio) = around::<HtmlInputElement>(&event, "input[name=\"theme\"]") else {
            return;
        };
        let theme = radio.value();
        set_root_attribute("data-theme", (theme != "system").then_some(theme.as_str()));
        // The page of the account has the choice a second time.
        if let Some(body) = document().body() {
            for other in find_all::<HtmlInputElement>(&body, "input[name=\"theme\"]") {
                other.set_checked(other.value() == theme);
            }
        }
        // When it cannot be stored, it holds for this page.
        if let Ok(fields) = UrlSearchParams::new() {
            fields.append("theme", &theme);
            spawn_local(async move { drop(fetch::post::<()>(SetTheme::PATH, &fields).await) });
        }
    });
}
