//! Buttons with `data-copy` copy that text.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement};

use super::browser::{announce, around, find_all};

/// How long a button shows "Copied".
const COPIED: Duration = Duration::from_secs(2);

/// Follows the buttons of the page.
pub fn listen() {
    window_event_listener(ev::click, |event| {
        if let Some(button) = around::<HtmlElement>(&event, "[data-copy]") {
            let text = button.get_attribute("data-copy").unwrap_or_default();
            copy(&text, button);
        }
    });
}

/// Copies a text; where the browser denies access to the clipboard, selects it instead.
fn copy(text: &str, button: HtmlElement) {
    if !window().is_secure_context() {
        select_beside(&button);
        return;
    }
    let copied = button.clone();
    let written = Closure::once(move |_: JsValue| {
        let _ = copied.set_attribute("data-state", "copied");
        announce("Copied.");
        set_timeout(
            move || {
                let _ = copied.remove_attribute("data-state");
            },
            COPIED,
        );
    });
    let refused = Closure::once(move |_: JsValue| select_beside(&button));
    let _ = window()
        .navigator()
        .clipboard()
        .write_text(text)
        .then2(&written, &refused);
    // The browser calls exactly one of them, after this function has returned.
    written.forget();
    refused.forget();
}

/// Selects the value that the button is about, so that a key copies it.
fn select_beside(button: &Element) {
    let around = |selector| button.closest(selector).ok().flatten();
    let value = match around(".code") {
        Some(card) => find_all::<HtmlElement>(&card, "pre")
            .into_iter()
            .find(|block| block.offset_width() > 0)
            .map(Element::from),
        None => {
            around(".id, .row").and_then(|row| row.query_selector("code, .value").ok().flatten())
        }
    };
    let selection = window().get_selection().ok().flatten();
    if let (Some(value), Some(selection)) = (value, selection) {
        // Without a selection, the text can still be read.
        let _ = selection.select_all_children(&value);
        announce("Selected. The browser does not let this page copy it.");
    }
}
