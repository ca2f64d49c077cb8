//! The pages of API clients.

mod filters;
#[path = "head_stub.rs"]
mod head;
pub mod list;
mod list_query;
mod permission_filter;
pub mod permissions;
mod section;
mod sections;
