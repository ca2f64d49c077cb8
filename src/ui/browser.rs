//! What pages ask of the browser around them.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Whether this is the browser's build. The framework answers that from the thread's reactive owner, and where there
/// is none, as on a thread that goes on with another's request, it takes the server for a browser.
pub const IN_BROWSER: bool = cfg!(target_family = "wasm");

/// The address of a dialog that was closed: the link that leads there gets the focus back.
#[derive(Clone, Copy)]
pub struct ReturnFocus(pub StoredValue<Option<String>>);

/// Whether the browser knows that it has no connection. Only for event handlers and effects.
#[must_use]
pub fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// Moves the focus to what has this id, once the page has settled.
pub fn focus_id(id: &'static str) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // Where it cannot go, it stays.
            let _ = element.focus();
        }
    });
}
