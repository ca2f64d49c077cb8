//! Service errors as HTTP status and [`Problem`].

use axum::http::{HeaderValue, StatusCode, header};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;

use crate::domain::error::{Error, FieldComplaint};
use crate::domain::problem::{FieldProblem, Problem};

/// The status of an error.
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

/// An error with its sentences.
#[must_use]
pub fn problem(error: &Error) -> Problem {
    let errors: &[FieldComplaint] = match error {
        Error::Invalid(wrong) => wrong,
        _ => &[],
    };
    Problem {
        status: status(error).as_u16(),
        code: error.code().to_owned(),
        detail: error.to_string(),
        errors: errors
            .iter()
            .map(|wrong| FieldProblem {
                field: wrong.field.to_owned(),
                code: wrong.complaint.code().to_owned(),
                detail: wrong.complaint.to_string(),
            })
            .collect(),
    }
}

/// Sets the error's status on the current response, and returns the problem.
#[must_use]
pub fn refused(error: Error) -> Problem {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status(&error));
        let retry_after = match &error {
            Error::TooMany { retry_after } => Some(*retry_after),
            Error::Unavailable | Error::Busy => Some(1),
            _ => None,
        };
        if let Some(seconds) = retry_after {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    problem(&error)
}
