//! The pages of API clients.

mod details;
mod env_file;
mod fields;
mod filters;
mod head;
pub mod list;
mod list_query;
pub mod new;
mod request;
pub mod revoke;
mod samples;
mod secrets;
pub mod show;
