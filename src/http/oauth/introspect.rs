//! `POST /oauth/introspect` (RFC 7662).

use axum::extract::{Request, State as Extract};
use axum::response::Response;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::credentials;
use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::response;
use super::state::OAuthState;
use crate::domain::ids::OrganizationId;
use crate::domain::secret::Secret;
use crate::service::{Introspection, LiveToken};

/// The response for a live token (RFC 7662 §2.2). Members keep the order that existing consumers expect.
#[derive(Serialize, ToSchema)]
pub(super) struct ActiveToken<'a> {
    active: bool,
    scope: &'a str,
    client_id: &'a str,
    token_type: &'static str,
    iat: i64,
    exp: i64,
    sub: &'a str,
    aud: &'a str,
    iss: &'a str,
    jti: String,
    #[serde(serialize_with = "permissions")]
    #[schema(value_type = Vec<String>)]
    permissions: &'a LiveToken,
    #[schema(value_type = Option<i64>, required)]
    organization_id: Option<OrganizationId>,
}

/// The response for every other token.
const INACTIVE: &[u8] = br#"{"active":false}"#;

/// Handles an introspection request.
pub async fn introspect(Extract(state): Extract<OAuthState>, request: Request) -> Response {
    response::respond(&state, introspection(&state, request).await)
}

async fn introspection(state: &OAuthState, request: Request) -> Result<Vec<u8>, OAuthError> {
    let (parts, body) = request.into_parts();
    let origin = response::origin(state, &parts)?;
    let received = ReceivedRequest::receive(&parts, body).await?;
    let form = received.form()?;
    let caller = credentials::caller(&form)?;
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    match state
        .tokens
        .introspect(&origin, &caller, token.as_ref())
        .await?
    {
        Introspection::Inactive => Ok(INACTIVE.to_vec()),
        Introspection::Active(token) => response::json(&active(&token)),
    }
}

fn active(token: &LiveToken) -> ActiveToken<'_> {
    ActiveToken {
        active: true,
        scope: &token.scope,
        client_id: token.client_id(),
        token_type: "Bearer",
        iat: token.issued_at,
        exp: token.expires_at,
        sub: token.client_id(),
        aud: &token.audience,
        iss: &token.issuer,
        jti: token.id.to_string(),
        permissions: token,
        organization_id: token.organization_id(),
    }
}

fn permissions<S: Serializer>(token: &LiveToken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(token.permissions())
}
