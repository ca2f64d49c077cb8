//! The pages of API clients.

mod answer;
mod details;
mod env_file;
mod fields;
mod filters;
mod head;
mod last_use;
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
mod waiting;
