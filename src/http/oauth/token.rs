//! `POST /oauth/token` (RFC 6749 §3.2).

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::credentials;
use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::grant_parameters::{self, ACCESS_TOKEN};
use super::response;
use super::state::OAuthState;
use crate::service::{GrantType, TokenRequest};

/// A successful response (RFC 6749 §5.1). Members keep the order that existing consumers expect.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenResponse<'a> {
    /// The token.
    access_token: &'a str,
    /// `Bearer`.
    token_type: &'static str,
    /// Its lifetime in seconds.
    expires_in: i64,
    /// Its scopes, separated by spaces.
    scope: &'a str,
    /// When it was issued, in Unix seconds.
    created_at: i64,
    /// Of a token exchange (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    issued_token_type: Option<&'static str>,
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
    let grant_type = GrantType::named(grant_type).filter(|known| state.tokens.offers_grant(*known));
    let credentials = credentials::client(&form)?;
    let request = TokenRequest {
        grant: grant_parameters::read(grant_type, &form),
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
        issued_token_type: (grant_type == Some(GrantType::TokenExchange)).then_some(ACCESS_TOKEN),
    })
}
