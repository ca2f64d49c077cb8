//! `/` focuses the search.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, Storage};

use super::browser::{around, find, find_all, focus, set_root_attribute};

/// Where the choice of an administrator is kept, in this browser.
const OFF: &str = "claviger-no-shortcuts";

/// The switches for it.
const CHOICE: &str = "[data-shortcuts]";

/// Follows the keyboard, and the switch of the account menu: a key alone must be one that can be turned off (WCAG 2.1.4).
pub fn listen() {
    window_event_listener(ev::keydown, |event| focus_search(&event));
    show_choice();
    window_event_listener(ev::change, |event| {
        let choice = around::<HtmlInputElement>(&event, CHOICE);
        if let (Some(choice), Some(storage)) = (choice, storage()) {
            // Where nothing can be kept, the key stays as it is.
            let _ = if choice.checked() {
                storage.remove_item(OFF)
            } else {
                storage.set_item(OFF, "")
            };
            show_choice();
        }
    });
}

/// Shows the choice on every switch for it (one is in the account menu, and the page of the account has another), and for the
/// styles on the root element.
fn show_choice() {
    let Some(body) = document().body() else {
        return;
    };
    for choice in find_all::<HtmlInputElement>(&body, CHOICE) {
        choice.set_checked(!is_off());
    }
    set_root_attribute("data-shortcuts", is_off().then_some("off"));
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn is_off() -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(OFF), Ok(Some(_))))
}

/// Focuses the first visible search when `/` is pressed outside of inputs and dialogs.
fn focus_search(event: &KeyboardEvent) {
    let is_plain = event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    if !is_plain || event.default_prevented() || is_typing(event) || is_off() {
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
