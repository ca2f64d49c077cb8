//! Whether participants can sign in with a password at all.

use crate::service::Settings;

/// Whether clients may exchange participants' passwords and names for tokens at this server.
#[must_use]
pub fn has_password_grant(settings: &Settings) -> bool {
    settings.has_password_grant()
}
