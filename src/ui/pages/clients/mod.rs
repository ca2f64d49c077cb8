//! The pages of API clients.

pub mod addressed;
pub mod details;
pub mod env_file;
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
mod revoked_notice;
pub mod samples;
pub mod secrets;
pub mod section;
pub mod sections;
pub mod show;
pub mod switch;
pub mod switch_queue;
