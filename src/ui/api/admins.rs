//! Server functions for administrators and their one-time links.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::ids::AdminId;

/// The form that invites an administrator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationForm {
    /// The form's key; with one, the form makes one link, however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The address to sign in with.
    #[serde(default)]
    pub email: String,
    /// The role to join with.
    #[serde(default)]
    pub role: String,
}

/// The form that gives an administrator another role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleForm {
    /// The administrator.
    #[serde(default)]
    pub id: AdminId,
    /// The role.
    #[serde(default)]
    pub role: String,
}

/// The form of a one-time link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkForm {
    /// The code of the link.
    #[serde(default)]
    pub code: String,
}

/// Makes a link with which somebody joins, once for each key of the form. Redirects to the list, which shows it once.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `email` or `role`.
#[server(prefix = "/system/do", endpoint = "administrators/invite")]
pub async fn invite_admin(form: InvitationForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let new = crate::domain::admin::NewInvitation {
        email: form.email.clone(),
        role: crate::domain::role::Role::parse(&form.role),
    };
    let sent = crate::service::SentForm::new(&form.form_key, "administrators/invite", &form);
    let answer = console
        .invite_admin_by_form(&actor, &sent, &new)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    if let Some(sealed) = &answer.sealed {
        crate::http::console::session::show_link(sealed);
    }
    leptos_axum::redirect("/system/administrators");
    Ok(())
}

/// Makes a new link in place of one that waits. Redirects to the list, which shows it once.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound) when the address has no link.
#[server(prefix = "/system/do", endpoint = "administrators/renew-link")]
pub async fn renew_admin_link(#[server(default)] email: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let made = console
        .renew_admin_link(&actor, &email)
        .await
        .map_err(crate::http::console::problem::refused)?;
    crate::http::console::session::show_link(&console.seal_shown_link(&actor, &made));
    leptos_axum::redirect("/system/administrators");
    Ok(())
}

/// Withdraws a link. Redirects to the list.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound) when the address has no link.
#[server(prefix = "/system/do", endpoint = "administrators/withdraw-link")]
pub async fn withdraw_admin_link(#[server(default)] email: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .withdraw_admin_link(&actor, &email)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect("/system/administrators?changed");
    Ok(())
}

/// Makes a link to a new password. Redirects to the list, which shows it once.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the administrator is disabled.
#[server(prefix = "/system/do", endpoint = "administrators/password-link")]
pub async fn make_password_link(#[server(default)] id: AdminId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let made = console
        .make_password_link(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    crate::http::console::session::show_link(&console.seal_shown_link(&actor, &made));
    leptos_axum::redirect("/system/administrators");
    Ok(())
}

/// Gives an administrator another role. Redirects to their page.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) for the last owner;
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `role`.
#[server(prefix = "/system/do", endpoint = "administrators/set-role")]
pub async fn set_admin_role(form: RoleForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &form);
    let role = crate::domain::role::Role::parse(&form.role).ok_or_else(|| {
        let complaint = crate::domain::complaint::AdminComplaint::RoleMissing;
        refuse(crate::domain::error::Error::invalid(
            "role",
            complaint.into(),
        ))
    })?;
    let admin = console
        .set_admin_role(&actor, form.id, role)
        .await
        .map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/administrators/{}?saved", admin.id));
    Ok(())
}

/// Disables an administrator. Redirects to their page, or to the sign-in when they are the one who asks.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) for the last owner.
#[server(prefix = "/system/do", endpoint = "administrators/disable")]
pub async fn disable_admin(#[server(default)] id: AdminId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let admin = console
        .disable_admin(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/administrators/{}?saved", admin.id));
    Ok(())
}

/// Lets a disabled administrator sign in again. Redirects to their page.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when they are not disabled.
#[server(prefix = "/system/do", endpoint = "administrators/enable")]
pub async fn enable_admin(#[server(default)] id: AdminId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let admin = console
        .enable_admin(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/administrators/{}?saved", admin.id));
    Ok(())
}

/// Ends every session of an administrator. Redirects to their page.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound).
#[server(prefix = "/system/do", endpoint = "administrators/end-sessions")]
pub async fn end_admin_sessions(#[server(default)] id: AdminId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let admin = console
        .end_admin_sessions(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/administrators/{}?saved", admin.id));
    Ok(())
}

/// Sets the password of whoever has a one-time link, and signs them in. Redirects to the start page.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound) when the link does not work;
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `password`.
#[server(prefix = "/system/do", endpoint = "invitation")]
pub async fn use_admin_link(
    form: LinkForm,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, visitor) = crate::http::console::session::visitor()?;
    let password = crate::domain::secret::Secret::new(password);
    let code = crate::domain::secret::Secret::new(form.code.clone());
    let session = console
        .use_admin_link(&visitor, &code, &password)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    crate::http::console::session::set_session_cookie(&session);
    leptos_axum::redirect(crate::http::console::session::HOME);
    Ok(())
}
