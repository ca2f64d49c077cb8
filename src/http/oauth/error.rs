//! From a refusal to the registered code: RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::http::security::Heads;
use crate::service::GrantError;

/// Why an OAuth endpoint refuses.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The rules say no.
    Grant(GrantError),
    /// The body is neither a form nor JSON.
    UnsupportedMediaType,
    /// The body is longer than any request needs.
    TooLarge,
    /// The endpoint only takes posts.
    MethodNotAllowed,
}

impl Refusal {
    /// A request that cannot be read.
    pub const fn unreadable(reason: &'static str) -> Self {
        Self::Grant(GrantError::InvalidRequest(reason))
    }
}

impl From<GrantError> for Refusal {
    fn from(error: GrantError) -> Self {
        Self::Grant(error)
    }
}

impl Refusal {
    /// The answer.
    pub fn answer(&self, heads: &Heads) -> Response {
        let (status, code, description) = match self {
            Self::Grant(error) => grant(error),
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                "Send application/x-www-form-urlencoded or application/json.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "The request is longer than 16 KiB.",
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "invalid_request",
                "Use POST.",
            ),
        };
        let body = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let mut response = heads.json(status, body.into_bytes());
        let headers = response.headers_mut();
        match self {
            Self::MethodNotAllowed => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            Self::Grant(GrantError::InvalidClient) => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Basic realm="claviger""#),
                );
            }
            Self::Grant(GrantError::InvalidToken) => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Bearer realm="claviger", error="invalid_token""#),
                );
            }
            Self::Grant(GrantError::TooMany { retry_after }) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
            }
            Self::Grant(GrantError::Unavailable) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// Fixed texts: they echo nothing that was sent.
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
        GrantError::TooMany { .. } => (
            StatusCode::TOO_MANY_REQUESTS,
            "temporarily_unavailable",
            "Too many failed attempts. Try again later.",
        ),
        GrantError::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            "The request cannot be judged right now.",
        ),
    }
}
