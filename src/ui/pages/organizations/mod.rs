//! The pages of organizations.

pub mod archived;
mod done;
mod fields;
pub mod host;
pub mod list;
mod list_query;
pub mod new;
