//! `POST /oauth/introspect` (RFC 7662).

use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

use super::credentials;
use super::error::OAuthError;
use super::form::Form;
use super::json_writer::JsonObject;
use super::state::OAuthState;
use crate::domain::Time;
use crate::domain::ids::OrganizationId;
use crate::domain::participant::{Extra, Participant};
use crate::domain::secret::Secret;
use crate::service::{Introspection, LiveToken, RequestOrigin};

/// The response for a live token (RFC 7662 §2.2). Members keep the order that existing consumers expect.
#[derive(ToSchema)]
pub(super) struct ActiveToken<'a> {
    /// Always true here.
    active: bool,
    /// Its scopes, separated by spaces.
    scope: &'a str,
    /// The client that it was issued to.
    client_id: &'a str,
    /// `Bearer`.
    token_type: &'static str,
    /// When it was issued, in Unix seconds.
    iat: i64,
    /// When it ends, in Unix seconds.
    exp: i64,
    /// On whose behalf it acts: the client's id, or `participant:` and a number.
    sub: Cow<'a, str>,
    /// Whom it is for: the organization's host, or the issuer.
    aud: &'a str,
    /// Who issued it.
    iss: &'a str,
    /// Its id.
    jti: String,
    /// What its client may do now, within its scopes.
    #[schema(value_type = Vec<String>)]
    permissions: &'a LiveToken,
    /// The organization of its client.
    #[schema(value_type = Option<i64>, required)]
    organization_id: Option<OrganizationId>,
    /// The participant's nickname.
    #[schema(nullable = false)]
    username: Option<&'a str>,
    /// Who acts on behalf of the subject (RFC 8693 §4.1).
    #[schema(nullable = false)]
    act: Option<Acting<'a>>,
    #[schema(nullable = false)]
    resource: Option<Resource<'a>>,
}

#[derive(Serialize, ToSchema)]
struct Acting<'a> {
    sub: &'a str,
}

/// The participant of a token, in the shape that existing consumers expect.
#[derive(Serialize, ToSchema)]
struct Resource<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: Attributes<'a>,
    relationships: Nothing,
    meta: Meta,
}

#[derive(Serialize, ToSchema)]
struct Attributes<'a> {
    email: &'a str,
    name: &'a str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// Participants have neither here; the members are there because consumers look for them.
    #[schema(required)]
    personal_url: Option<&'static str>,
    #[schema(required)]
    locale: Option<&'static str>,
    #[schema(value_type = Object)]
    extra: &'a Extra,
}

#[derive(Serialize, ToSchema)]
struct Nothing {}

/// Of a live token both are false.
#[derive(Serialize, ToSchema)]
struct Meta {
    blocked: bool,
    locked: bool,
}

/// The response for every other token.
const INACTIVE: &[u8] = br#"{"active":false}"#;

/// Handles an introspection request.
pub(super) async fn introspect(
    state: &OAuthState,
    origin: &RequestOrigin<'_>,
    form: &Form<'_>,
) -> Result<Vec<u8>, OAuthError> {
    let caller = credentials::caller(form)?;
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    match state
        .tokens
        .introspect(origin, &caller, token.as_ref())
        .await?
    {
        Introspection::Inactive => Ok(INACTIVE.to_vec()),
        Introspection::Active(token) => Ok(active(&token).json()),
    }
}

fn active(token: &LiveToken) -> ActiveToken<'_> {
    let of_token = token.participant.as_ref();
    ActiveToken {
        active: true,
        scope: &token.scope,
        client_id: token.client_id(),
        token_type: "Bearer",
        iat: token.issued_at,
        exp: token.expires_at,
        sub: token.subject(),
        aud: &token.audience,
        iss: &token.issuer,
        jti: token.id.to_string(),
        permissions: token,
        organization_id: token.organization_id(),
        username: of_token.map(|of| of.participant.nickname.as_str()),
        act: of_token.filter(|of| of.impersonated).map(|_| Acting {
            sub: token.client_id(),
        }),
        resource: of_token.map(|of| resource(&of.participant)),
    }
}

fn resource(participant: &Participant) -> Resource<'_> {
    Resource {
        id: participant.id.to_string(),
        kind: "user",
        attributes: Attributes {
            email: participant.email.as_str(),
            name: &participant.name,
            created_at: participant.created_at,
            updated_at: participant.updated_at,
            personal_url: None,
            locale: None,
            extra: &participant.extra,
        },
        relationships: Nothing {},
        meta: Meta {
            blocked: participant.blocked_at.is_some(),
            locked: false,
        },
    }
}

impl ActiveToken<'_> {
    fn json(&self) -> Vec<u8> {
        JsonObject::with_capacity(1024)
            .value("active", &self.active)
            .plain("scope", self.scope)
            .plain("client_id", self.client_id)
            .plain("token_type", self.token_type)
            .value("iat", &self.iat)
            .value("exp", &self.exp)
            .plain("sub", &self.sub)
            .value("aud", &self.aud)
            .value("iss", &self.iss)
            .plain("jti", &self.jti)
            .plains("permissions", self.permissions.permissions())
            .value("organization_id", &self.organization_id)
            .value_if("username", self.username.as_ref())
            .value_if("act", self.act.as_ref())
            .value_if("resource", self.resource.as_ref())
            .end()
    }
}
