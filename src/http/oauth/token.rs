//! `POST /oauth/token` (RFC 6749 §3.2).

use utoipa::ToSchema;

use super::credentials;
use super::error::OAuthError;
use super::form::Form;
use super::grant_parameters::{self, ACCESS_TOKEN};
use super::json_writer::JsonObject;
use super::state::OAuthState;
use crate::service::{GrantType, RequestOrigin, TokenRequest};

/// A successful response (RFC 6749 §5.1). Members keep the order that existing consumers expect.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct TokenResponse<'a> {
    /// The token.
    access_token: &'a str,
    /// `Bearer`.
    token_type: &'static str,
    /// Its lifetime in seconds.
    expires_in: i64,
    /// Its scopes, separated by spaces.
    scope: &'a str,
    /// When it was issued, in Unix seconds.
    created_at: i64,
    /// Of a token exchange (RFC 8693 §2.2.1).
    #[cfg_attr(test, serde(skip_serializing_if = "Option::is_none"))]
    #[schema(nullable = false)]
    issued_token_type: Option<&'static str>,
}

/// Handles a token request.
pub(super) async fn issue(
    state: &OAuthState,
    origin: &RequestOrigin<'_>,
    form: &Form<'_>,
) -> Result<Vec<u8>, OAuthError> {
    let grant_type = form.get("grant_type").ok_or(OAuthError::invalid_request(
        "The parameter grant_type is missing.",
    ))?;
    let grant_type = GrantType::named(grant_type).filter(|known| state.tokens.offers_grant(*known));
    let credentials = credentials::client(form)?;
    let request = TokenRequest {
        grant: grant_parameters::read(grant_type, form),
        scope: form.get("scope"),
    };
    let issued = state
        .tokens
        .issue_token(origin, &credentials, request)
        .await?;
    let response = TokenResponse {
        access_token: issued.token.expose(),
        token_type: "Bearer",
        expires_in: issued.expires_in,
        scope: &issued.scope,
        created_at: issued.created_at,
        issued_token_type: (grant_type == Some(GrantType::TokenExchange)).then_some(ACCESS_TOKEN),
    };
    Ok(response.json())
}

impl TokenResponse<'_> {
    fn json(&self) -> Vec<u8> {
        JsonObject::with_capacity(128 + self.access_token.len() + self.scope.len())
            .plain("access_token", self.access_token)
            .plain("token_type", self.token_type)
            .value("expires_in", &self.expires_in)
            .plain("scope", self.scope)
            .value("created_at", &self.created_at)
            .value_if("issued_token_type", self.issued_token_type.as_ref())
            .end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_what_the_description_is_made_from() {
        for issued_token_type in [None, Some(ACCESS_TOKEN)] {
            let response = TokenResponse {
                access_token: "clv_x",
                token_type: "Bearer",
                expires_in: 7200,
                scope: "public blogs",
                created_at: -1,
                issued_token_type,
            };
            assert_eq!(response.json(), serde_json::to_vec(&response).unwrap());
        }
    }
}
