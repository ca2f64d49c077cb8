//! The use of clients, written where the page shows it as it arrives.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;
use web_sys::Element;

use super::super::browser::{find, find_all, is_selected};
use super::rows;
use crate::domain::view::UseCells;

/// The pause before what was in use is tried again.
const AGAIN: Duration = Duration::from_secs(1);

thread_local! {
    /// What could not be written yet.
    static LEFT: RefCell<Vec<UseCells>> = const { RefCell::new(Vec::new()) };
    static IS_WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Writes what an event says, at once or when a selection has ended. Calls `on_change` whenever the page showed something else.
pub fn write(data: &str, on_change: impl Fn() + Copy + 'static) {
    let Ok(cells) = serde_json::from_str::<Vec<UseCells>>(data) else {
        return;
    };
    LEFT.with_borrow_mut(|left| {
        left.retain(|old| cells.iter().all(|new| new.client != old.client));
    });
    write_each(cells, on_change);
}

fn write_each(cells: Vec<UseCells>, on_change: impl Fn() + Copy + 'static) {
    let mut has_changed = false;
    for cells in cells {
        match write_cells(&cells) {
            Some(is_new) => has_changed |= is_new,
            None => LEFT.with_borrow_mut(|left| left.push(cells)),
        }
    }
    let is_left = LEFT.with_borrow(|left| !left.is_empty());
    if is_left && !IS_WAITING.replace(true) {
        set_timeout(
            move || {
                IS_WAITING.set(false);
                write_each(LEFT.take(), on_change);
            },
            AGAIN,
        );
    }
    if has_changed {
        on_change();
    }
}

/// Whether something was written; none where somebody selects text.
fn write_cells(cells: &UseCells) -> Option<bool> {
    let row = rows::of_client(&cells.client);
    let Some(shown_in) = row.or_else(|| find(".page-head")) else {
        return Some(false);
    };
    let new = [
        ("[data-last-used]", &cells.last_used),
        ("[data-requests]", &cells.requests),
    ];
    let each = || {
        let olds = |(selector, html)| {
            find_all::<Element>(&shown_in, selector)
                .into_iter()
                .map(move |old| (old, html))
        };
        new.into_iter().flat_map(olds)
    };
    if each().any(|(old, _)| is_selected(&old)) {
        return None;
    }
    let mut is_new = false;
    for (old, html) in each() {
        if old.inner_html() != *html {
            old.set_inner_html(html);
            is_new = true;
        }
    }
    Some(is_new)
}
