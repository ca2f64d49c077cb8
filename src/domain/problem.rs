//! Errors as they are sent to pages: with status, code and sentences, so that a reader needs no table of sentences.

use serde::{Deserialize, Serialize};

/// An error response, with the members `status` and `detail` of RFC 9457 §3.1 and two of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The status of the response (RFC 9110 §15).
    pub status: u16,
    /// The code, which clients may rely on, such as `changed_meanwhile`.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// The wrong fields, when the input is invalid.
    pub errors: Vec<FieldProblem>,
}

/// One field of a form, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field's name in the form.
    pub field: String,
    /// The code, which clients may rely on, such as `name_missing`.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

impl Problem {
    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|error| error.field == name)
            .map(|error| error.detail.as_str())
    }
}
