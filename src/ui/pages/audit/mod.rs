//! The pages of the audit log.

pub(in crate::ui::pages) mod chain;
pub mod export;
mod filters;
pub mod list;
mod list_query;
