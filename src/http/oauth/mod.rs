//! The OAuth endpoints.
//!
//! ```text
//! consumer ── POST /oauth/token ───────────▶ token.rs       RFC 6749, RFC 8693
//! resource ── POST /oauth/introspect ──────▶ introspect.rs  RFC 7662
//! consumer ── POST /oauth/revoke ──────────▶ revoke.rs      RFC 7009
//! anybody ─── GET  /.well-known/oauth-… ───▶ metadata.rs    RFC 8414
//!
//! each: form.rs (strict parsing) ▶ credentials.rs (client authentication) ▶ one service call ▶ error.rs
//! ```

use axum::Router;
use axum::routing::any;

pub(crate) mod credentials;
mod error;
pub(crate) mod form;
mod grant_parameters;
mod introspect;
pub(crate) mod json;
mod media;
mod metadata;
pub(crate) mod parameters;
mod response;
mod revoke;
mod state;
mod token;

pub use metadata::describe;
pub use response::{get_only, not_found};
pub use state::OAuthState;

/// The routes.
pub fn router() -> Router<OAuthState> {
    Router::new()
        .route("/oauth/token", any(token::issue))
        .route("/oauth/introspect", any(introspect::introspect))
        .route("/oauth/revoke", any(revoke::revoke))
}
