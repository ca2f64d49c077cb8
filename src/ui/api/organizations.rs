//! Organizations, as the pages see them.

use leptos::prelude::*;

use super::Refusal;
use crate::domain::organization::NewOrganization;
use crate::domain::view::OrganizationList;

/// Every organization that is not archived.
///
/// # Errors
/// [`Error::SignInRequired`](crate::domain::error::Error::SignInRequired).
#[server(prefix = "/system/do", endpoint = "organizations/list")]
pub async fn list_organizations() -> Result<OrganizationList, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    Ok(service
        .list_organizations(&actor)
        .await
        .map_err(crate::http::problem::refused)?)
}

/// Makes an organization. Leads back to the list.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `name` or `host`.
#[server(prefix = "/system/do", endpoint = "organizations/create")]
pub async fn create_organization(form: NewOrganization) -> Result<i64, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    let organization = service
        .create_organization(&actor, &form)
        .await
        .map_err(|error| Refusal::of(crate::http::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!(
        "/system/organizations?created={}",
        organization.id
    ));
    Ok(organization.id)
}
