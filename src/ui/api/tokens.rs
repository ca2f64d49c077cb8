//! Server functions for tokens of clients.

use leptos::prelude::*;

use super::ApiRefusal;

/// Revokes one token of a client. Redirects to the client's tokens.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `token` when it is not one of this client's;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client is revoked.
#[server(prefix = "/system/do", endpoint = "tokens/revoke")]
pub async fn revoke_token(
    #[server(default)] id: String,
    #[server(default)] token: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let revoked = console
        .revoke_token(&actor, &id, &token)
        .await
        .map_err(crate::http::console::problem::refused)?;
    let end = revoked.end();
    leptos_axum::redirect(&format!("/system/api-clients/{id}/tokens?revoked={end}"));
    Ok(())
}

/// Revokes every token of a client that was issued so far. Redirects to the client's tokens.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client is revoked.
#[server(prefix = "/system/do", endpoint = "tokens/revoke-all")]
pub async fn revoke_all_tokens(#[server(default)] id: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .revoke_all_tokens(&actor, &id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/api-clients/{id}/tokens?revoked-all"));
    Ok(())
}
