//! Why a request at an OAuth endpoint is refused, as whoever sent it may know it.

use crate::domain::error::Error;
use crate::service::auth::refused::Refused;

/// Why a request at an OAuth endpoint is refused. Each becomes one registered error code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The request cannot be read.
    #[error("invalid request: {0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated, for whatever reason.
    #[error("invalid client")]
    InvalidClient,
    /// The bearer token that authenticates the caller is not live.
    #[error("invalid token")]
    InvalidToken,
    /// The client may not do this.
    #[error("unauthorized client")]
    UnauthorizedClient,
    /// There is no such grant here.
    #[error("unsupported grant type")]
    UnsupportedGrantType,
    /// A scope is malformed, or not the client's.
    #[error("invalid scope")]
    InvalidScope,
    /// Too many failed attempts.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// It cannot be judged at the moment.
    #[error("unavailable")]
    Unavailable,
}

impl From<Refused> for GrantError {
    /// One answer for every reason that would tell something about a client.
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooManyGuesses { retry_after } => Self::TooMany { retry_after },
            Refused::Unavailable => Self::Unavailable,
            Refused::UnknownClient
            | Refused::WrongSecret
            | Refused::SecretUnknown
            | Refused::SecretRevoked
            | Refused::SecretExpired
            | Refused::ClientExpired
            | Refused::ClientSuspended
            | Refused::ClientRevoked
            | Refused::OrganizationArchived
            | Refused::OtherHost => Self::InvalidClient,
        }
    }
}

/// Whatever kept the database from answering: it was logged where it happened, and nothing can be judged.
pub(super) fn unavailable(_: Error) -> GrantError {
    GrantError::Unavailable
}

pub(super) const NO_TOKEN: GrantError =
    GrantError::InvalidRequest("The parameter token is missing.");
