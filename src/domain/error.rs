//! Errors, in the few kinds that callers distinguish.

use super::complaint::Complaint;

/// Why a call failed. It never carries a cause or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The input is wrong; nothing was changed.
    Invalid(Vec<FieldComplaint>),
    /// It does not exist, or the actor may not know of it.
    NotFound(Complaint),
    /// Another change was faster, or the state of the target does not allow this.
    Conflict(Complaint),
    /// The request has no session.
    SignInRequired,
    /// The email address and the password do not match, or there is no such account.
    WrongCredentials,
    /// The actor may not do this.
    Forbidden(Complaint),
    /// Too many attempts from one network.
    TooMany {
        /// Seconds until the next attempt.
        retry_after: u64,
    },
    /// The hash queue is full; nothing was changed.
    Busy,
    /// The database cannot be asked at the moment; nothing was changed.
    Unavailable,
    /// A defect. The log has the cause under this reference.
    Internal {
        /// The reference in the log.
        reference: String,
    },
}

/// One field of the input, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldComplaint {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong.
    pub complaint: Complaint,
}

impl FieldComplaint {
    /// A complaint about one field.
    #[must_use]
    pub fn new(field: &'static str, complaint: Complaint) -> Self {
        Self { field, complaint }
    }
}

impl Error {
    /// One wrong field.
    #[must_use]
    pub fn invalid(field: &'static str, complaint: Complaint) -> Self {
        Self::Invalid(vec![FieldComplaint::new(field, complaint)])
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Complaint> {
        match self {
            Self::Invalid(wrong) => wrong
                .iter()
                .find(|wrong| wrong.field == name)
                .map(|wrong| &wrong.complaint),
            _ => None,
        }
    }

    /// The error's code, which clients may rely on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound(complaint) | Self::Conflict(complaint) | Self::Forbidden(complaint) => {
                complaint.code()
            }
            Self::SignInRequired => "sign_in_required",
            Self::WrongCredentials => "wrong_credentials",
            Self::TooMany { .. } => "too_many_attempts",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }
}

impl From<Vec<FieldComplaint>> for Error {
    fn from(wrong: Vec<FieldComplaint>) -> Self {
        Self::Invalid(wrong)
    }
}
