//! The palette: Ctrl-K or Cmd-K finds any client, organization, page or act from every page.
//!
//! The dialog is in the server's markup and closed; what it shows is the part `#found` of the page that its form leads to.
//! The focus moves through the links themselves, so Enter, a middle click and assistive technology do what they do with
//! any link.

use std::time::Duration;

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::browser::{around, find, find_all, focus, listen as listen_to};
use super::load_page::load_page;
use crate::domain::address::in_query;
use crate::ui::addresses::FIND;

/// The pause in typing after which is searched.
const DEBOUNCE: Duration = Duration::from_millis(120);

/// Follows the keyboard, and the links that lead to the search of everything.
pub fn listen() {
    let newest = StoredValue::new(0_u32);
    window_event_listener(ev::keydown, move |event| {
        let is_palette = (event.ctrl_key() || event.meta_key())
            && !event.alt_key()
            && !event.shift_key()
            && event.key().eq_ignore_ascii_case("k");
        if is_palette && open(newest) {
            event.prevent_default();
        }
    });
    window_event_listener(ev::click, move |event| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if is_plain && around::<Element>(&event, "[data-palette]").is_some() && open(newest) {
            event.prevent_default();
        }
    });
}

/// Opens the palette; false on a page without one, and over another dialog.
fn open(newest: StoredValue<u32>) -> bool {
    let Some(dialog) = find::<HtmlDialogElement>("#palette") else {
        return false;
    };
    if dialog.open() {
        dialog.close();
        return true;
    }
    if find::<Element>("dialog:modal").is_some() || dialog.show_modal().is_err() {
        return false;
    }
    if !dialog.has_attribute("data-live") {
        let _ = dialog.set_attribute("data-live", "");
        follow(&dialog, newest);
    }
    if let Some(input) = field() {
        input.select();
        focus(&input);
        search(&input.value(), newest);
    }
    true
}

fn follow(dialog: &HtmlDialogElement, newest: StoredValue<u32>) {
    let typing = StoredValue::new(None::<TimeoutHandle>);
    listen_to(dialog, "input", move |_| {
        if let Some(waiting) = typing.get_value() {
            waiting.clear();
        }
        let act = move || {
            if let Some(input) = field() {
                search(&input.value(), newest);
            }
        };
        typing.set_value(set_timeout_with_handle(act, DEBOUNCE).ok());
    });
    let moved = dialog.clone();
    listen_to(dialog, "keydown", move |event| {
        if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
            step(&moved, &event);
        }
    });
    // A press beside the contents meets the dialog itself.
    let pressed = dialog.clone();
    listen_to(dialog, "click", move |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.id() == "palette") {
            pressed.close();
        }
    });
}

/// Moves the focus with the arrows; Enter in the field follows the first link.
fn step(dialog: &HtmlDialogElement, event: &KeyboardEvent) {
    let links = find_all::<HtmlElement>(dialog, ".found a");
    let here = document().active_element();
    let position = links.iter().position(|link| {
        here.as_ref()
            .is_some_and(|here| here.is_same_node(Some(link)))
    });
    let next = match (event.key().as_str(), position) {
        ("ArrowDown", None) => links.first(),
        ("ArrowDown", Some(position)) => links.get(position + 1),
        ("ArrowUp", Some(position)) if position > 0 => links.get(position - 1),
        ("ArrowUp", Some(_)) => {
            event.prevent_default();
            if let Some(input) = field() {
                focus(&input);
            }
            return;
        }
        ("Enter", None) => {
            if let Some(first) = links.first() {
                event.prevent_default();
                first.click();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(link) = next {
        focus(link);
    }
}

fn field() -> Option<HtmlInputElement> {
    find("#palette input")
}

/// Shows what the words name. When it cannot be loaded, Enter leads to the page that says why.
fn search(words: &str, newest: StoredValue<u32>) {
    newest.update_value(|newest| *newest += 1);
    let ticket = newest.get_value();
    let address = format!("{FIND}?q={}", in_query(words));
    spawn_local(async move {
        let loaded = load_page(&address).await.ok().flatten();
        if newest.try_get_value() != Some(ticket) {
            return;
        }
        let found = loaded.and_then(|page| page.query_selector("#found").ok().flatten());
        if let (Some(shown), Some(found)) = (find::<Element>("#palette .found"), found) {
            shown.set_inner_html(&found.inner_html());
        }
    });
}
