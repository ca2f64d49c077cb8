//! What all endpoints begin and end with: whom a request asks, and its answer as JSON.

use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::super::headers::ResponseHeaders;
use super::super::peer;
use super::error::Refusal;
use super::state::OAuthState;
use crate::service::{GrantError, RequestOrigin};

/// Where a request came from, and which host it asks. Every endpoint asks this first.
pub(super) fn origin<'a>(
    state: &OAuthState,
    parts: &'a Parts,
) -> Result<RequestOrigin<'a>, Refusal> {
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
pub(super) fn answer(state: &OAuthState, outcome: Result<Vec<u8>, Refusal>) -> Response {
    match outcome {
        Ok(body) => state.response_headers.json(StatusCode::OK, body),
        Err(refusal) => refusal.answer(&state.response_headers),
    }
}

/// Something as JSON.
pub(super) fn json(body: &impl serde::Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(body).map_err(|_| Refusal::Grant(GrantError::Unavailable))
}
