//! The pages of the audit log.

mod chain;
pub mod export;
mod filters;
pub mod list;
mod list_query;
