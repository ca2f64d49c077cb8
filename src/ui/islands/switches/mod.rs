//! The switches of the permissions page, saved as they move, and the filter, applied while it is filled in.
//!
//! The rows are the server's markup: with hundreds of them, a view of each would make the bundle and the page heavy. The
//! island listens on the form, keeps what is wanted in [`wishes`], and writes states into the rows by hand. It renders
//! nothing but the question before a grant of high risk. Once it is alive it says so on the form.

pub mod filter;
pub mod group;
pub mod wishes;

mod contents;
mod failures;
mod learning;
mod live;
mod live_filter;
mod question;
mod row;
mod sheet;

use leptos::prelude::*;
use web_sys::Document;

use std::cell::Cell;

use live::Live;
use question::GrantDialog;

thread_local! {
    /// The switches of this page, for what other parts of the page learn of them.
    static LIVE: Cell<Option<Live>> = const { Cell::new(None) };
}

/// Shows what the client holds, as a newer page says; nothing on a page without live switches. What somebody has moved here
/// and what is not saved yet stays.
pub fn learn(page: &Document) {
    if let Some(live) = LIVE.get() {
        live.learn(page);
    }
}

/// Brings the switches to life.
#[island]
pub fn Switches() -> impl IntoView {
    let live = Live::new();
    Effect::new(move || {
        mount_to_body(move || view! { <GrantDialog live/> });
        live.start();
        LIVE.set(Some(live));
        live_filter::follow(live);
        contents::follow();
    });
}
