//! What the OAuth endpoints share: the origin of a request, and responses as JSON.

use std::net::SocketAddr;

use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::super::headers::ResponseHeaders;
use super::super::peer;
use super::error::OAuthError;
use super::state::OAuthState;
use crate::domain::host::Authority;
use crate::service::RequestOrigin;

/// The host that a request names.
pub(super) fn host(parts: &Parts) -> Result<Authority<'_>, OAuthError> {
    peer::authority(&parts.uri, &parts.headers).map_err(|_| {
        OAuthError::invalid_request(
            "The request must have one Host header with a host name or address.",
        )
    })
}

/// The host that a request names and the address of its client. Every endpoint calls this first.
pub(super) fn origin<'a>(
    state: &OAuthState,
    parts: &'a Parts,
    peer: SocketAddr,
) -> Result<RequestOrigin<'a>, OAuthError> {
    Ok(RequestOrigin {
        host: host(parts)?,
        address: Some(peer::address(peer, &parts.headers, &state.proxies)),
    })
}

/// Answers other methods than GET and HEAD at a read-only address: 405.
pub async fn get_only(Extract(state): Extract<OAuthState>) -> Response {
    OAuthError::GetOnly.response(&state.response_headers)
}

/// Answers a request for an endpoint that does not exist: 404.
#[must_use]
pub fn not_found(response_headers: &ResponseHeaders) -> Response {
    OAuthError::NotFound.response(response_headers)
}

/// The response of an endpoint: its JSON, or the error.
pub(super) fn respond(state: &OAuthState, outcome: Result<Vec<u8>, OAuthError>) -> Response {
    match outcome {
        Ok(body) => state.response_headers.json(StatusCode::OK, body),
        Err(error) => error.response(&state.response_headers),
    }
}
