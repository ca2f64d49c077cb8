//! `/` focuses the search.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::browser::{find, find_all, focus};

/// Follows the keyboard.
pub fn listen() {
    window_event_listener(ev::keydown, |event| focus_search(&event));
}

/// Focuses the first visible search when `/` is pressed outside of inputs and dialogs.
fn focus_search(event: &KeyboardEvent) {
    let is_plain = event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    if !is_plain || event.default_prevented() || is_typing(event) {
        return;
    }
    if find::<Element>("dialog:modal").is_some() {
        return;
    }
    let Some(body) = document().body() else {
        return;
    };
    let searches = find_all::<HtmlElement>(&body, ".find .input");
    if let Some(input) = searches.iter().find(|input| input.offset_width() > 0) {
        event.prevent_default();
        focus(input);
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target
            .matches("input, select, textarea, [contenteditable]")
            .unwrap_or(false)
    })
}
