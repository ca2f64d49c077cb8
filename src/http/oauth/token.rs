//! `POST /oauth/token` (RFC 6749 §3.2).

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde::Serialize;

use super::answer;
use super::credentials;
use super::error::Refusal;
use super::form::Received;
use crate::http::State;
use crate::service::GrantError;

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
pub async fn issue(Extract(state): Extract<State>, request: Request) -> Response {
    answer::answer(&state, trade(&state, request).await)
}

async fn trade(state: &State, request: Request) -> Result<Vec<u8>, Refusal> {
    let (parts, body) = request.into_parts();
    let origin = answer::origin(state, &parts)?;
    let received = Received::whole(&parts, body).await?;
    let form = received.form()?;
    let grant = form
        .get("grant_type")
        .ok_or(Refusal::unreadable("The parameter grant_type is missing."))?;
    let credentials = credentials::client(&form)?;
    if grant != "client_credentials" {
        state.service.check_client(&origin, &credentials).await?;
        return Err(GrantError::UnsupportedGrantType.into());
    }
    let issued = state
        .service
        .grant_client_credentials(&origin, &credentials, form.get("scope"))
        .await?;
    answer::json(&Issued {
        access_token: issued.token.expose(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: &issued.scope,
        created_at: issued.created_at,
    })
}
