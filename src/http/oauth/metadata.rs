//! `GET /.well-known/oauth-authorization-server` (RFC 8414).

use axum::extract::{Request, State as Extract};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::OAuthError;
use super::response;
use super::state::OAuthState;
use crate::service::{GrantError, GrantType};

/// The authorization server metadata of one origin: endpoints and grants that are enabled (RFC 8414 §2).
///
/// There are no `response_types_supported`, because nothing here has an authorization endpoint. RFC 8414 §2 calls the
/// field required, and §3.2 wants a list without elements left out: an empty one would claim nothing.
#[derive(Serialize, ToSchema)]
pub(super) struct Metadata<'a> {
    issuer: &'a str,
    token_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    scopes_supported: Vec<&'a str>,
    grant_types_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
}

const METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// Answers with the metadata of the origin that was requested.
pub async fn describe(Extract(state): Extract<OAuthState>, request: Request) -> Response {
    let described = metadata(&state, request).await;
    let is_described = described.is_ok();
    let mut response = response::respond(&state, described);
    if is_described {
        let headers = response.headers_mut();
        headers.remove(header::PRAGMA);
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=60"),
        );
    }
    response
}

async fn metadata(state: &OAuthState, request: Request) -> Result<Vec<u8>, OAuthError> {
    let (parts, _) = request.into_parts();
    let host = response::host(&parts)?;
    let issuer = state.tokens.issuer(&host).await?;
    let metadata = Metadata {
        issuer: &issuer,
        token_endpoint: format!("{issuer}/oauth/token"),
        introspection_endpoint: format!("{issuer}/oauth/introspect"),
        revocation_endpoint: format!("{issuer}/oauth/revoke"),
        scopes_supported: state
            .tokens
            .settings()
            .catalog
            .scopes
            .iter()
            .map(|scope| scope.name.as_str())
            .collect(),
        grant_types_supported: state.tokens.grant_types().map(GrantType::name).collect(),
        token_endpoint_auth_methods_supported: METHODS,
        introspection_endpoint_auth_methods_supported: METHODS,
        revocation_endpoint_auth_methods_supported: METHODS,
    };
    serde_json::to_vec(&metadata).map_err(|_| GrantError::Unavailable.into())
}
