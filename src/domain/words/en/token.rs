//! What is wrong with tokens.

use std::fmt::{Formatter, Result};

use crate::domain::complaint::TokenComplaint;

/// The sentence of a complaint about tokens.
pub(super) fn complaint(complaint: &TokenComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        TokenComplaint::TokenUnreadable => write!(
            to,
            "This is not a token of this server: it is cut off, changed, or from somewhere else."
        ),
        TokenComplaint::TokenHandleUnknown => write!(
            to,
            "The form does not name a token of this client. Load the page again. Nothing was changed."
        ),
    }
}
