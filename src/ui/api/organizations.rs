//! Server functions for organizations.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{NewHost, NewName};

/// The form for a new organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationForm {
    /// The form's key; with one, the form makes one organization, however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The tenant host, or nothing.
    #[serde(default)]
    pub host: String,
}

/// Creates an organization, once for each key of the form. Redirects to the list.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name` or `host`.
#[server(prefix = "/system/do", endpoint = "organizations/create")]
pub async fn create_organization(form: OrganizationForm) -> Result<String, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let new = crate::domain::organization::NewOrganization {
        name: form.name.clone(),
        host: form.host.clone(),
    };
    let sent = crate::service::SentForm::new(&form.form_key, "organizations/create", &form);
    let answer = console
        .create_organization_by_form(&actor, &sent, &new)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!("/system/organizations?created={}", answer.made));
    Ok(answer.made)
}

/// Changes or removes an organization's host. Redirects to the list, or to the organization's page where `from` says so.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `host`; [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is archived.
#[server(prefix = "/system/do", endpoint = "organizations/set-host")]
pub async fn set_organization_host(
    form: NewHost,
    #[server(default)] from: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let organization = console
        .set_organization_host(&actor, &form)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&crate::ui::addresses::organization_done(
        &from,
        organization.id,
        "changed",
    ));
    Ok(())
}

/// Gives an organization another name. Redirects to its page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name`;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it has changed since the form's version.
#[server(prefix = "/system/do", endpoint = "organizations/rename")]
pub async fn rename_organization(form: NewName) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let organization = console
        .rename_organization(&actor, &form)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&crate::ui::addresses::organization_done(
        crate::ui::addresses::FROM_PAGE,
        organization.id,
        "renamed",
    ));
    Ok(())
}

/// Archives an organization. Redirects to its page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `confirm` when the typed name is not the organization's;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it was archived before.
#[server(prefix = "/system/do", endpoint = "organizations/archive")]
pub async fn archive_organization(
    #[server(default)] id: OrganizationId,
    #[server(default)] confirm: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &confirm))?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &confirm);
    actor
        .require(crate::domain::rights::Right::ChangeOrganizations)
        .map_err(refuse)?;
    let organization = console.get_organization(&actor, id).await.map_err(refuse)?;
    if organization.archived_at.is_none()
        && !crate::http::console::confirmation::confirms(&confirm, &organization.name)
    {
        let complaint = crate::domain::complaint::Complaint::NameNotConfirmed {
            name: organization.name,
        };
        return Err(refuse(crate::domain::error::Error::invalid(
            "confirm", complaint,
        )));
    }
    console
        .archive_organization(&actor, id)
        .await
        .map_err(refuse)?;
    leptos_axum::redirect(&crate::ui::addresses::organization_done(
        crate::ui::addresses::FROM_PAGE,
        id,
        "archived",
    ));
    Ok(())
}

/// Restores an archived organization. Redirects to its page.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is not archived.
#[server(prefix = "/system/do", endpoint = "organizations/restore")]
pub async fn restore_organization(#[server(default)] id: OrganizationId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let organization = console
        .restore_organization(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&crate::ui::addresses::organization_done(
        crate::ui::addresses::FROM_PAGE,
        organization.id,
        "restored",
    ));
    Ok(())
}
