//! Server functions, by noun: authenticate, call the console once, return the result.
//!
//! Each is a public endpoint under `/system/do/`. A plain form posts to it and is answered with a redirect, or with its
//! page when it is refused; an island calls it and reads the result.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::domain::problem::{FieldProblem, Problem};
use crate::domain::words::en;

pub mod account;
pub mod admins;
pub mod audit;
pub mod clients;
pub mod organizations;
pub mod participants;
pub mod permissions;
pub mod secrets;
pub mod session;
pub mod tokens;

/// Why a server function failed, and the typed form, so that it can be shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRefusal {
    /// The reason.
    pub reason: RefusalReason,
    /// The form that was sent, as JSON, without passwords.
    pub typed: Option<String>,
}

/// Why a server function failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefusalReason {
    /// The server refused.
    Refused(Problem),
    /// The server did not answer, or its response cannot be parsed.
    Unreachable,
}

impl ApiRefusal {
    /// A refusal with the typed form.
    pub fn of(problem: Problem, form: &impl Serialize) -> Self {
        Self {
            reason: RefusalReason::Refused(problem),
            typed: serde_json::to_string(form).ok(),
        }
    }

    /// The server's problem, if it answered.
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

    /// The error of a field, if any.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.problem()?.field(name).map(ToOwned::to_owned)
    }

    /// The form that was sent, if it was kept and has this type.
    #[must_use]
    pub fn typed<F: for<'a> Deserialize<'a>>(&self) -> Option<F> {
        self.typed
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
    }

    /// The key of the refused form, with which it may be sent again. None when the key was used for other contents.
    #[must_use]
    pub fn form_key(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Keyed {
            form_key: String,
        }
        if self
            .problem()
            .is_some_and(|problem| problem.code == "form_sent_before")
        {
            return None;
        }
        self.typed::<Keyed>()
            .map(|form| form.form_key)
            .filter(|key| !key.is_empty())
    }

    /// Whether the administrator has to sign in.
    #[must_use]
    pub fn is_sign_in_required(&self) -> bool {
        self.problem()
            .is_some_and(|problem| problem.code == "sign_in_required")
    }

    /// Whether the administrator has to type the password again.
    #[must_use]
    pub fn is_password_needed(&self) -> bool {
        self.problem()
            .is_some_and(|problem| problem.code == "password_needed")
    }

    /// Whether the object was changed meanwhile, or its state no longer allows the act.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has_status(409)
    }

    /// Whether the object does not exist.
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

/// The problem of a form that cannot be deserialized; the browser reports it, too.
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
