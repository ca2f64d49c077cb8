//! Sentences of errors.

use std::fmt::{Formatter, Result};

use super::complaint;
use crate::domain::error::Error;
use crate::domain::participant::{FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS};

/// The sentence of an import that a form does not carry.
pub(super) fn import_too_long_for_form(to: &mut Formatter<'_>) -> Result {
    let most = FORM_IMPORT_BYTES / 1024;
    write!(
        to,
        "This page takes at most {most} KiB and {FORM_IMPORT_PASSWORDS} passwords at once. Split the list, or run `claviger participant import` on the server."
    )
}

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
