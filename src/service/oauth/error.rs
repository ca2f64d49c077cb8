//! Why a request at an OAuth endpoint is refused, as far as the caller may know.

use crate::domain::error::Error;
use crate::service::auth::refusal_reason::RefusalReason;

/// Why a request at an OAuth endpoint is refused. Each variant is sent as one registered error code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The request is malformed.
    #[error("invalid request: {0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated, for any reason.
    #[error("invalid client")]
    InvalidClient,
    /// The bearer token that authenticates the caller is not live.
    #[error("invalid token")]
    InvalidToken,
    /// The bearer token has not all that the request needs (RFC 6750 §3.1).
    #[error("insufficient scope")]
    InsufficientScope,
    /// The client may not do this.
    #[error("unauthorized client")]
    UnauthorizedClient,
    /// The grant type is not supported.
    #[error("unsupported grant type")]
    UnsupportedGrantType,
    /// A scope is malformed or does not belong to the client.
    #[error("invalid scope")]
    InvalidScope,
    /// The participant is unknown or blocked, the password is wrong, or the registration is not possible.
    #[error("invalid grant")]
    InvalidGrant,
    /// A token for another resource or audience is asked for.
    #[error("invalid target")]
    InvalidTarget,
    /// Too many failed attempts, or registrations.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The database or the hash queue does not answer at the moment.
    #[error("unavailable")]
    Unavailable,
}

impl From<RefusalReason> for GrantError {
    /// One error for every reason that would reveal something about a client.
    fn from(refused: RefusalReason) -> Self {
        match refused {
            RefusalReason::TooManyGuesses { retry_after } => Self::TooMany { retry_after },
            RefusalReason::Unavailable => Self::Unavailable,
            RefusalReason::UnknownClient
            | RefusalReason::WrongSecret
            | RefusalReason::SecretUnknown
            | RefusalReason::SecretRevoked
            | RefusalReason::SecretExpired
            | RefusalReason::ClientExpired
            | RefusalReason::ClientSuspended
            | RefusalReason::ClientRevoked
            | RefusalReason::OrganizationArchived
            | RefusalReason::OtherHost => Self::InvalidClient,
        }
    }
}

/// A failed database read, which was logged where it happened.
pub(super) fn unavailable(_: Error) -> GrantError {
    GrantError::Unavailable
}

pub(super) const NO_TOKEN: GrantError =
    GrantError::InvalidRequest("The parameter token is missing.");
