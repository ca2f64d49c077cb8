//! The OAuth endpoints.
//!
//! ```text
//! consumer ── POST /oauth/token ───────────▶ token.rs       RFC 6749, RFC 8693
//! resource ── POST /oauth/introspect ──────▶ introspect.rs  RFC 7662
//! consumer ── POST /oauth/revoke ──────────▶ revoke.rs      RFC 7009
//! proxy ────── any  /oauth/verify ──────────▶ verify.rs      RFC 6750
//! anybody ─── GET  /.well-known/oauth-… ───▶ metadata.rs    RFC 8414
//!
//! each: form.rs (strict parsing) ▶ credentials.rs (client authentication) ▶ one service call ▶ error.rs
//! ```

pub(crate) mod credentials;
mod endpoint;
mod error;
pub(crate) mod form;
mod grant_parameters;
mod introspect;
pub(crate) mod json;
mod json_writer;
mod media;
mod metadata;
pub mod openapi;
pub(crate) mod parameters;
mod response;
mod revoke;
mod state;
mod token;
mod verify;

pub use endpoint::Endpoint;
pub use metadata::describe;
pub use response::{get_only, not_found};
pub use state::OAuthState;
