//! The pages, named after their addresses.

pub mod api_reference;
pub mod catalog;
pub mod clients;
pub mod not_found;
pub mod organizations;
pub mod participants;
pub mod setup;
pub mod sign_in;
