//! The admin UI: document, route table, pages and server functions.

pub mod addresses;
pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod document;
pub mod pages;
pub mod refused;
pub mod root;
pub mod viewer;
