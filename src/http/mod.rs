//! The wire: translates between HTTP and the rules, and decides nothing.
//!
//! [`oauth`] is for programs and has the token server alone. [`console`] is for browsers and has the console alone.

pub mod console;
pub mod elsewhere;
pub mod headers;
pub mod health;
pub mod oauth;
pub mod peer;
