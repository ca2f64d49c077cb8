//! How a refusal of the service shows on the wire.

use axum::http::{HeaderValue, StatusCode, header};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;

use crate::domain::error::Error;

/// The status of a refusal.
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::SignInRequired | Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable | Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Gives the answer under way the status of a refusal, and passes the refusal on.
#[must_use]
pub fn refused(error: Error) -> Error {
    let Some(response) = use_context::<ResponseOptions>() else {
        return error;
    };
    response.set_status(status(&error));
    let retry_after = match &error {
        Error::TooMany { retry_after } => Some(*retry_after),
        Error::Unavailable | Error::Busy => Some(1),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    error
}
