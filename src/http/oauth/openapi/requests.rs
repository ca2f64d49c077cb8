//! The parameters of requests, for the description alone: handlers read parameters by their names.

#![allow(
    dead_code,
    reason = "the description needs the fields, nobody sets them"
)]

use utoipa::ToSchema;

/// A request for a token (RFC 6749 §4.4.2).
#[derive(ToSchema)]
pub(super) struct TokenRequest {
    /// How the token is asked for.
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
}

/// The grants.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum GrantType {
    ClientCredentials,
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
