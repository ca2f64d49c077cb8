//! Authentication of clients and administrators, and the throttle of wrong guesses.

pub(in crate::service) mod client_secret;
pub(in crate::service) mod client_state;
pub(in crate::service) mod hash_queue;
pub mod passwords;
pub(in crate::service) mod refusal_reason;
pub(in crate::service) mod refusals;
pub(in crate::service) mod throttle;
pub(in crate::service) mod token_state;
