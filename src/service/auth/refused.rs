//! Every reason to refuse a client.

/// What stands in the log in place of an id that is nobody's. It may be a secret in the wrong field.
pub(in crate::service) const UNKNOWN_CLIENT: &str = "unknown client";

/// Why a client is refused. Whoever asks cannot tell most of them apart; the operator reads the reason in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Refused {
    /// There is no client with this id.
    UnknownClient,
    /// None of the client's secrets, dead ones included.
    WrongSecret,
    /// Too many guesses failed.
    TooManyGuesses {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The secret is gone.
    SecretUnknown,
    /// The secret was replaced by a rotation.
    SecretRevoked,
    /// The secret's time is over.
    SecretExpired,
    /// The client's time is over.
    ClientExpired,
    /// The client is suspended.
    ClientSuspended,
    /// The client was ended for good.
    ClientRevoked,
    /// The client's organization is archived.
    OrganizationArchived,
    /// The client came to the host of another organization.
    OtherHost,
    /// Too many secrets wait to be hashed.
    Unavailable,
}

impl Refused {
    /// The reason, for the log; none where nothing was decided.
    pub(in crate::service) fn reason(self) -> Option<&'static str> {
        Some(match self {
            Self::UnknownClient => "unknown client",
            Self::WrongSecret => "wrong secret",
            Self::TooManyGuesses { .. } => "too many wrong guesses",
            Self::SecretUnknown => "secret unknown",
            Self::SecretRevoked => "secret revoked",
            Self::SecretExpired => "secret expired",
            Self::ClientExpired => "client expired",
            Self::ClientSuspended => "client suspended",
            Self::ClientRevoked => "client revoked",
            Self::OrganizationArchived => "organization archived",
            Self::OtherHost => "another organization's host",
            Self::Unavailable => return None,
        })
    }

    /// Whether the client had proven who it is, so that the refusal is counted as its own.
    pub(in crate::service) fn is_of_proven_client(self) -> bool {
        !matches!(
            self,
            Self::UnknownClient
                | Self::WrongSecret
                | Self::TooManyGuesses { .. }
                | Self::Unavailable
        )
    }
}
