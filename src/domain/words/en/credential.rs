//! What is wrong with the secrets of a client, or with the lifetime of its tokens.

use std::fmt::{Formatter, Result};

use super::unreadable::unreadable;
use crate::domain::complaint::CredentialComplaint;
use crate::domain::rotation::{GRACE_MAX, LABEL_MAX, SECRETS_MAX};

const DAY: u64 = 86_400;

/// The sentence of a complaint about credentials.
pub(super) fn complaint(complaint: &CredentialComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        CredentialComplaint::SecretsTooMany => write!(
            to,
            "The client has {SECRETS_MAX} secrets that work, and no more are possible. End one of them first."
        ),
        CredentialComplaint::RotationPending { secret } => write!(
            to,
            "Secret {secret} has not been used yet. Cancel it, or let the program use it first."
        ),
        CredentialComplaint::NotPending { secret } => write!(
            to,
            "Secret {secret} was used, so there is nothing to cancel. It goes on working; end it if that is what you want."
        ),
        CredentialComplaint::LastSecret { secret } => write!(
            to,
            "Secret {secret} is the only one of this client that works. Make another first, or revoke the client."
        ),
        CredentialComplaint::GraceTooLong => write!(
            to,
            "Older secrets go on for at most {} days.",
            GRACE_MAX.as_secs() / DAY
        ),
        CredentialComplaint::OldSecretsUnclear => {
            write!(to, "Choose what becomes of the older secrets.")
        }
        CredentialComplaint::LabelTooLong => {
            write!(to, "A label has at most {LABEL_MAX} characters.")
        }
        CredentialComplaint::LabelUnreadable { why } => to.write_str(&unreadable("A label", *why)),
        CredentialComplaint::TokenTtlInvalid => write!(
            to,
            "Tokens live between one second and 366 days: a whole number and its unit."
        ),
    }
}
