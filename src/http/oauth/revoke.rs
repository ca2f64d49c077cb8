//! `POST /oauth/revoke` (RFC 7009).

use std::net::SocketAddr;

use axum::body::{Bytes, HttpBody};
use axum::http::request::Parts;

use super::credentials;
use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::response;
use super::state::OAuthState;
use crate::domain::secret::Secret;

/// Revokes a token that was issued to the calling client.
pub(super) async fn revoke<B>(
    state: &OAuthState,
    parts: &Parts,
    body: B,
    peer: SocketAddr,
) -> Result<Vec<u8>, OAuthError>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let origin = response::origin(state, parts, peer)?;
    let received = ReceivedRequest::receive(parts, body).await?;
    let form = received.form()?;
    let credentials = credentials::client(&form)?;
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    state
        .tokens
        .revoke_token(&origin, &credentials, token.as_ref())
        .await?;
    Ok(b"{}".to_vec())
}
