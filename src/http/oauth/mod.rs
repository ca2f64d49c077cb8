//! The OAuth endpoints.
//!
//! ```text
//! consumer ── POST /oauth/token ───────────▶ token.rs       RFC 6749 §4.4
//! resource ── POST /oauth/introspect ──────▶ introspect.rs  RFC 7662
//! consumer ── POST /oauth/revoke ──────────▶ revoke.rs      RFC 7009
//! proxy ────── any  /oauth/verify ──────────▶ verify.rs      RFC 6750
//! anybody ─── GET  /.well-known/oauth-… ───▶ metadata.rs    RFC 8414
//!
//! each: form.rs (strict parsing) ▶ credentials.rs (client authentication) ▶ one service call ▶ error.rs
//! ```

use axum::Router;
use axum::routing::any;

pub(crate) mod credentials;
mod error;
pub(crate) mod form;
mod introspect;
pub(crate) mod json;
mod media;
mod metadata;
pub(crate) mod parameters;
mod response;
mod revoke;
mod state;
mod token;
mod verify;

pub use metadata::describe;
pub use response::{get_only, not_found};
pub use state::OAuthState;

/// The routes.
pub fn router() -> Router<OAuthState> {
    Router::new()
        .route("/oauth/token", any(token::issue))
        .route("/oauth/introspect", any(introspect::introspect))
        .route("/oauth/revoke", any(revoke::revoke))
        .route("/oauth/verify", any(verify::verify))
        // A wildcard matches no empty rest.
        .route("/oauth/verify/", any(verify::verify))
        .route("/oauth/verify/{*path}", any(verify::verify))
}
