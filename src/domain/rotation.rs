//! New secrets for a client, and what becomes of its older ones.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Time;
use super::complaint::{Complaint, CredentialComplaint};
use super::error::{Error, FieldComplaint};
use super::text::check_readable;

/// How many secrets of a client work at most.
pub const SECRETS_MAX: usize = 5;

/// The longest label of a secret, in characters.
pub const LABEL_MAX: usize = 60;

/// How long older secrets go on at most after the first use of a new one.
pub const GRACE_MAX: Duration = Duration::from_hours(366 * 24);

/// For how long older secrets go on unless something else is said.
pub const GRACE_DEFAULT: Duration = Duration::from_hours(24);

/// A new secret for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// What people call the new secret, as typed.
    pub label: String,
    /// What becomes of the older ones.
    pub old: OldSecrets,
}

/// What becomes of the older secrets of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldSecrets {
    /// They go on as they are.
    Keep,
    /// They go on for so long from now; with none, they are revoked now.
    KeepFor(Duration),
    /// They go on until the new secret is used, and for so long afterwards; with none, they are revoked then.
    UntilFirstUse(Duration),
}

impl OldSecrets {
    /// For how long they go on, if not for ever.
    #[must_use]
    pub fn kept_for(self) -> Option<Duration> {
        match self {
            Self::Keep => None,
            Self::KeepFor(time) | Self::UntilFirstUse(time) => Some(time),
        }
    }

    /// The grace that waits for the first use of the new secret, in seconds.
    #[must_use]
    pub fn pending_grace(self) -> Option<i64> {
        match self {
            Self::Keep | Self::KeepFor(_) => None,
            Self::UntilFirstUse(grace) => i64::try_from(grace.as_secs()).ok(),
        }
    }
}

impl Rotation {
    /// A rotation without a label.
    #[must_use]
    pub fn unlabelled(old: OldSecrets) -> Self {
        let label = String::new();
        Self { label, old }
    }

    /// The label as it is stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `label` or `grace`.
    pub fn check(&self) -> Result<Option<String>, Error> {
        let mut wrong = Vec::new();
        if matches!(self.old, OldSecrets::UntilFirstUse(grace) if grace > GRACE_MAX) {
            let complaint = CredentialComplaint::GraceTooLong.into();
            wrong.push(FieldComplaint::new("grace", complaint));
        }
        match check_label(&self.label) {
            Ok(label) if wrong.is_empty() => return Ok(label),
            Ok(_) => {}
            Err(complaint) => wrong.push(FieldComplaint::new("label", complaint)),
        }
        Err(Error::Invalid(wrong))
    }
}

impl From<Duration> for Rotation {
    /// The older secrets go on for so long from now.
    fn from(keep_old: Duration) -> Self {
        Self::unlabelled(OldSecrets::KeepFor(keep_old))
    }
}

/// A typed label as it is stored, without white space around it; an empty one is none.
///
/// # Errors
/// What is wrong with it.
pub fn check_label(typed: &str) -> Result<Option<String>, Complaint> {
    let label = typed.trim();
    if label.is_empty() {
        return Ok(None);
    }
    if label.chars().count() > LABEL_MAX {
        return Err(CredentialComplaint::LabelTooLong.into());
    }
    let unreadable = |why| CredentialComplaint::LabelUnreadable { why };
    check_readable(label).map_err(unreadable)?;
    Ok(Some(label.to_owned()))
}

/// Whether a secret that is not revoked works, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretState {
    /// It works.
    Active,
    /// It works, and the end of the older ones waits for its first use.
    Pending {
        /// For how many seconds they go on after that.
        grace: i64,
    },
    /// It works until then.
    Ending {
        /// When it ends.
        at: Time,
    },
    /// It has ended by itself: it gets no tokens.
    Expired {
        /// When it ended.
        at: Time,
    },
}

impl SecretState {
    /// The state at a moment of a secret with this expiry and this pending grace.
    #[must_use]
    pub fn at(now: Time, expires_at: Option<Time>, pending_grace: Option<i64>) -> Self {
        match (expires_at, pending_grace) {
            (Some(at), _) if at <= now => Self::Expired { at },
            (Some(at), _) => Self::Ending { at },
            (None, Some(grace)) => Self::Pending { grace },
            (None, None) => Self::Active,
        }
    }

    /// Whether it can get tokens.
    #[must_use]
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Expired { .. })
    }

    /// The state as a word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending { .. } => "pending",
            Self::Ending { .. } => "ending",
            Self::Expired { .. } => "expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_readable() {
        assert_eq!(
            check_label("  CI of the website "),
            Ok(Some("CI of the website".to_owned()))
        );
        assert_eq!(check_label(" "), Ok(None));
        for label in ["a\u{202E}b", "a\nb", &"x".repeat(61)] {
            assert!(check_label(label).is_err(), "{label:?}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_a_rotation_is_named() {
        let rotation = Rotation {
            label: "x".repeat(61),
            old: OldSecrets::UntilFirstUse(GRACE_MAX + Duration::from_secs(1)),
        };
        let wrong = rotation.check().unwrap_err();
        assert!(wrong.field("label").is_some() && wrong.field("grace").is_some());
        let fits = Rotation::unlabelled(OldSecrets::UntilFirstUse(GRACE_MAX));
        assert_eq!(fits.check(), Ok(None));
    }

    #[test]
    fn a_secret_that_ends_does_not_wait() {
        let (now, later) = (
            Time::UNIX_EPOCH,
            Time::UNIX_EPOCH + chrono::TimeDelta::seconds(1),
        );
        let state = |end, grace| SecretState::at(now, end, grace).as_str();
        assert_eq!(state(None, None), "active");
        assert_eq!(state(None, Some(0)), "pending");
        assert_eq!(state(Some(later), None), "ending");
        assert_eq!(state(Some(now), None), "expired");
    }
}
