//! Whether participants can sign in with a password at all.

use crate::service::Settings;

/// Whether clients may exchange participants' passwords and names for tokens at this server.
// There is no setting for it yet, so that nobody can have switched it off.
#[must_use]
pub fn has_password_grant(_: &Settings) -> bool {
    true
}
