//! The pages, each under the name of its address.

pub mod clients;
pub mod not_found;
pub mod organizations;
pub mod setup;
pub mod sign_in;
