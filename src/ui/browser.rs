//! Functions of the browser that pages use.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Whether this is the browser's build. The framework's own check uses the thread's reactive owner, and without one, as
/// on a thread that resumes another thread's request, it takes the server for a browser.
pub const IN_BROWSER: bool = cfg!(target_family = "wasm");

/// The address of a closed dialog, whose link gets the focus back.
#[derive(Clone, Copy)]
pub struct ReturnFocus(pub StoredValue<Option<String>>);

/// Whether the browser reports that it is offline. Only for event handlers and effects.
#[must_use]
pub fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// Focuses the element with this id in the next animation frame.
pub fn focus_id(id: &'static str) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // On failure the focus stays.
            let _ = element.focus();
        }
    });
}
