//! The filters of a list, applied while they are filled in: the form `#filters`, of the list in `#results`.
//!
//! The list is loaded as the page that the form itself leads to, and what differs is taken from it. The form stays, with
//! its focus and caret. When anything is unexpected, the browser loads that page.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use web_sys::{Document, Element, Event, FormData, HtmlFormElement, UrlSearchParams};

use super::browser::{announce, around, find, find_all, has_changed_field};
use super::live;
use super::load_page::load_page;
use super::picks;
use super::toasts::{Toast, toaster};

/// The pause in typing after which the list is loaded.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// What is taken from the loaded page; what this page does not have is left out.
const PARTS: [&str; 3] = ["#results", "#statuses", "#export"];

/// Loads the list again when a filter changes. It shows nothing itself.
#[island]
pub fn LiveFilters() -> impl IntoView {
    Effect::new(follow_form);
}

/// The requests for a list.
#[derive(Clone, Copy)]
struct Loading {
    /// The number of the newest one, so that late answers are dropped.
    newest: StoredValue<u32>,
    /// The toast about one that failed.
    failure: StoredValue<Option<u64>>,
}

fn follow_form() {
    let Some(form) = find::<HtmlFormElement>("#filters") else {
        return;
    };
    let loading = Loading {
        newest: StoredValue::new(0),
        failure: StoredValue::new(None),
    };
    let shown = StoredValue::new(address(&form));
    let apply = move || {
        let Some(form) = find::<HtmlFormElement>("#filters") else {
            return;
        };
        let wanted = address(&form);
        if shown.get_value() != wanted {
            shown.set_value(wanted.clone());
            load(wanted, loading);
        }
    };
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let is_filter = |event: &Event| around::<Element>(event, "#filters").is_some();
    window_event_listener(ev::input, move |event| {
        if is_filter(&event) {
            if let Some(waiting) = typing.get_value() {
                waiting.clear();
            }
            typing.set_value(set_timeout_with_handle(apply, DEBOUNCE).ok());
        }
    });
    window_event_listener(ev::change, move |event| {
        if is_filter(&event) {
            apply();
        }
    });
    window_event_listener(ev::submit, move |event| {
        if is_filter(&event) {
            event.prevent_default();
            apply();
        }
    });
    // From now on nobody has to press the form's button.
    let _ = form.set_attribute("data-live", "");
    // What was filled in before the page was live.
    let query = window().location().search().unwrap_or_default();
    let is_first_page = !query.contains("after=") && !query.contains("before=");
    let here = window().location().pathname().unwrap_or_default() + &query;
    if is_first_page && here != shown.get_value() && has_changed_field(&form, |_| true) {
        load(shown.get_value(), loading);
    }
}

/// The address that the form leads to, without its empty fields.
fn address(form: &HtmlFormElement) -> String {
    let path = form.get_attribute("action").unwrap_or_default();
    let (Ok(data), Ok(query)) = (FormData::new_with_form(form), UrlSearchParams::new()) else {
        return path;
    };
    for field in find_all::<Element>(form, "[name]") {
        let name = field.get_attribute("name").unwrap_or_default();
        let value = data.get(&name).as_string().unwrap_or_default();
        let value = value.trim();
        if !value.is_empty() {
            query.append(&name, value);
        }
    }
    let query = String::from(query.to_string());
    if query.is_empty() {
        path
    } else {
        path + "?" + &query
    }
}

fn load(address: String, loading: Loading) {
    let Loading { newest, failure } = loading;
    newest.update_value(|newest| *newest += 1);
    let ticket = newest.get_value();
    spawn_local(async move {
        let loaded = load_page(&address).await;
        if newest.try_get_value() != Some(ticket) {
            return;
        }
        // What was said of an earlier one holds no longer.
        toaster().dismiss_kept(failure);
        match loaded {
            Ok(Some(page)) if take_over(&page) => {
                if let Ok(history) = window().history() {
                    // When that fails, reloading shows the list as it was.
                    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
                }
                announce(&summary());
            }
            // Another page, such as sign-in.
            Ok(_) => drop(window().location().set_href(&address)),
            Err(_) => {
                let retry = Callback::new(move |()| load(address.clone(), loading));
                let toast = Toast::failure("The list was not loaded")
                    .with_text("The server did not answer. The list is as it was.")
                    .with_retry(retry);
                failure.set_value(Some(toaster().show(toast)));
            }
        }
    });
}

/// Shows the parts of a loaded page; false when it does not have them all.
fn take_over(page: &Document) -> bool {
    let olds = PARTS
        .into_iter()
        .filter_map(|part| Some((find::<Element>(part)?, part)));
    let pairs = olds.map(|(old, part)| {
        let new = page.query_selector(part).ok().flatten()?;
        Some((old, new))
    });
    let Some(pairs) = pairs.collect::<Option<Vec<_>>>() else {
        return false;
    };
    // What is chosen stays so while it is shown.
    let ticked = picks::ticked();
    for (old, new) in pairs {
        old.set_inner_html(&new.inner_html());
    }
    picks::tick(&ticked);
    live::follow_rows();
    true
}

/// What the list says of itself: how many rows, or that there is none.
fn summary() -> String {
    find::<Element>("#results .pager span, #results h2")
        .and_then(|line| line.text_content())
        .unwrap_or_default()
}
