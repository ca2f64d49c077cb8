//! Server functions for the account of whoever is signed in, and for the proof of their password.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;

/// The form of the page that asks for the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmForm {
    /// The sealed form that is carried out when the password is right, or nothing.
    #[serde(default)]
    pub held: String,
    /// The page to redirect to, a path below `/system`.
    #[serde(default)]
    pub next: String,
}

/// Proves the password, and carries out the form that needed it; without one it redirects to the form's page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `password`; [`Error::TooMany`](crate::domain::error::Error::TooMany).
#[server(prefix = "/system/do", endpoint = "confirm")]
pub async fn confirm(
    form: ConfirmForm,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let password = crate::domain::secret::Secret::new(password);
    console
        .confirm_password(&actor, &password)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    if let Some(held) = console.open_held_form(&actor, &form.held) {
        crate::http::console::held_forms::resend(held);
    }
    let next = crate::http::console::own_pages::own_page(&form.next);
    leptos_axum::redirect(
        next.as_deref()
            .unwrap_or(crate::http::console::session::HOME),
    );
    Ok(())
}

/// Replaces the password, and ends the other sessions. Redirects to the account.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `current` or `password`;
/// [`Error::TooMany`](crate::domain::error::Error::TooMany).
#[server(prefix = "/system/do", endpoint = "account/password")]
pub async fn change_own_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let current = crate::domain::secret::Secret::new(current);
    let password = crate::domain::secret::Secret::new(password);
    console
        .change_own_password(&actor, &current, &password)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect("/system/account?saved=password");
    Ok(())
}

/// Ends one of the sessions. Redirects to the account.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound) when it has ended.
#[server(prefix = "/system/do", endpoint = "account/end-session")]
pub async fn end_own_session(#[server(default)] session: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .end_own_session(&actor, &session)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect("/system/account?saved=sessions");
    Ok(())
}

/// Ends the other sessions. Redirects to the account.
///
/// # Errors
/// [`Error::Unavailable`](crate::domain::error::Error::Unavailable).
#[server(prefix = "/system/do", endpoint = "account/end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .end_other_sessions(&actor)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect("/system/account?saved=sessions");
    Ok(())
}
