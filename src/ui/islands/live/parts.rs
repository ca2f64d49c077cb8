//! The parts of a client's page (`components/part.rs`): what others changed is written there, but for the elements the user
//! interacts with (focus, selection, open dialog, hover); updates are deferred there.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;
use web_sys::{Document, Element};

use super::super::browser::find_all;
use super::super::switches;
use super::super::toasts::{Toast, toaster};
use super::in_use::{Anchor, is_in_use, is_kept};
use crate::domain::view::SentUpdate;

/// The parts of a page.
const PARTS: &str = "[data-part]";

/// The pause before what was in use is tried again.
const AGAIN: Duration = Duration::from_millis(700);

/// A part and what is to be written there.
struct DeferredPart {
    part: Element,
    html: String,
}

thread_local! {
    static DEFERRED: RefCell<Vec<DeferredPart>> = const { RefCell::new(Vec::new()) };
    static IS_TIMED: Cell<bool> = const { Cell::new(false) };
}

/// Takes over what differs in a newer page, and says who changed it. Where something typed would be lost, the part stays, and
/// the page says that it is not up to date.
pub fn show(page: &Document, news: &[SentUpdate]) {
    let Some(body) = document().body() else {
        return;
    };
    let mut is_complete = true;
    let mut deferred = Vec::new();
    for part in find_all::<Element>(&body, PARTS) {
        let name = part.get_attribute("data-part").unwrap_or_default();
        let new = page.query_selector(&format!("[data-part=\"{name}\"]"));
        // What the newer page does not have any more is empty.
        let new = new.ok().flatten().map(|new| new.inner_html());
        let html = new.unwrap_or_default();
        if part.inner_html() == html {
            continue;
        }
        if is_kept(&part) {
            is_complete = false;
        } else {
            deferred.push(DeferredPart { part, html });
        }
    }
    DEFERRED.set(deferred);
    write_deferred();
    if document().title() != page.title() {
        document().set_title(&page.title());
    }
    switches::learn(page);
    if let Some(update) = news.iter().find(|update| !update.mine) {
        let toast = Toast::success(format!("{} changed this client", update.by));
        toaster().show(if is_complete {
            toast
        } else {
            toast.with_text(
                "Reload the page to see all of it; what you are working on was left as it is.",
            )
        });
    }
}

/// Writes the parts that the user does not interact with, and tries the others again later.
fn write_deferred() {
    let deferred = DEFERRED.take();
    let (left, free): (Vec<DeferredPart>, Vec<DeferredPart>) = deferred
        .into_iter()
        .filter(|deferred| deferred.part.is_connected())
        .partition(|deferred| is_in_use(&deferred.part) || is_kept(&deferred.part));
    if !free.is_empty() {
        let anchor = Anchor::take();
        for DeferredPart { part, html } in free {
            write(&part, &html);
        }
        anchor.hold();
    }
    let is_left = !left.is_empty();
    DEFERRED.set(left);
    if is_left && !IS_TIMED.replace(true) {
        set_timeout(
            || {
                IS_TIMED.set(false);
                write_deferred();
            },
            AGAIN,
        );
    }
}

/// Writes a part; what was unfolded stays so.
fn write(part: &Element, html: &str) {
    let was_open: Vec<bool> = details(part)
        .iter()
        .map(|details| details.has_attribute("open"))
        .collect();
    part.set_inner_html(html);
    for (details, was_open) in details(part).iter().zip(was_open) {
        // It fails for no valid name.
        let _ = details.toggle_attribute_with_force("open", was_open);
    }
}

fn details(part: &Element) -> Vec<Element> {
    find_all(part, "details")
}
