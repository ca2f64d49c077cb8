//! Claviger: a self-hosted OAuth 2.0 token server with an admin web app.
//!
//! The layers, each of which may use those after it: `cli → server → ui → http → service → store → domain`; `config` is
//! plain data beside `domain`. Every `cfg` that tells the server build from the browser build is in this file and in `ui/mod.rs`.

/// A request makes many small, short-lived allocations; with the system's allocator they take a tenth of its time.
#[cfg(feature = "ssr")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What things are. Both builds.
pub mod domain;

/// Every setting: flag, variable, default.
#[cfg(feature = "ssr")]
pub mod config;

/// The database: the only module that has SQL.
#[cfg(feature = "ssr")]
pub mod store;

/// The rules: what may happen, and in what order.
#[cfg(feature = "ssr")]
pub mod service;

/// HTTP: OAuth endpoints, sessions, headers, health.
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

/// The browser's way in. The loader of a page calls it once, before each island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    ui::islands::start();
}

/// The loader calls it after the last island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn live() {
    ui::islands::say_live();
}
