//! Server functions for organizations.

use leptos::prelude::*;

use super::ApiRefusal;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{NewHost, NewOrganization};

/// Creates an organization. Redirects to the list.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name` or `host`.
#[server(prefix = "/system/do", endpoint = "organizations/create")]
pub async fn create_organization(form: NewOrganization) -> Result<OrganizationId, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let organization = console
        .create_organization(&actor, &form)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!(
        "/system/organizations?created={}",
        organization.id
    ));
    Ok(organization.id)
}

/// Changes or removes an organization's host. Redirects to the list.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `host`; [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is archived.
#[server(prefix = "/system/do", endpoint = "organizations/set-host")]
pub async fn set_organization_host(form: NewHost) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let organization = console
        .set_organization_host(&actor, &form)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!(
        "/system/organizations?changed={}",
        organization.id
    ));
    Ok(())
}

/// Restores an archived organization. Redirects to the list.
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
    leptos_axum::redirect(&format!(
        "/system/organizations?restored={}",
        organization.id
    ));
    Ok(())
}
