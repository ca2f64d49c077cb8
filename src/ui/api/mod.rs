//! Server functions, by noun: a guard, one call of the console, and back.
//!
//! Every one is a public endpoint under `/system/do/`. A plain form posts to it and is sent on with a
//! redirect, or answered with its page when it is refused; the hydrated page calls it and reads the answer.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::domain::error::Error;

pub mod clients;
pub mod organizations;
pub mod permissions;
pub mod session;

/// Why a server function did not do it, and what was typed, so that a form can be shown again as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The form that was sent, as JSON, without passwords.
    pub typed: Option<String>,
}

/// Why a server function did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The server said no.
    Refused(Error),
    /// The server did not answer, or not in a way that makes sense.
    Unreachable,
}

impl Refusal {
    /// A refusal of a form that keeps what was typed.
    pub fn of(error: Error, form: &impl Serialize) -> Self {
        Self {
            reason: Reason::Refused(error),
            typed: serde_json::to_string(form).ok(),
        }
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match &self.reason {
            Reason::Refused(error) => error.field(name).map(ToOwned::to_owned),
            Reason::Unreachable => None,
        }
    }

    /// The form that was sent, if it was kept and still fits.
    #[must_use]
    pub fn typed<F: for<'a> Deserialize<'a>>(&self) -> Option<F> {
        self.typed
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
    }

    /// True when the way on leads through the sign-in page.
    #[must_use]
    pub fn is_sign_in_required(&self) -> bool {
        self.reason == Reason::Refused(Error::SignInRequired)
    }

    /// True when somebody else was quicker, or the thing is no longer in a state that allows it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.reason, Reason::Refused(Error::Conflict(_)))
    }

    /// True when there is no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.reason, Reason::Refused(Error::NotFound(_)))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reason {
            Reason::Refused(error) => error.fmt(formatter),
            Reason::Unreachable => formatter.write_str("The server did not answer."),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            reason: Reason::Refused(error),
            typed: None,
        }
    }
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => Error::invalid(
                "form",
                "The form was not filled in as expected. Nothing was changed.",
            )
            .into(),
            _ => Self {
                reason: Reason::Unreachable,
                typed: None,
            },
        }
    }
}
