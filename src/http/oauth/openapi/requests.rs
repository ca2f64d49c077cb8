//! The parameters of requests, for the description alone: handlers read parameters by their names.

#![allow(
    dead_code,
    reason = "the description needs the fields, nobody sets them"
)]

use utoipa::ToSchema;

/// A request for a token (RFC 6749 §4.3, §4.4; RFC 8693 §2.1). Which parameters count depends on the grant.
#[derive(ToSchema)]
pub(super) struct TokenRequest {
    /// How the token is asked for. `password` can be switched off: `grant_types_supported` in the metadata names what there is.
    grant_type: GrantType,
    /// The scopes that are asked for, separated by spaces. Without it: all that the client has.
    #[schema(nullable = false, pattern = "^[a-z0-9_.:-]+( [a-z0-9_.:-]+)*$")]
    scope: Option<String>,
    /// The client's id, where it does not authenticate with HTTP Basic.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// The client's secret, likewise.
    #[schema(nullable = false, format = Password)]
    client_secret: Option<String>,
    /// `password`: whether the participant signs in, or the client acts on the participant's behalf.
    #[schema(nullable = false)]
    auth_type: Option<AuthType>,
    /// `password`: the participant's nickname or email address.
    #[schema(nullable = false)]
    username: Option<String>,
    /// `login`: the participant's password.
    #[schema(nullable = false, format = Password)]
    password: Option<String>,
    /// `impersonate`: the participant's id, in place of `username`.
    #[schema(nullable = false)]
    id: Option<String>,
    /// `impersonate`: what is to be done where there is no such participant. In a form: `meta[name]`.
    #[schema(nullable = false)]
    meta: Option<RegistrationParameters>,
    /// `impersonate`: texts that are merged into the participant's. In a form: `extra[name]`.
    #[schema(nullable = false, value_type = Option<Object>)]
    extra: Option<String>,
    /// Token exchange: on whose behalf the client acts, an id or a nickname.
    #[schema(nullable = false)]
    subject_token: Option<String>,
    /// Token exchange: `urn:claviger:params:oauth:token-type:participant-id` or `…:participant-nickname`.
    #[schema(nullable = false)]
    subject_token_type: Option<String>,
    /// Token exchange: a live token of the client itself.
    #[schema(nullable = false)]
    actor_token: Option<String>,
    /// Token exchange: `urn:ietf:params:oauth:token-type:access_token`.
    #[schema(nullable = false)]
    actor_token_type: Option<String>,
    /// Token exchange: `urn:ietf:params:oauth:token-type:access_token`.
    #[schema(nullable = false)]
    requested_token_type: Option<String>,
    /// Token exchange: whom the token is for.
    #[schema(nullable = false)]
    resource: Option<String>,
    /// Token exchange: likewise.
    #[schema(nullable = false)]
    audience: Option<String>,
    /// Token exchange: why, for the audit log.
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// The grants.
#[derive(ToSchema)]
pub(super) enum GrantType {
    #[schema(rename = "client_credentials")]
    ClientCredentials,
    #[schema(rename = "password")]
    Password,
    #[schema(rename = "urn:ietf:params:oauth:grant-type:token-exchange")]
    TokenExchange,
}

/// What the grant `password` is asked for.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum AuthType {
    Login,
    Impersonate,
}

/// How a participant is registered that is not there.
#[derive(ToSchema)]
pub(super) struct RegistrationParameters {
    /// Whether one is.
    #[schema(nullable = false)]
    register_on_missing: Option<bool>,
    /// The name; otherwise it is made of the nickname.
    #[schema(nullable = false)]
    name: Option<String>,
    /// The email address; otherwise `<nickname>@example.org`.
    #[schema(nullable = false)]
    email: Option<String>,
    /// Whether the participant has accepted the terms of service.
    #[schema(nullable = false)]
    accept_tos_on_register: Option<bool>,
    /// Whether the address counts as confirmed.
    #[schema(nullable = false)]
    skip_confirmation_on_register: Option<bool>,
}

/// A request about a token (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(ToSchema)]
pub(super) struct AboutToken {
    /// The token.
    token: String,
    /// Which kind of token it may be. It is looked for among all kinds, whatever this says.
    #[schema(nullable = false)]
    token_type_hint: Option<String>,
    /// The client's id, where the caller does not authenticate with a header.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// The client's secret, likewise.
    #[schema(nullable = false, format = Password)]
    client_secret: Option<String>,
}
