//! Forms under way: a second press sends nothing again, and offline nothing is sent.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, SubmitEvent};

use super::browser::{find_all, is_offline};
use super::downloads;
use super::toasts::{Toast, toaster};

/// How long a form may be under way before its page says so and lets it be sent again.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The toasts about forms, while what they say holds.
#[derive(Clone, Copy)]
struct Said {
    offline: StoredValue<Option<u64>>,
    unanswered: StoredValue<Option<u64>>,
}

/// Follows the forms of the page that post.
pub fn listen() {
    let said = Said {
        offline: StoredValue::new(None),
        unanswered: StoredValue::new(None),
    };
    let toaster = toaster();
    window_event_listener(ev::submit, move |event| submit(&event, said));
    window_event_listener(ev::online, move |_| toaster.dismiss_kept(said.offline));
    // A page from the back-forward cache is as it was left: with its form under way.
    window_event_listener(ev::pageshow, move |_| {
        toaster.dismiss_kept(said.unanswered);
        if let Some(body) = document().body() {
            for form in find_all::<HtmlFormElement>(&body, "form[aria-busy]") {
                rest(&form);
            }
        }
    });
}

fn submit(event: &SubmitEvent, said: Said) {
    let toaster = toaster();
    let Some(form) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    if event.default_prevented() || !form.method().eq_ignore_ascii_case("post") {
        return;
    }
    if form.has_attribute("aria-busy") {
        event.prevent_default();
        return;
    }
    if is_offline() {
        event.prevent_default();
        toaster.dismiss_kept(said.offline);
        let toast = Toast::failure("Not sent").with_text(
            "You are offline. Nothing was changed; try again when the connection returns.",
        );
        said.offline.set_value(Some(toaster.show(toast)));
        return;
    }
    toaster.dismiss_kept(said.offline);
    // The answer is a file, which the browser does not tell the page of.
    if form.has_attribute("data-download") {
        downloads::follow(&form);
        return;
    }
    toaster.dismiss_kept(said.unanswered);
    let _ = form.set_attribute("aria-busy", "true");
    if let Some(button) = submitter(event, &form) {
        let _ = button.set_attribute("aria-busy", "true");
        relabel(&button);
    }
    set_timeout(
        move || {
            if form.is_connected() && form.has_attribute("aria-busy") {
                rest(&form);
                let toast = Toast::failure("No answer yet").with_text(
                    "The server has not answered. What was sent may have been done; sending it again does nothing twice.",
                );
                toaster.dismiss_kept(said.unanswered);
                said.unanswered.set_value(Some(toaster.show(toast)));
            }
        },
        ANSWER_TIMEOUT,
    );
}

/// The button that was pressed, else the form's own.
fn submitter(event: &SubmitEvent, form: &HtmlFormElement) -> Option<HtmlElement> {
    event
        .submitter()
        .or_else(|| find_all(form, "button[data-pending]").into_iter().next())
}

/// Shows that a form is not under way any more.
fn rest(form: &HtmlFormElement) {
    let _ = form.remove_attribute("aria-busy");
    for button in find_all::<HtmlElement>(form, "button[aria-busy]") {
        let _ = button.remove_attribute("aria-busy");
        relabel(&button);
    }
}

/// Exchanges a button's label and the one of `data-pending`.
fn relabel(button: &Element) {
    let label = button.query_selector("span").ok().flatten();
    if let (Some(label), Some(other)) = (label, button.get_attribute("data-pending")) {
        let before = label.text_content().unwrap_or_default();
        label.set_text_content(Some(&other));
        let _ = button.set_attribute("data-pending", &before);
    }
}
