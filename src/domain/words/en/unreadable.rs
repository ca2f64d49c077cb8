//! Texts that others could not read.

use crate::domain::complaint::Unreadable;

/// What is wrong with a text; `what` begins the sentence, such as "A name".
#[must_use]
pub fn unreadable(what: &str, why: Unreadable) -> String {
    match why {
        Unreadable::HasHidden => format!(
            "{what} has no control characters, none that nobody sees, and none that turn text around."
        ),
        Unreadable::IsBlank => format!("{what} has at least one character that everybody sees."),
    }
}
