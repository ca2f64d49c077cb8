//! The filter of permissions, applied while it is filled in; it hides rows and never removes them. Only for the browser.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::filter::PermissionFilter;
use super::live::Live;
use crate::domain::address::in_query;
use crate::ui::islands::browser::{announce, around, find, focus, listen};

/// How long typing has to rest before the number of matches is announced.
const TYPING_RESTS: Duration = Duration::from_millis(600);

/// Follows the form of the filter, and applies what was filled in before.
pub fn follow(live: Live) {
    let Some(form) = find::<Element>("#perm-filter") else {
        return;
    };
    listen(&form, "input", move |_| apply(live));
    listen(&form, "change", move |_| apply(live));
    listen(&form, "submit", move |event| {
        event.prevent_default();
        apply(live);
    });
    if let Some(empty) = find::<Element>("#no-match") {
        listen(&empty, "click", move |event| {
            if around::<HtmlElement>(&event, "a").is_some() {
                event.prevent_default();
                clear(live);
            }
        });
    }
    apply(live);
}

/// Clears the fields and the filter; the button that was pressed disappears with it.
fn clear(live: Live) {
    if let Some(all) = find::<HtmlInputElement>("#perm-filter [value=\"all\"]") {
        all.set_checked(true);
    }
    if let Some(text) = find::<HtmlInputElement>("#perm-filter [name=\"filter\"]") {
        text.set_value("");
        focus(&text);
    }
    apply(live);
}

/// Applies the filter of the fields, where it is another than before.
fn apply(live: Live) {
    let value = |selector: &str| find::<HtmlInputElement>(selector).map(|input| input.value());
    let filter = PermissionFilter::new(
        &value("#perm-filter [name=\"filter\"]").unwrap_or_default(),
        &value("#perm-filter [name=\"show\"]:checked").unwrap_or_default(),
    );
    let shown = live.with(|page| {
        if page.filter == filter {
            return None;
        }
        if page.filter.show != filter.show {
            page.sheet.note_positions();
        }
        let shown = page.sheet.apply(&filter);
        page.sheet.paint_buttons(&page.wishes, &filter);
        page.filter = filter.clone();
        Some(shown)
    });
    let Some(shown) = shown.flatten() else { return };
    show_empty(shown == 0 && filter.is_set(), &filter);
    take_address(&filter);
    announce_later(live, filter, shown);
}

fn show_empty(is_empty: bool, filter: &PermissionFilter) {
    let Some(empty) = find::<HtmlElement>("#no-match") else {
        return;
    };
    let write = |selector: &str, text: &str| {
        if let Ok(Some(element)) = empty.query_selector(selector) {
            element.set_text_content(Some(text));
        }
    };
    if is_empty {
        write("h2", &filter.no_match());
        write("p", filter.advice());
    }
    empty.set_hidden(!is_empty);
}

/// Sets the address, so that a reload restores the filter.
fn take_address(filter: &PermissionFilter) {
    let Ok(mut address) = window().location().pathname() else {
        return;
    };
    let mut before = '?';
    let mut push = |name: &str, value: &str| {
        address.push(std::mem::replace(&mut before, '&'));
        address.push_str(name);
        address.push_str(value);
    };
    if filter.is_set() {
        push("filter=", &in_query(&filter.text));
        push("show=", filter.show.as_str());
    }
    // The client that this one is compared with stays.
    if let Some(compared) = find::<HtmlInputElement>("#perm-filter [name=\"compare\"]") {
        push("compare=", &in_query(&compared.value()));
    }
    if let Ok(history) = window().history() {
        // The filter works even if the address cannot be changed.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Announces the number of matches when the filter has not changed for a while.
fn announce_later(live: Live, filter: PermissionFilter, shown: usize) {
    set_timeout(
        move || {
            if live.with(|page| page.filter == filter) == Some(true) {
                announce(&match shown {
                    1 => "1 permission is shown.".to_owned(),
                    _ => format!("{shown} permissions are shown."),
                });
            }
        },
        TYPING_RESTS,
    );
}
