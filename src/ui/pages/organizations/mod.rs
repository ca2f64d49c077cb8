//! The pages of organizations.

pub mod archived;
mod done;
mod fields;
pub mod host;
pub mod list;
pub mod new;
