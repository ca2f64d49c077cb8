//! Errors of the OAuth endpoints and their registered codes: RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1,
//! RFC 8693 §2.2.2.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::http::headers::ResponseHeaders;
use crate::service::GrantError;

/// Why an OAuth endpoint refuses a request.
#[derive(Debug, PartialEq, Eq)]
pub enum OAuthError {
    /// The service refused.
    Grant(GrantError),
    /// The body is neither a form nor JSON.
    UnsupportedMediaType,
    /// The body has a content coding.
    UnsupportedEncoding,
    /// The body is longer than 16 KiB.
    TooLarge,
    /// The endpoint takes POST only.
    PostOnly,
    /// The address takes GET and HEAD only.
    GetOnly,
    /// There is no endpoint at this address.
    NotFound,
    /// A request that needs a bearer token has none.
    NoToken,
}

impl OAuthError {
    /// `invalid_request` with a description.
    pub const fn invalid_request(reason: &'static str) -> Self {
        Self::Grant(GrantError::InvalidRequest(reason))
    }
}

impl From<GrantError> for OAuthError {
    fn from(error: GrantError) -> Self {
        Self::Grant(error)
    }
}

impl OAuthError {
    /// The response.
    pub fn response(&self, response_headers: &ResponseHeaders) -> Response {
        let (status, code, description) = self.parts();
        let body = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let mut response = response_headers.json(status, body.into_bytes());
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        let (status, description) = match self {
            Self::Grant(error) => return grant(error),
            Self::NoToken => {
                return (
                    StatusCode::UNAUTHORIZED,
                    "invalid_token",
                    "The request needs a bearer token.",
                );
            }
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send application/x-www-form-urlencoded or application/json.",
            ),
            Self::UnsupportedEncoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send the body without a Content-Encoding.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request is longer than 16 KiB.",
            ),
            Self::PostOnly => (StatusCode::METHOD_NOT_ALLOWED, "Use POST."),
            Self::GetOnly => (StatusCode::METHOD_NOT_ALLOWED, "Use GET."),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is no endpoint at this address.",
            ),
        };
        (status, "invalid_request", description)
    }

    /// The header that belongs to this error.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = match self {
            Self::PostOnly => (header::ALLOW, "POST"),
            Self::GetOnly => (header::ALLOW, "GET, HEAD"),
            // Tells the client that the coding was refused, not the type (RFC 9110 §15.5.16).
            Self::UnsupportedEncoding => (header::ACCEPT_ENCODING, "identity"),
            Self::Grant(GrantError::InvalidClient) => {
                (header::WWW_AUTHENTICATE, r#"Basic realm="claviger""#)
            }
            Self::Grant(GrantError::InvalidToken) => (
                header::WWW_AUTHENTICATE,
                r#"Bearer realm="claviger", error="invalid_token""#,
            ),
            Self::Grant(GrantError::InsufficientScope) => (
                header::WWW_AUTHENTICATE,
                r#"Bearer realm="claviger", error="insufficient_scope""#,
            ),
            // Without an error code, because the client may not have known that a token is needed (RFC 6750 §3.1).
            Self::NoToken => (header::WWW_AUTHENTICATE, r#"Bearer realm="claviger""#),
            Self::Grant(GrantError::TooMany { retry_after }) => {
                return Some((header::RETRY_AFTER, HeaderValue::from(*retry_after)));
            }
            Self::Grant(GrantError::Unavailable) => (header::RETRY_AFTER, "1"),
            _ => return None,
        };
        Some((name, HeaderValue::from_static(value)))
    }
}

/// Status, code and description. The texts are fixed, so nothing of the request is echoed.
fn grant(error: &GrantError) -> (StatusCode, &'static str, &'static str) {
    match error {
        GrantError::InvalidRequest(reason) => (StatusCode::BAD_REQUEST, "invalid_request", reason),
        GrantError::InvalidClient => (
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed.",
        ),
        GrantError::InvalidToken => (
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "The bearer token is not live.",
        ),
        GrantError::InsufficientScope => (
            StatusCode::FORBIDDEN,
            "insufficient_scope",
            "The token lacks a scope or a permission that is needed here.",
        ),
        GrantError::UnauthorizedClient => (
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            "The client may not do this.",
        ),
        GrantError::UnsupportedGrantType => (
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The grant type is not supported.",
        ),
        GrantError::InvalidScope => (
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "The scope is malformed or not the client's.",
        ),
        GrantError::InvalidGrant => (
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "No token can be issued for this participant.",
        ),
        GrantError::InvalidTarget => (
            StatusCode::BAD_REQUEST,
            "invalid_target",
            "The token would not be for this resource or audience.",
        ),
        GrantError::TooMany { .. } => (
            StatusCode::TOO_MANY_REQUESTS,
            "temporarily_unavailable",
            "Too many attempts. Try again later.",
        ),
        GrantError::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            "The request cannot be judged right now.",
        ),
    }
}
