//! The admin UI: pages, components, server functions, and the islands that make pages move in the browser.
//!
//! The browser's build has the islands, what they are made of, and the calls of server functions. The rest is the
//! server's alone.

pub mod addresses;
pub mod api;
pub mod components;
pub mod islands;
pub mod locale;
pub mod markup;
pub mod numbers;
pub mod plot_scale;

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
mod markers;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod page_names;
#[cfg(feature = "ssr")]
pub mod pages;
