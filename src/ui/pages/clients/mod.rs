//! The pages of API clients.

mod answer;
mod compare;
mod copy_form;
mod details;
mod env_file;
mod fields;
mod filters;
mod head;
pub mod list;
mod list_query;
pub mod new;
mod participants;
mod permission_filter;
pub mod permissions;
mod request;
pub mod revoke;
mod samples;
mod secrets;
mod section;
mod sections;
pub mod show;
