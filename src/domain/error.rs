//! What can go wrong in the house, in the few kinds that a door has to tell apart.

use serde::{Deserialize, Serialize};

/// Why something was refused. The text is for people; it never carries a cause or a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The input is wrong; nothing was changed.
    #[error("{}", first(.0))]
    Invalid(Vec<FieldError>),
    /// There is no such thing, or the actor may not know of it.
    #[error("{0}")]
    NotFound(String),
    /// Somebody else was quicker, or the thing is no longer in a state that allows this.
    #[error("{0}")]
    Conflict(String),
    /// Nobody is signed in.
    #[error("Sign in to continue.")]
    SignInRequired,
    /// The email and the password do not belong together, or there is no such account.
    #[error("The email and the password do not match.")]
    WrongCredentials,
    /// The actor may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// Too many attempts from one place.
    #[error("Too many attempts from this network. Try again {}.", soon(*.retry_after))]
    TooMany {
        /// Seconds until another attempt counts.
        retry_after: u64,
    },
    /// More passwords are being checked than there is time for; nothing was changed.
    #[error(
        "The server has too many passwords to check. Nothing was changed; try again in a moment."
    )]
    Busy,
    /// The database cannot be asked at the moment; nothing was changed.
    #[error("The database did not answer. Nothing was changed; try again.")]
    Unavailable,
    /// A defect. The reference stands in the log beside the cause.
    #[error("Something went wrong on the server. The log has the cause under {reference}.")]
    Internal {
        /// What to look for in the log.
        reference: String,
    },
}

/// When to try again, in words.
fn soon(seconds: u64) -> String {
    match seconds {
        ..=5 => "in a few seconds".to_owned(),
        6..=60 => "in a minute".to_owned(),
        _ => format!("in {} minutes", seconds.div_ceil(60)),
    }
}

/// One field of a form, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// A full sentence.
    pub message: String,
}

impl FieldError {
    /// A complaint about one field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

impl Error {
    /// The input is wrong in one field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        match self {
            Self::Invalid(fields) => fields
                .iter()
                .find(|error| error.field == name)
                .map(|error| error.message.as_str()),
            _ => None,
        }
    }
}

fn first(fields: &[FieldError]) -> &str {
    fields
        .first()
        .map_or("The input is not valid.", |error| error.message.as_str())
}
