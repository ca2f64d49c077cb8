//! The pages, named after their addresses.

pub mod account;
pub mod admins;
pub mod api_reference;
pub mod audit;
pub mod catalog;
pub mod clients;
pub mod confirm;
pub mod find;
pub mod live;
pub mod not_found;
pub mod organizations;
pub mod overview;
pub mod participants;
pub mod setup;
pub mod sign_in;
