//! The pages of API clients.

mod filters;
pub mod list;
mod list_query;
