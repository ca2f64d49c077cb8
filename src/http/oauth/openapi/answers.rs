//! Answers that have no type of their own in the handlers, for the description alone.

#![allow(
    dead_code,
    clippy::large_enum_variant,
    reason = "the description needs the types, nobody makes one"
)]

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::{IntoResponses, ToSchema};

use crate::http::oauth::introspect::ActiveToken;

/// What the caller may know about a token (RFC 7662 §2.2).
#[derive(ToSchema)]
#[serde(untagged)]
pub(super) enum IntrospectionAnswer<'a> {
    /// The token is live.
    Active(ActiveToken<'a>),
    /// The token is not live, or the caller may not see it.
    Inactive(InactiveToken),
}

/// A token that is not live, or that the caller may not see.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InactiveToken {
    /// Always false.
    #[schema(schema_with = always_false)]
    active: bool,
}

fn always_false() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .enum_values(Some([false]))
}

/// An object without members.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

/// The health of the server.
#[derive(ToSchema)]
pub(super) struct Health {
    /// `live`, `ready` or `unavailable`.
    #[schema(pattern = "^(live|ready|unavailable)$")]
    status: String,
}

/// An OpenAPI document.
#[derive(ToSchema)]
pub(super) struct Description {
    /// The version of OpenAPI.
    openapi: String,
}

/// An error (RFC 6749 §5.2).
#[derive(ToSchema)]
pub(super) struct ErrorAnswer {
    /// A registered code.
    error: ErrorCode,
    /// A fixed text for developers. It repeats nothing of the request.
    error_description: String,
}

/// The codes of errors (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8693 §2.2.2).
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidToken,
    InsufficientScope,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    InvalidGrant,
    InvalidTarget,
    TemporarilyUnavailable,
}

/// What every endpoint that takes a form may refuse.
#[derive(IntoResponses)]
pub(super) enum FormRefusals {
    /// The request cannot be read, or asks for what the client may not have.
    #[response(status = 400)]
    Invalid(ErrorAnswer),
    /// Whoever asks could not be authenticated.
    #[response(status = 401, headers(("WWW-Authenticate" = String, description = "The challenge.")))]
    NotAuthenticated(ErrorAnswer),
    /// The request is longer than 16 KiB.
    #[response(status = 413)]
    TooLarge(ErrorAnswer),
    /// The body is neither a form nor JSON, or has a content coding.
    #[response(status = 415)]
    UnsupportedType(ErrorAnswer),
    /// Too many failed attempts from this network.
    #[response(status = 429, headers(("Retry-After" = u32, description = "Seconds to wait.")))]
    TooMany(ErrorAnswer),
    /// The request cannot be judged right now.
    #[response(status = 503, headers(("Retry-After" = u32, description = "Seconds to wait.")))]
    Unavailable(ErrorAnswer),
}

/// What the endpoint for proxies may refuse.
#[derive(IntoResponses)]
pub(super) enum VerificationRefusals {
    /// The proxy is set up wrongly: a parameter or the host cannot be read, or it is no trusted proxy.
    #[response(status = 400)]
    Invalid(ErrorAnswer),
    /// There is no bearer token, or none that is live here.
    #[response(status = 401, headers(("WWW-Authenticate" = String, description = "The challenge (RFC 6750 §3).")))]
    NotAuthenticated(ErrorAnswer),
    /// The token lacks a scope or permission.
    #[response(status = 403, headers(("WWW-Authenticate" = String, description = "The challenge (RFC 6750 §3).")))]
    Insufficient(ErrorAnswer),
    /// The request cannot be judged right now.
    #[response(status = 503, headers(("Retry-After" = u32, description = "Seconds to wait.")))]
    Unavailable(ErrorAnswer),
}

/// What the metadata may refuse.
#[derive(IntoResponses)]
pub(super) enum MetadataRefusals {
    /// The request does not name one host.
    #[response(status = 400)]
    Invalid(ErrorAnswer),
    /// The issuer cannot be told right now.
    #[response(status = 503, headers(("Retry-After" = u32, description = "Seconds to wait.")))]
    Unavailable(ErrorAnswer),
}
