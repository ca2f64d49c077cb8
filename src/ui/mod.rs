//! What a browser sees: the document, the route table, the pages and the server functions behind them.

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
