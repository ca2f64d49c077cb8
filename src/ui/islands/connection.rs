//! Says on the root element when the browser is offline.

use leptos::ev;
use leptos::prelude::*;

use super::browser::{is_offline, set_root_attribute};

/// Follows the connection.
pub fn listen() {
    let update = || set_root_attribute("data-net", is_offline().then_some("offline"));
    update();
    window_event_listener(ev::online, move |_| update());
    window_event_listener(ev::offline, move |_| update());
}
