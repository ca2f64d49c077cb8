//! Makes the dialog of a page modal, and returns the focus to the link that opened it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlDialogElement, HtmlElement};

use super::browser::{find, focus};

/// Where the address of the last dialog is kept until the page below is shown.
const OPENED: &str = "claviger-dialog";

/// Shows the page's dialog as a modal one. On a page without, gives the focus back to the link to the dialog before.
pub fn show_modal() {
    let storage = window().session_storage().ok().flatten();
    let Some(dialog) = find::<HtmlDialogElement>("dialog[open][data-close]") else {
        let Some(storage) = storage else { return };
        let opened = storage.get_item(OPENED).ok().flatten();
        let _ = storage.remove_item(OPENED);
        let link =
            opened.and_then(|path| find::<HtmlElement>(&format!("#main a[href=\"{path}\"]")));
        if let Some(link) = link {
            focus(&link);
        }
        return;
    };
    if let (Some(storage), Ok(path)) = (storage, window().location().pathname()) {
        // Without storage the focus starts at the top of the page below.
        let _ = storage.set_item(OPENED, &path);
    }
    // `showModal` fails on an open dialog; `close` would fire a close event.
    let _ = dialog.remove_attribute("open");
    let _ = dialog.show_modal();
    let below = dialog.get_attribute("data-close").unwrap_or_default();
    let leave = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        event.prevent_default();
        let _ = window().location().set_href(&below);
    });
    // A cancel event does not bubble, so the window does not hear it.
    let _ = dialog.add_event_listener_with_callback("cancel", leave.as_ref().unchecked_ref());
    leave.forget();
}
