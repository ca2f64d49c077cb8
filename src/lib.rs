//! Claviger, the key-bearer: hands out API credentials and answers for them.
//!
//! The map of the house. Doors open only downward:
//! `cli → server → ui → http → service → store → domain`; `config` is plain data beside `domain`.
//! Every line that tells the server build from the browser build stands in this file.

// An async view is one type as deep as its markup.
#![recursion_limit = "512"]

/// Whether this is the browser's build. The framework answers that from the thread's reactive owner, and where there
/// is none, as on a thread that goes on with another's request, it takes the server for a browser.
pub const IN_BROWSER: bool = cfg!(target_family = "wasm");

/// Many small short-lived pieces of memory a request: the system's allocator takes a tenth of the time for them.
#[cfg(feature = "ssr")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What things are. Both builds.
pub mod domain;

/// Every setting: flag, variable, default.
#[cfg(feature = "ssr")]
pub mod config;

/// Memory: the only room that speaks SQL.
#[cfg(feature = "ssr")]
pub mod store;

/// What may happen, and in what order.
#[cfg(feature = "ssr")]
pub mod service;

/// The wire: OAuth endpoints, sessions, headers, health.
#[cfg(feature = "ssr")]
pub mod http;

/// What a browser sees. Both builds; not fuzzed, and most of what would have to be compiled.
#[cfg(not(fuzzing))]
pub mod ui;

/// Routes, connections, background jobs: the server, put together.
#[cfg(all(feature = "ssr", not(fuzzing)))]
pub mod server;

/// The command lines.
#[cfg(all(feature = "ssr", not(fuzzing)))]
pub mod cli;

/// What must hold for whatever is sent; for tests and for `make fuzz`.
#[cfg(all(any(test, fuzzing), feature = "ssr"))]
pub mod properties;

/// The browser's way in: takes over the page that the server sent.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::shell::take_address();
    leptos::mount::hydrate_body(ui::app::App);
}
