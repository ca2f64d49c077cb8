//! `POST /oauth/token` (RFC 6749 §3.2).

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::credentials;
use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::response;
use super::state::OAuthState;
use crate::service::TokenRequest;

/// A successful response (RFC 6749 §5.1). Members keep the order that existing consumers expect.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenResponse<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    scope: &'a str,
    created_at: i64,
}

/// Handles a token request.
pub async fn issue(Extract(state): Extract<OAuthState>, request: Request) -> Response {
    response::respond(&state, access_token(&state, request).await)
}

async fn access_token(state: &OAuthState, request: Request) -> Result<Vec<u8>, OAuthError> {
    let (parts, body) = request.into_parts();
    let origin = response::origin(state, &parts)?;
    let received = ReceivedRequest::receive(&parts, body).await?;
    let form = received.form()?;
    let grant_type = form.get("grant_type").ok_or(OAuthError::invalid_request(
        "The parameter grant_type is missing.",
    ))?;
    let credentials = credentials::client(&form)?;
    let request = TokenRequest {
        grant_type,
        scope: form.get("scope"),
    };
    let issued = state
        .tokens
        .issue_token(&origin, &credentials, request)
        .await?;
    response::json(&TokenResponse {
        access_token: issued.token.expose(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: &issued.scope,
        created_at: issued.created_at,
    })
}
