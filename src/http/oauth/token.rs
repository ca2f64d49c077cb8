//! `POST /oauth/token` (RFC 6749 §3.2).

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::answer;
use super::credentials;
use super::error::Refusal;
use super::form::Received;
use super::state::OAuthState;
use crate::service::TokenRequest;

/// A successful answer (RFC 6749 §5.1), in the order consumers know.
#[derive(Serialize)]
struct Issued<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    scope: &'a str,
    created_at: i64,
}

/// Trades a client's credentials for a token.
pub async fn issue(Extract(state): Extract<OAuthState>, request: Request) -> Response {
    answer::answer(&state, trade(&state, request).await)
}

async fn trade(state: &OAuthState, request: Request) -> Result<Vec<u8>, Refusal> {
    let (parts, body) = request.into_parts();
    let origin = answer::origin(state, &parts)?;
    let received = Received::whole(&parts, body).await?;
    let form = received.form()?;
    let grant_type = form
        .get("grant_type")
        .ok_or(Refusal::unreadable("The parameter grant_type is missing."))?;
    let credentials = credentials::client(&form)?;
    let asked = TokenRequest {
        grant_type,
        scope: form.get("scope"),
    };
    let issued = state
        .tokens
        .issue_token(&origin, &credentials, asked)
        .await?;
    answer::json(&Issued {
        access_token: issued.token.expose(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: &issued.scope,
        created_at: issued.created_at,
    })
}
