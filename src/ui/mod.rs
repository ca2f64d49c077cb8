//! What a browser sees: the document, the route table, the pages and the server functions behind them.

pub mod api;
pub mod app;
pub mod components;
pub mod pages;
pub mod refused;
pub mod shell;
