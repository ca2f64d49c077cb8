//! `POST /oauth/introspect` (RFC 7662).

use axum::extract;
use axum::http::Extensions;
use axum::response::Response;
use serde::Serialize;

use super::credentials;
use super::error::Refusal;
use super::form::Form;
use super::token::json;
use crate::domain::secret::Secret;
use crate::http::{State, peer};
use crate::service::{Door, Introspection, LiveToken};

/// What is said of a live token (RFC 7662 §2.2), in the order consumers know.
#[expect(clippy::struct_field_names, reason = "the names are the RFC's")]
#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    scope: String,
    client_id: &'a str,
    token_type: &'static str,
    iat: u64,
    exp: u64,
    sub: &'a str,
    aud: &'a str,
    iss: &'a str,
    jti: String,
    permissions: &'a [String],
    organization_id: Option<i64>,
}

/// What is said of every other token.
#[derive(Serialize)]
struct Inactive {
    active: bool,
}

/// Tells a caller about a token.
pub async fn introspect(
    extract::State(state): extract::State<State>,
    extensions: Extensions,
    form: Form,
) -> Result<Response, Refusal> {
    let caller = credentials::caller(&form)?;
    let host = peer::host(&form.headers);
    let door = Door {
        host: &host,
        address: peer::address(&extensions, &form.headers, &state.proxies),
    };
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    match state
        .service
        .introspect(&door, &caller, token.as_ref())
        .await?
    {
        Introspection::Inactive => Ok(json(&Inactive { active: false })),
        Introspection::Active(token) => Ok(json(&active(&token))),
    }
}

fn active(token: &LiveToken) -> Active<'_> {
    Active {
        active: true,
        scope: token.scopes.join(" "),
        client_id: &token.client_id,
        token_type: "Bearer",
        iat: token.issued_at,
        exp: token.expires_at,
        sub: &token.client_id,
        aud: &token.audience,
        iss: &token.issuer,
        jti: token.id.to_string(),
        permissions: &token.permissions,
        organization_id: token.organization_id,
    }
}
