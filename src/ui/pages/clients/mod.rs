//! The pages of API clients.

pub mod activity;
mod answer;
mod details;
mod env_file;
mod fields;
pub(super) mod filters;
mod head;
pub mod list;
mod list_query;
pub mod new;
mod participants;
mod permission_filter;
pub mod permissions;
mod request;
pub mod revoke;
pub mod rotate;
mod samples;
pub mod secret;
mod secrets;
mod section;
mod sections;
pub mod show;
mod suspension;
pub mod tokens;
mod waiting;
