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
mod live;
mod live_filter;
mod question;
mod row;
mod sheet;

use leptos::prelude::*;

use live::Live;
use question::GrantDialog;

/// Brings the switches to life.
#[island]
pub fn Switches() -> impl IntoView {
    let live = Live::new();
    Effect::new(move || {
        mount_to_body(move || view! { <GrantDialog live/> });
        live.start();
        live_filter::follow(live);
        contents::follow();
    });
}
