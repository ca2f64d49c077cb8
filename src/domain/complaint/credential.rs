//! Complaints about the secrets of a client, and about the lifetime of its tokens.

use serde::{Deserialize, Serialize};

use super::unreadable::Unreadable;
use crate::domain::ids::SecretNumber;

complaints! {
    /// What is wrong with a secret, a rotation, or the lifetime of tokens.
    CredentialComplaint {
        /// The client has [`SECRETS_MAX`](crate::domain::rotation::SECRETS_MAX) secrets that work.
        SecretsTooMany = "secrets_too_many",
        /// This secret still waits for its first use, so no other can.
        RotationPending { secret: SecretNumber } = "rotation_pending",
        /// This secret does not wait for its first use, so that cannot be cancelled.
        NotPending { secret: SecretNumber } = "not_pending",
        /// This is the only secret of the client that works.
        LastSecret { secret: SecretNumber } = "last_secret",
        /// Older secrets would go on longer than [`GRACE_MAX`](crate::domain::rotation::GRACE_MAX).
        GraceTooLong = "grace_too_long",
        /// What becomes of the older secrets was not chosen.
        OldSecretsUnclear = "old_secrets_unclear",
        /// A label is longer than [`LABEL_MAX`](crate::domain::rotation::LABEL_MAX).
        LabelTooLong = "label_too_long",
        /// A label has characters that others could not read.
        LabelUnreadable { why: Unreadable } = "label_unreadable",
        /// Tokens would not live, or longer than [`TOKEN_TTL_MAX`](crate::domain::client::TOKEN_TTL_MAX).
        TokenTtlInvalid = "token_ttl_invalid",
    }
}
