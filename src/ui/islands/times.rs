//! Relative times go on: "5 min ago" becomes "6 min ago" while a page is looked at. Only for the browser.
//!
//! The clock of the browser may be wrong, so it only says how long ago the server rendered the page. Words are written where
//! they change, and not where somebody reads or types: in dialogs, forms in use, a selection, and live regions.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use web_sys::Element;

use super::browser::{find_all, is_selected, listen};
use crate::ui::components::badges::moment_in_words;
use crate::ui::locale::Locale;

/// How often the words are looked at; they change once a minute at most.
const EVERY: Duration = Duration::from_secs(30);

/// Where nothing is written: questions, and what would be announced.
const FIXED: &str = "dialog, [role=\"status\"], [role=\"alert\"]";

/// Follows the clock, and looks at once when the page is seen again.
pub fn follow() {
    let Some(rendered) = rendered() else { return };
    take_locale();
    let started = seconds_now();
    let last = StoredValue::new(rendered);
    let update = move || {
        let now = rendered + (seconds_now() - started).max(0);
        let before = last.get_value();
        if now > before && !document().hidden() && write(before, now) {
            last.set_value(now);
        }
    };
    // Without a timer, the times change when the page is seen again.
    let _ = set_interval_with_handle(update, EVERY);
    listen(&document(), "visibilitychange", move |_| update());
    window_event_listener(ev::pageshow, move |_| update());
}

/// When the server rendered the page, in seconds since 1970.
fn rendered() -> Option<i64> {
    let root = document().document_element()?;
    root.get_attribute("data-rendered")?.parse().ok()
}

/// Writes numbers and dates as the server did.
fn take_locale() {
    let name = document()
        .document_element()
        .and_then(|root| root.get_attribute("data-locale"));
    if let Some(locale) = name.and_then(|name| Locale::parse(&name)) {
        locale.set_current();
    }
}

fn seconds_now() -> i64 {
    whole_seconds(js_sys::Date::now())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds since 1970 fit, and a moment that cannot be read is 0"
)]
fn whole_seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1_000.0).floor() as i64
}

/// Writes the words that are others than before. What they were is computed and not read, because a translator may have
/// replaced them. False when some are left for later.
fn write(before: i64, now: i64) -> bool {
    let mut is_complete = true;
    let Some(body) = document().body() else {
        return is_complete;
    };
    for element in find_all::<Element>(&body, "time[datetime]:not([data-exact])") {
        let moment = element.get_attribute("datetime").unwrap_or_default();
        let at = whole_seconds(js_sys::Date::parse(&moment));
        let is_inside = element.has_attribute("data-inside");
        let words = moment_in_words(&moment, at, now, is_inside);
        let is_same = words == moment_in_words(&moment, at, before, is_inside);
        if is_same || is_within(&element, FIXED) {
            continue;
        }
        if is_within(&element, "form:focus-within") || is_selected(&element) {
            is_complete = false;
        } else {
            element.set_text_content(Some(&words));
        }
    }
    is_complete
}

fn is_within(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}
