//! HTTP: parses requests for the service and renders its results; decides nothing itself.
//!
//! [`oauth`] is for programs and holds the token server only. [`console`] is for browsers and holds the console only.

pub mod console;
pub mod headers;
pub mod health;
pub mod oauth;
pub mod peer;
pub mod program_paths;
