//! `POST /oauth/revoke` (RFC 7009).

use axum::extract;
use axum::http::Extensions;
use axum::response::Response;

use super::credentials;
use super::error::Refusal;
use super::form::Form;
use super::token::json;
use crate::domain::secret::Secret;
use crate::http::{State, peer};
use crate::service::Door;

/// Ends a token of the client that calls.
pub async fn revoke(
    extract::State(state): extract::State<State>,
    extensions: Extensions,
    form: Form,
) -> Result<Response, Refusal> {
    let credentials = credentials::client(&form)?;
    let host = peer::host(&form.headers);
    let door = Door {
        host: &host,
        address: peer::address(&extensions, &form.headers, &state.proxies),
    };
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    state
        .service
        .revoke_token(&door, &credentials, token.as_ref())
        .await?;
    Ok(json(&serde_json::json!({})))
}
