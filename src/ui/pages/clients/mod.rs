//! The pages of API clients.

mod details;
mod filters;
mod head;
pub mod list;
mod list_query;
