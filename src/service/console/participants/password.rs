//! Passwords of participants. They are checked as those of administrators are.

use crate::domain::admin::check_password;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::participant::TypedParticipant;
use crate::domain::secret::Secret;
use crate::service::auth::passwords::{composed, opaque_string};
use crate::service::console::Console;

/// A new password in its canonical spelling; none when nothing was typed.
pub(super) fn check_new_password(
    typed: &Secret,
    participant: &TypedParticipant,
) -> Result<Option<Secret>, Complaint> {
    if typed.expose().is_empty() {
        return Ok(None);
    }
    let password = opaque_string(typed);
    for name in [&participant.email, &participant.nickname] {
        check_password(password.expose(), &composed(name.trim()).to_lowercase())?;
    }
    Ok(Some(password))
}

/// Hashes a checked password.
pub(super) async fn hash(console: &Console, password: &Secret) -> Result<Secret, Error> {
    let parts = &console.0;
    let hash = parts.passwords.hash(&parts.random, password).await?;
    Ok(Secret::new(hash))
}
