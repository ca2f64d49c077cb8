//! Why something was refused, in the few kinds that callers tell apart.

use super::complaint::Complaint;

/// Why something was refused. It never carries a cause or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The input is wrong; nothing was changed.
    Invalid(Vec<FieldComplaint>),
    /// There is no such thing, or the actor may not know of it.
    NotFound(Complaint),
    /// Somebody else was quicker, or the thing is no longer in a state that allows this.
    Conflict(Complaint),
    /// Nobody is signed in.
    SignInRequired,
    /// The email and the password do not belong together, or there is no such account.
    WrongCredentials,
    /// The actor may not do this.
    Forbidden(Complaint),
    /// Too many attempts from one place.
    TooMany {
        /// Seconds until another attempt counts.
        retry_after: u64,
    },
    /// More passwords are being checked than there is time for; nothing was changed.
    Busy,
    /// The database cannot be asked at the moment; nothing was changed.
    Unavailable,
    /// A defect. The reference stands in the log beside the cause.
    Internal {
        /// What to look for in the log.
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
    /// The input is wrong in one field.
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

    /// The error's code, which programs may rely on.
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

impl std::error::Error for Error {}
