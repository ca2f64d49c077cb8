//! The pages of API clients.

pub mod details;
pub mod failure;
pub mod fields;
pub mod filters;
pub mod grant_all;
pub mod head;
pub mod list;
pub mod list_query;
pub mod new;
pub mod permission_filter;
pub mod permissions;
pub mod request;
pub mod revoke;
pub mod samples;
pub mod secrets;
pub mod section;
pub mod sections;
pub mod show;
pub mod switch_queue;
