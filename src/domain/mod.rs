//! What things are: pure types, parsing, and the rules that need no clock, no disk and no network.
//!
//! Both builds have this room, so a form in the browser and the service behind it make the same checks.

pub mod address;
pub mod admin;
pub mod catalog;
pub mod client;
pub mod count;
pub mod error;
pub mod event;
pub mod host;
pub mod organization;
pub mod page;
pub mod permission;
pub mod scope;
pub mod secret;
pub mod text;
pub mod token;
pub mod usage;
pub mod view;
pub mod visible;

/// A moment, to the microsecond, in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;
