//! Server functions for set-up, sign-in, sign-out, and the theme.

#![allow(
    clippy::unused_async,
    reason = "a server function is async, whether it waits for anything or not"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;

/// The form of the set-up page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupForm {
    /// The one-time code from the server's log.
    #[serde(default)]
    pub code: String,
    /// The address to sign in with.
    #[serde(default)]
    pub email: String,
}

/// The form of the sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInForm {
    /// The address to sign in with.
    #[serde(default)]
    pub email: String,
    /// The page to redirect to, a path below `/system`.
    #[serde(default)]
    pub next: String,
    /// The sealed form that was typed before the session ended, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub typed: String,
}

/// Creates the first administrator and signs them in. Redirects to `/system/organizations`.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `code`, `email` or `password`; [`Error::TooMany`](crate::domain::error::Error::TooMany).
#[server(prefix = "/system/do", endpoint = "set-up")]
pub async fn set_up(
    form: SetupForm,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, visitor) = crate::http::console::session::visitor()?;
    let password = crate::domain::secret::Secret::new(password);
    let session = console
        .create_first_admin(&visitor, &form.code, &form.email, &password)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    crate::http::console::session::set_session_cookie(&session);
    leptos_axum::redirect("/system/organizations");
    Ok(())
}

/// Signs an administrator in. Redirects to the form's page, or answers with the page of the form that they typed before
/// their session ended.
///
/// # Errors
/// [`Error::WrongCredentials`](crate::domain::error::Error::WrongCredentials), [`Error::TooMany`](crate::domain::error::Error::TooMany).
#[server(prefix = "/system/do", endpoint = "sign-in")]
pub async fn sign_in(
    form: SignInForm,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, visitor) = crate::http::console::session::visitor()?;
    let password = crate::domain::secret::Secret::new(password);
    let session = console
        .sign_in(&visitor, &form.email, &password)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    crate::http::console::session::set_session_cookie(&session);
    if let Some(typed) = console.open_typed_form(&session.email, &form.typed) {
        crate::http::console::forms::reopen(typed);
    }
    let next = crate::http::console::own_pages::own_page(&form.next);
    leptos_axum::redirect(
        next.as_deref()
            .unwrap_or(crate::http::console::session::HOME),
    );
    Ok(())
}

/// Ends the session. Redirects to the sign-in page.
///
/// # Errors
/// [`Error::Unavailable`](crate::domain::error::Error::Unavailable).
#[server(prefix = "/system/do", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .sign_out(&actor)
        .await
        .map_err(crate::http::console::problem::refused)?;
    crate::http::console::session::delete_session_cookie();
    leptos_axum::redirect("/system/sign-in");
    Ok(())
}

/// Stores the theme in a cookie: `system`, `light` or `dark`.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) for any other value.
#[server(prefix = "/system/do", endpoint = "theme")]
pub async fn set_theme(theme: String) -> Result<(), ApiRefusal> {
    if !["system", "light", "dark"].contains(&theme.as_str()) {
        return Err(
            crate::http::console::problem::refused(crate::domain::error::Error::invalid(
                "theme",
                crate::domain::complaint::Complaint::ThemeUnknown,
            ))
            .into(),
        );
    }
    crate::http::console::session::remember_theme(&theme);
    Ok(())
}
