//! The rules of administrators, for pages and for the command line.

pub mod actor;
pub(in crate::service) mod admins;
pub(in crate::service) mod change;
pub(in crate::service) mod clients;
pub(in crate::service) mod demo;
pub(in crate::service) mod failed_sign_ins;
pub(in crate::service) mod housekeeping;
pub(in crate::service) mod organizations;
pub(in crate::service) mod permissions;
pub(in crate::service) mod secrets;
pub(in crate::service) mod sessions;
pub(in crate::service) mod setup;
