//! The OAuth endpoints.
//!
//! ```text
//! consumer ── POST /oauth/token ───────────▶ token.rs       RFC 6749 §4.4
//! resource ── POST /oauth/introspect ──────▶ introspect.rs  RFC 7662
//! consumer ── POST /oauth/revoke ──────────▶ revoke.rs      RFC 7009
//! anybody ─── GET  /.well-known/oauth-… ───▶ metadata.rs    RFC 8414
//!
//! each: form.rs (read strictly) ▶ credentials.rs (who is it) ▶ one call of the service ▶ error.rs
//! ```

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};

use super::State;

pub(crate) mod credentials;
mod error;
pub(crate) mod form;
mod introspect;
mod metadata;
mod revoke;
mod token;

/// The routes.
pub fn router() -> Router<State> {
    let endpoints = Router::new()
        .route(
            "/oauth/token",
            post(token::issue).fallback(error::method_not_allowed),
        )
        .route(
            "/oauth/introspect",
            post(introspect::introspect).fallback(error::method_not_allowed),
        )
        .route(
            "/oauth/revoke",
            post(revoke::revoke).fallback(error::method_not_allowed),
        )
        .layer(middleware::map_response(not_to_be_stored));
    endpoints.route(
        "/.well-known/oauth-authorization-server",
        get(metadata::describe),
    )
}

/// Tokens and what is said of them stay out of every cache (RFC 6749 §5.1).
async fn not_to_be_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
