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

use std::sync::Arc;

use axum::Router;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::any;

use super::headers::ResponseHeaders;
use super::peer::{self, Proxies};
use crate::service::{RequestOrigin, TokenServer};
use error::Refusal;

pub(crate) mod credentials;
mod error;
pub(crate) mod form;
mod introspect;
pub(crate) mod json;
mod media;
mod metadata;
mod revoke;
mod token;

pub use metadata::describe;

/// What the handlers of the OAuth endpoints get: no rule of the console can be named with it.
#[derive(Clone, Debug)]
pub struct OAuthState {
    /// The rules of these endpoints.
    pub tokens: TokenServer,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<Proxies>,
    /// The headers of answers.
    pub response_headers: Arc<ResponseHeaders>,
}

/// The routes.
pub fn router() -> Router<OAuthState> {
    Router::new()
        .route("/oauth/token", any(token::issue))
        .route("/oauth/introspect", any(introspect::introspect))
        .route("/oauth/revoke", any(revoke::revoke))
}

/// Where a request came from, and which host it asks. Every endpoint asks this first.
fn origin<'a>(state: &OAuthState, parts: &'a Parts) -> Result<RequestOrigin<'a>, Refusal> {
    const INVALID_HOST: Refusal =
        Refusal::unreadable("The request must have one Host header with a host name or address.");
    Ok(RequestOrigin {
        host: peer::authority(&parts.uri, &parts.headers).map_err(|_| INVALID_HOST)?,
        address: peer::address(&parts.extensions, &parts.headers, &state.proxies),
    })
}

/// Answers whoever asks an address that only tells something to do something.
pub async fn get_only(Extract(state): Extract<OAuthState>) -> Response {
    Refusal::GetOnly.answer(&state.response_headers)
}

/// Answers whoever asks for an endpoint that there is not.
#[must_use]
pub fn not_found(response_headers: &ResponseHeaders) -> Response {
    Refusal::NotFound.answer(response_headers)
}

/// The answer of an endpoint: its JSON, or why not.
fn answer(state: &OAuthState, outcome: Result<Vec<u8>, Refusal>) -> Response {
    match outcome {
        Ok(body) => state.response_headers.json(StatusCode::OK, body),
        Err(refusal) => refusal.answer(&state.response_headers),
    }
}

/// Something as JSON.
fn json(body: &impl serde::Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(body).map_err(|_| Refusal::Grant(crate::service::GrantError::Unavailable))
}
