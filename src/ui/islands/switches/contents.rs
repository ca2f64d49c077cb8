//! The table of contents: marks the section that is being read. Only for the browser.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::super::browser::{find, find_all};

/// Follows the scrolling of the page, at most once a frame.
pub fn follow() {
    let Some(contents) = find::<HtmlElement>("#contents") else {
        return;
    };
    let is_due = Rc::new(Cell::new(false));
    window_event_listener(ev::scroll, move |_| {
        if !is_due.replace(true) {
            let (is_due, contents) = (is_due.clone(), contents.clone());
            request_animation_frame(move || {
                is_due.set(false);
                mark(&contents);
            });
        }
    });
}

/// Marks the last section that begins in the upper third of the window.
fn mark(contents: &HtmlElement) {
    let height = window().inner_height().ok();
    let height = height
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let entries: Vec<HtmlElement> = find_all(contents, "a");
    let begins_above = |entry: &&HtmlElement| {
        let href = entry.get_attribute("href").unwrap_or_default();
        let section = document().get_element_by_id(href.trim_start_matches('#'));
        let bounds = section.map(|section| section.get_bounding_client_rect());
        bounds.is_some_and(|bounds| bounds.height() > 0.0 && bounds.top() < height / 3.0)
    };
    let Some(current) = entries.iter().rev().find(begins_above) else {
        return;
    };
    if current.has_attribute("aria-current") {
        return;
    }
    for entry in &entries {
        let _ = entry.remove_attribute("aria-current");
    }
    let _ = current.set_attribute("aria-current", "true");
    // The list scrolls by itself, so that the current section is never out of its sight.
    contents.set_scroll_top(current.offset_top() - contents.client_height() / 2);
}
