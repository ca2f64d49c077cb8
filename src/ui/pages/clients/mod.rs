//! The pages of API clients.

mod answer;
pub mod bulk;
mod bulk_done;
mod bulk_fields;
mod bulk_rows;
mod details;
mod env_file;
pub mod export;
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
mod row;
mod samples;
mod secrets;
mod section;
mod sections;
pub mod show;
mod table;
