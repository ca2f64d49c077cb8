//! The pages of organizations.

pub mod archive;
pub mod archived;
mod costs;
mod done;
mod facts;
mod fields;
pub mod host;
pub mod list;
mod list_query;
pub mod new;
pub mod rename;
pub mod restore;
pub mod show;
