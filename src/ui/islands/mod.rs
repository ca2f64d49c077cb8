//! What moves in the browser.
//!
//! Pages are the server's markup and work without any of this. An island is a small component that the bundle brings to
//! life, see the loader in `document`. It arrives empty: it reads the server's markup, and mounts what only the browser
//! shows (toasts, questions) at the end of the body. So there is nothing of it that another program could have changed
//! meanwhile, at which hydration would fail. What concerns every page (copying, forms under way, dialogs, keys, theme) listens on
//! the window and looks at the target of an event, so it never walks markup that another program may have changed.

pub mod browser;
pub mod connection;
pub mod copy;
pub mod dialogs;
pub mod downloads;
pub mod fetch;
pub mod filters;
pub mod forms;
pub mod keyboard;
pub mod live;
pub mod load_page;
pub mod palette;
pub mod picks;
pub mod switches;
pub mod theme;
pub mod times;
pub mod toasts;

/// Starts what concerns every page.
pub fn start() {
    toasts::provide();
    connection::listen();
    copy::listen();
    forms::listen();
    keyboard::listen();
    palette::listen();
    picks::listen();
    theme::listen();
    dialogs::start();
    browser::take_page_address();
    browser::forget_notices();
    times::follow();
    live::follow();
}

/// Says on the root element that the page is live.
pub fn say_live() {
    browser::set_root_attribute("data-live", Some(""));
}
