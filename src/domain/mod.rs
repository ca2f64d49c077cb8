//! The domain: pure types, parsing, and the rules that need no clock, no disk and no network.
//!
//! Server and browser are built with this module, so a form in the browser and the service make the same checks.

pub mod address;
pub mod admin;
pub mod audit;
pub mod catalog;
pub mod client;
pub mod client_tokens;
pub mod command;
pub mod complaint;
pub mod count;
pub mod csv;
pub mod device;
pub mod error;
pub mod event;
pub mod host;
pub mod ids;
pub mod organization;
pub mod page;
pub mod participant;
pub mod permission;
pub mod problem;
pub mod progress;
pub mod refusal;
pub mod rights;
pub mod role;
pub mod rotation;
pub mod scope;
pub mod secret;
pub mod start;
pub mod text;
pub mod token;
pub mod usage;
pub mod view;
pub mod visible;
pub mod words;

/// A moment, to the microsecond, in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;

/// Whether a moment can be written in RFC 3339, which has years of four digits only.
#[must_use]
pub fn is_writable(at: Time) -> bool {
    chrono::Datelike::year(&at) <= 9999
}
