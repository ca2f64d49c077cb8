//! The operations, a function for each.

#![allow(
    dead_code,
    reason = "the description needs the attributes, nobody calls a function"
)]

use super::answers::{
    Description, Empty, FormRefusals, Health, IntrospectionAnswer, MetadataRefusals,
    VerificationRefusals,
};
use super::requests::{AboutToken, TokenRequest};
use crate::http::oauth::metadata::Metadata;
use crate::http::oauth::token::TokenResponse;

/// Ask for a token
///
/// Issues an access token to a client, for itself or on behalf of a participant (RFC 6749 §4.3 and §4.4, RFC 8693). There is no
/// refresh token. The grant `password` is there where it is switched on; the metadata says so.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "Tokens",
    security(("client" = []), ()),
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"),
        (TokenRequest = "application/json", examples(
            ("client" = (summary = "For the client itself", value = json!({"grant_type": "client_credentials"}))),
            ("login" = (summary = "For a participant who signs in", value = json!({
                "grant_type": "password", "auth_type": "login", "username": "ada", "password": "correct horse staple gun",
            }))),
            ("impersonate" = (summary = "On behalf of a participant", value = json!({
                "grant_type": "password", "auth_type": "impersonate", "username": "ada",
            }))),
        )),
    )),
    responses(
        (status = 200, description = "The token.", body = TokenResponse),
        FormRefusals,
    )
)]
pub(super) fn token() {}

/// Check a token
///
/// Says whether a token is live, and whose it is (RFC 7662). A caller sees the tokens of its own client; with the permission
/// `system.tokens.introspect` those of its organization, or all when it belongs to none.
#[utoipa::path(
    post,
    path = "/oauth/introspect",
    tag = "Tokens",
    security(("client" = []), ("token" = []), ()),
    request_body(content(
        (AboutToken = "application/x-www-form-urlencoded"),
        (AboutToken = "application/json"),
    )),
    responses(
        (status = 200, description = "What the caller may know about the token.", body = IntrospectionAnswer),
        FormRefusals,
    )
)]
pub(super) fn introspect() {}

/// Revoke a token
///
/// Ends one of the client's own tokens (RFC 7009). When this has answered, no server calls the token live. An unknown token
/// is no error.
#[utoipa::path(
    post,
    path = "/oauth/revoke",
    tag = "Tokens",
    security(("client" = []), ()),
    request_body(content(
        (AboutToken = "application/x-www-form-urlencoded"),
        (AboutToken = "application/json"),
    )),
    responses(
        (status = 200, description = "The token is not live, or not any more.", body = Empty),
        FormRefusals,
    )
)]
pub(super) fn revoke() {}

/// Verify a request
///
/// Says whether a reverse proxy may pass a request on to an API: whether its bearer token is live at this host and has what
/// is required. Any method will do, and any path below. The body is not read.
#[utoipa::path(
    get,
    path = "/oauth/verify",
    tag = "Proxies",
    security(("token" = [])),
    params(
        ("scope" = Option<Vec<String>>, Query, description = "The token needs this scope, or each of these."),
        ("permission" = Option<Vec<String>>, Query,
            description = "The client needs this permission within the token's scopes, or each of these."),
        ("status" = Option<String>, Query, pattern = "^(200|204)$",
            description = "The status of a yes, which is 204 otherwise."),
        ("X-Forwarded-Host" = Option<String>, Header,
            description = "The host that the client used. A proxy that is not trusted may name no other than Host."),
    ),
    responses(
        (status = 200, description = "As 204, where the proxy asks for it.", body = Empty),
        (status = 204, description = "The request may pass.", headers(
            ("X-Client-Id" = String, description = "The client."),
            ("X-Organization-Id" = String, description = "The number of its organization, or empty."),
            ("X-Scopes" = String, description = "The scopes of the token, separated by spaces."),
            ("X-Permissions" = String, description = "The permissions within these scopes, separated by spaces; or empty."),
            ("X-Subject" = String, description = "On whose behalf the request is."),
        )),
        VerificationRefusals,
    )
)]
pub(super) fn verify() {}

/// Describe this server
///
/// The metadata of the authorization server at the host that was used (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "Server",
    responses(
        (status = 200, description = "The metadata.", body = Metadata),
        MetadataRefusals,
    )
)]
pub(super) fn metadata() {}

/// Is it alive?
///
/// The process answers.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "Server",
    responses((status = 200, description = "It does.", body = Health))
)]
pub(super) fn live() {}

/// Is it ready?
///
/// Requests for and about tokens can be judged.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "Server",
    responses(
        (status = 200, description = "They can.", body = Health),
        (status = 503, description = "They cannot right now.", body = Health),
    )
)]
pub(super) fn ready() {}

/// This description
///
/// What you are reading, as an OpenAPI document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "Server",
    responses((status = 200, description = "The document.", body = Description))
)]
pub(super) fn openapi() {}
