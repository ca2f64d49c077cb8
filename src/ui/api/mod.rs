//! Server functions, by noun: a guard, one call of the console, and back.
//!
//! Every one is a public endpoint under `/system/do/`. A plain form posts to it and is sent on with a
//! redirect, or answered with its page when it is refused; the hydrated page calls it and reads the answer.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::domain::problem::{FieldProblem, Problem};
use crate::domain::words::en;

pub mod clients;
pub mod organizations;
pub mod permissions;
pub mod session;

/// Why a server function did not do it, and what was typed, so that a form can be shown again as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRefusal {
    /// The reason.
    pub reason: RefusalReason,
    /// The form that was sent, as JSON, without passwords.
    pub typed: Option<String>,
}

/// Why a server function did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefusalReason {
    /// The server said no.
    Refused(Problem),
    /// The server did not answer, or not in a way that makes sense.
    Unreachable,
}

impl ApiRefusal {
    /// A refusal of a form that keeps what was typed.
    pub fn of(problem: Problem, form: &impl Serialize) -> Self {
        Self {
            reason: RefusalReason::Refused(problem),
            typed: serde_json::to_string(form).ok(),
        }
    }

    /// What the server said, if it did.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match &self.reason {
            RefusalReason::Refused(problem) => Some(problem),
            RefusalReason::Unreachable => None,
        }
    }

    fn has_status(&self, status: u16) -> bool {
        self.problem()
            .is_some_and(|problem| problem.status == status)
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.problem()?.field(name).map(ToOwned::to_owned)
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
        self.problem()
            .is_some_and(|problem| problem.code == "sign_in_required")
    }

    /// True when somebody else was quicker, or the thing is no longer in a state that allows it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has_status(409)
    }

    /// True when there is no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_status(404)
    }
}

impl std::fmt::Display for ApiRefusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reason {
            RefusalReason::Refused(problem) => formatter.write_str(&problem.detail),
            RefusalReason::Unreachable => formatter.write_str("The server did not answer."),
        }
    }
}

impl std::error::Error for ApiRefusal {}

impl From<Problem> for ApiRefusal {
    fn from(problem: Problem) -> Self {
        Self {
            reason: RefusalReason::Refused(problem),
            typed: None,
        }
    }
}

impl FromServerFnError for ApiRefusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => unreadable_form().into(),
            _ => Self {
                reason: RefusalReason::Unreachable,
                typed: None,
            },
        }
    }
}

/// What is said of a form that is not of the expected shape; the browser says it, too.
fn unreadable_form() -> Problem {
    Problem {
        status: 422,
        code: "invalid".to_owned(),
        detail: en::FORM_UNREADABLE.to_owned(),
        errors: vec![FieldProblem {
            field: "form".to_owned(),
            code: "form_unreadable".to_owned(),
            detail: en::FORM_UNREADABLE.to_owned(),
        }],
    }
}
