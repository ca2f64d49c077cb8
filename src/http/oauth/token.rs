//! `POST /oauth/token` (RFC 6749 §3.2).

use axum::extract;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::credentials;
use super::error::Refusal;
use super::form::Form;
use crate::http::{State, peer};
use crate::service::{Door, GrantError};

/// A successful answer (RFC 6749 §5.1), in the order consumers know.
#[derive(Serialize)]
struct Issued<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    created_at: i64,
}

/// Trades a client's credentials for a token.
pub async fn issue(
    extract::State(state): extract::State<State>,
    extensions: axum::http::Extensions,
    form: Form,
) -> Result<Response, Refusal> {
    let grant = form
        .get("grant_type")
        .ok_or(Refusal::unreadable("The parameter grant_type is missing."))?;
    let credentials = credentials::client(&form)?;
    let host = peer::host(&form.headers);
    let door = Door {
        host: &host,
        address: peer::address(&extensions, &form.headers, &state.proxies),
    };
    if grant != "client_credentials" {
        state.service.check_client(&door, &credentials).await?;
        return Err(GrantError::UnsupportedGrantType.into());
    }
    let issued = state
        .service
        .grant_client_credentials(&door, &credentials, form.get("scope"))
        .await?;
    Ok(json(&Issued {
        access_token: issued.token.expose(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: issued.scopes.join(" "),
        created_at: issued.created_at,
    }))
}

/// A JSON answer.
pub(super) fn json(body: &impl Serialize) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    match serde_json::to_vec(body) {
        Ok(body) => (StatusCode::OK, headers, body).into_response(),
        Err(_) => Refusal::Grant(GrantError::Unavailable).into_response(),
    }
}
