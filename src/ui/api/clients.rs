//! Server functions for API clients.

use leptos::prelude::*;

use super::ApiRefusal;
use crate::domain::view::ShownSecret;

mod bulk;
mod forms;

pub use bulk::{BulkForm, ChangeClients, change_clients};
pub use forms::{DetailsForm, NO_ORGANIZATION, NewClientForm, TTL_UNITS, in_days, in_units};

/// Creates a client, once for each key of the form. Redirects to its page, which shows the secret.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name`, `organization_id`, `scopes`, `expiry` or `expires_on`.
#[server(prefix = "/system/do", endpoint = "clients/create")]
pub async fn create_client(#[server(default)] form: NewClientForm) -> Result<String, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| {
        ApiRefusal::of(
            crate::http::console::problem::refused(in_days(error, None)),
            &form,
        )
    };
    let organization = console
        .find_named_organization(&actor, &form.named_organization())
        .await
        .map_err(refuse)?;
    let new = form
        .read(organization, &console.settings().catalog, console.now())
        .map_err(refuse)?;
    let sent = crate::service::SentForm::new(&form.form_key, "clients/create", &form);
    let answer = console
        .create_client_by_form(&actor, &sent, &new)
        .await
        .map_err(refuse)?;
    if let Some(sealed) = &answer.sealed {
        crate::http::console::session::show_secret(sealed);
    }
    leptos_axum::redirect(&format!("/system/api-clients/{}", answer.made));
    Ok(answer.made)
}

/// Changes a client's name, expiry, lifetime of tokens and switches. Redirects to its page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name`, `expires_on` or `token_ttl`,
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client has changed since the form's version.
#[server(prefix = "/system/do", endpoint = "clients/update")]
pub async fn update_client(form: DetailsForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| {
        let error = in_days(error, Some(console.now()));
        ApiRefusal::of(crate::http::console::problem::refused(error), &form)
    };
    let mut details = form.read().map_err(refuse)?;
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    // A change between this read and the write is a conflict, because the form's version is then outdated.
    let client = console.get_client(&actor, &form.id).await.map_err(refuse)?;
    let was = client.lifecycle.expires_at();
    details.expires_at = crate::domain::on_same_day(was, details.expires_at);
    console
        .update_client(&actor, &form.id, form.version, details)
        .await
        .map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/api-clients/{}?saved", form.id));
    Ok(())
}

/// Reveals a secret, and writes an entry to the audit log.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound),
/// [`Error::Forbidden`](crate::domain::error::Error::Forbidden) when no copy is kept.
#[server(prefix = "/system/do", endpoint = "clients/reveal-secret")]
pub async fn reveal_secret(
    id: String,
    number: crate::domain::ids::SecretNumber,
) -> Result<ShownSecret, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let revealed = console
        .reveal_secret(&actor, &id, number)
        .await
        .map_err(crate::http::console::problem::refused)?;
    let shown = ShownSecret {
        number,
        text: revealed.secret.expose().to_owned(),
        is_new_client: false,
    };
    if crate::http::console::session::is_plain_form() {
        let sealed = console.seal_shown_secret(&actor, &revealed.client_id, &shown);
        crate::http::console::session::show_secret(&sealed);
    }
    Ok(shown)
}

/// Suspends a client: its tokens are dead until it is resumed. Redirects to its page.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound);
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is revoked.
#[server(prefix = "/system/do", endpoint = "clients/suspend")]
pub async fn suspend_client(id: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .suspend_client(&actor, &id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/api-clients/{id}?suspended"));
    Ok(())
}

/// Resumes a suspended client. Redirects to its page.
///
/// # Errors
/// [`Error::NotFound`](crate::domain::error::Error::NotFound);
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is revoked.
#[server(prefix = "/system/do", endpoint = "clients/resume")]
pub async fn resume_client(id: String) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .resume_client(&actor, &id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/api-clients/{id}?resumed"));
    Ok(())
}

/// Revokes a client with every token. Redirects to the list.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `confirm` when the typed name is not the client's;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it was revoked before.
#[server(prefix = "/system/do", endpoint = "clients/revoke")]
pub async fn revoke_client(
    id: String,
    #[server(default)] confirm: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &confirm))?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &confirm);
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    let client = console.get_client(&actor, &id).await.map_err(refuse)?;
    if !client.lifecycle.is_revoked()
        && !crate::http::console::confirmation::confirms(&confirm, &client.name)
    {
        let complaint = crate::domain::complaint::Complaint::NameNotConfirmed { name: client.name };
        return Err(refuse(crate::domain::error::Error::invalid(
            "confirm", complaint,
        )));
    }
    console.revoke_client(&actor, &id).await.map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/api-clients?revoked={id}"));
    Ok(())
}
