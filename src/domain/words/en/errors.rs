//! Sentences of errors.

use std::fmt::{Formatter, Result};

use super::complaint;
use crate::domain::error::Error;

/// The sentence of an error; of several complaints, the first one's.
pub(in crate::domain) fn error(error: &Error, to: &mut Formatter<'_>) -> Result {
    match error {
        Error::Invalid(wrong) => match wrong.first() {
            Some(first) => complaint(&first.complaint, to),
            None => to.write_str("The input is not valid."),
        },
        Error::NotFound(reason) | Error::Conflict(reason) | Error::Forbidden(reason) => {
            complaint(reason, to)
        }
        Error::SignInRequired => to.write_str("Sign in to continue."),
        Error::WrongCredentials => to.write_str("The email and the password do not match."),
        Error::TooMany { retry_after } => {
            let soon = soon(*retry_after);
            write!(to, "Too many attempts from this network. Try again {soon}.")
        }
        Error::Busy => to.write_str(
            "The server has too many passwords to check. Nothing was changed; try again in a moment.",
        ),
        Error::Unavailable => {
            to.write_str("The database did not answer. Nothing was changed; try again.")
        }
        Error::Internal { reference } => write!(
            to,
            "Something went wrong on the server. The log has the cause under {reference}."
        ),
    }
}

/// After how long to try again.
fn soon(seconds: u64) -> String {
    match seconds {
        ..=5 => "in a few seconds".to_owned(),
        6..=60 => "in a minute".to_owned(),
        _ => format!("in {} minutes", seconds.div_ceil(60)),
    }
}
