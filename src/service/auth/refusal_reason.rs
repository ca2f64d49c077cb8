//! The reasons to refuse a client.

/// The name in the log for an id that no client has. The text that was sent may be a secret in the wrong field.
pub(in crate::service) const UNKNOWN_CLIENT: &str = "unknown client";

/// Why a client is refused. The caller cannot tell most reasons apart; the operator reads them in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum RefusalReason {
    /// There is no client with this id.
    UnknownClient,
    /// The secret is none of the client's, revoked and expired ones included.
    WrongSecret,
    /// Too many guesses failed.
    TooManyGuesses {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The client has no secret with this number any more.
    SecretUnknown,
    /// The secret was replaced by a rotation.
    SecretRevoked,
    /// The secret has expired.
    SecretExpired,
    /// The client has expired.
    ClientExpired,
    /// The client is suspended.
    ClientSuspended,
    /// The client is revoked.
    ClientRevoked,
    /// The client's organization is archived.
    OrganizationArchived,
    /// The client used the host of another organization.
    OtherHost,
    /// The hash queue gave no permit within its timeout.
    Unavailable,
}

impl RefusalReason {
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

    /// Whether the client was authenticated, so that the refusal is counted as its own.
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
