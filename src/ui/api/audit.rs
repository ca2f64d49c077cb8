//! The server function of the audit log.

use leptos::prelude::*;

use super::ApiRefusal;

/// Verifies what was added to the audit log since the last time. Redirects to the page that it was posted from.
///
/// # Errors
/// [`Error::Forbidden`](crate::domain::error::Error::Forbidden).
#[server(prefix = "/system/do", endpoint = "audit/verify")]
pub async fn verify_audit_log() -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .verify_new_entries(&actor)
        .await
        .map_err(crate::http::console::problem::refused)?;
    Ok(())
}
