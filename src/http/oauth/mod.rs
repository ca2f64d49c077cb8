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

use axum::routing::{MethodRouter, any};

pub(crate) mod credentials;
mod error;
pub(crate) mod form;
mod grant_parameters;
mod introspect;
pub(crate) mod json;
mod media;
mod metadata;
pub mod openapi;
pub(crate) mod parameters;
mod response;
mod revoke;
mod state;
mod token;
mod verify;

pub use metadata::describe;
pub use response::{get_only, not_found};
pub use state::OAuthState;

/// The endpoints: the path of each, and what answers it.
#[must_use]
pub fn endpoints() -> Vec<(&'static str, MethodRouter<OAuthState>)> {
    vec![
        ("/oauth/token", any(token::issue)),
        ("/oauth/introspect", any(introspect::introspect)),
        ("/oauth/revoke", any(revoke::revoke)),
        ("/oauth/verify", any(verify::verify)),
        // A wildcard matches no empty rest.
        ("/oauth/verify/", any(verify::verify)),
        ("/oauth/verify/{*path}", any(verify::verify)),
    ]
}
