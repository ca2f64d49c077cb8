//! `POST /oauth/revoke` (RFC 7009).

use axum::extract::{Request, State as Extract};
use axum::response::Response;

use super::credentials;
use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::response;
use super::state::OAuthState;
use crate::domain::secret::Secret;

/// Revokes a token that was issued to the calling client.
pub async fn revoke(Extract(state): Extract<OAuthState>, request: Request) -> Response {
    response::respond(&state, revocation(&state, request).await)
}

async fn revocation(state: &OAuthState, request: Request) -> Result<Vec<u8>, OAuthError> {
    let (parts, body) = request.into_parts();
    let origin = response::origin(state, &parts)?;
    let received = ReceivedRequest::receive(&parts, body).await?;
    let form = received.form()?;
    let credentials = credentials::client(&form)?;
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    state
        .tokens
        .revoke_token(&origin, &credentials, token.as_ref())
        .await?;
    Ok(b"{}".to_vec())
}
