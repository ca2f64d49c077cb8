//! API clients, as the pages see them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::domain::Time;
use crate::domain::client::{ClientDetails, ClientFilter, NewClient};
use crate::domain::error::Error;
use crate::domain::page::Cursor;
use crate::domain::view::{ClientChoices, ClientList, ClientPage, ShownSecret};

/// What somebody typed to make a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClientForm {
    /// What people read.
    #[serde(default)]
    pub name: String,
    /// The organization's id, or nothing.
    #[serde(default)]
    pub organization_id: String,
    /// The scopes.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// `on` to let it act as participants.
    #[serde(default)]
    pub allow_impersonate: Option<String>,
    /// `on` to let it trade participants' passwords.
    #[serde(default)]
    pub allow_login: Option<String>,
    /// `never`, a number of days, or `date`.
    #[serde(default)]
    pub expiry: String,
    /// With `date`: the day, as `2026-11-24`.
    #[serde(default)]
    pub expires_on: String,
}

/// What somebody typed to change a client's details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The version of the client that the form was made from.
    #[serde(default)]
    pub version: i64,
    /// What people read.
    #[serde(default)]
    pub name: String,
    /// The day on which it ends, as `2026-11-24`, or nothing.
    #[serde(default)]
    pub expires_on: String,
    /// `on` to let it act as participants.
    #[serde(default)]
    pub allow_impersonate: Option<String>,
    /// `on` to let it trade participants' passwords.
    #[serde(default)]
    pub allow_login: Option<String>,
}

/// One page of clients under some filters.
///
/// # Errors
/// [`Error::SignInRequired`],
/// [`Error::Unavailable`].
#[server(prefix = "/system/do", endpoint = "clients/list")]
pub async fn list_clients(filter: ClientFilter, cursor: Cursor) -> Result<ClientList, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    Ok(service
        .list_clients(&actor, &filter, cursor)
        .await
        .map_err(crate::http::problem::refused)?)
}

/// What the form for a new client offers.
///
/// # Errors
/// [`Error::SignInRequired`].
#[server(name = AskClientChoices, prefix = "/system/do", endpoint = "clients/choices")]
pub async fn client_choices() -> Result<ClientChoices, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    Ok(service
        .client_choices(&actor)
        .await
        .map_err(crate::http::problem::refused)?)
}

/// Makes a client. Leads to its page, which shows the secret.
///
/// # Errors
/// [`Error::Invalid`] in `name`, `organization_id`, `scopes` or `expires_on`.
#[server(prefix = "/system/do", endpoint = "clients/create")]
pub async fn create_client(#[server(default)] form: NewClientForm) -> Result<String, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    let refuse = |error| Refusal::of(crate::http::problem::refused(error), &form);
    let new = form.read(service.now()).map_err(refuse)?;
    let created = service
        .create_client_for_page(&actor, new)
        .await
        .map_err(refuse)?;
    crate::http::session::show_secret(
        &service,
        &actor,
        &created.client.id,
        created.secret_number,
        &created.secret,
        true,
    );
    leptos_axum::redirect(&format!("/system/api-clients/{}", created.client.id));
    Ok(created.client.id.to_string())
}

/// What a client's pages show.
///
/// # Errors
/// [`Error::NotFound`].
#[server(prefix = "/system/do", endpoint = "clients/show")]
pub async fn show_client(id: String) -> Result<ClientPage, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    let mut page = service
        .show_client(&actor, &id)
        .await
        .map_err(crate::http::problem::refused)?;
    page.shown = crate::http::session::take_shown_secret(&service, &actor, &page.client.id);
    Ok(page)
}

/// Changes a client's name, expiry and switches. Leads back to its page.
///
/// # Errors
/// [`Error::Invalid`],
/// [`Error::Conflict`] when somebody else was quicker.
#[server(prefix = "/system/do", endpoint = "clients/update")]
pub async fn update_client(form: DetailsForm) -> Result<(), Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    let refuse = |error| Refusal::of(crate::http::problem::refused(error), &form);
    let details = form.read().map_err(refuse)?;
    service
        .update_client(&actor, &form.id, form.version, details)
        .await
        .map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/api-clients/{}?saved", form.id));
    Ok(())
}

/// Shows a secret again, and leaves an entry in the trail.
///
/// # Errors
/// [`Error::NotFound`],
/// [`Error::Forbidden`] when no copy is kept.
#[server(prefix = "/system/do", endpoint = "clients/reveal-secret")]
pub async fn reveal_secret(id: String, number: i64) -> Result<ShownSecret, Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    let revealed = service
        .reveal_secret(&actor, &id, number)
        .await
        .map_err(crate::http::problem::refused)?;
    if crate::http::session::is_plain_form() {
        crate::http::session::show_secret(
            &service,
            &actor,
            &revealed.client_id,
            number,
            &revealed.secret,
            false,
        );
    }
    Ok(ShownSecret {
        number,
        text: revealed.secret.expose().to_owned(),
        is_new_client: false,
    })
}

/// Ends a client for good, with every token. Leads to the list.
///
/// # Errors
/// [`Error::Invalid`] in `confirm` when the name typed is not the client's;
/// [`Error::Conflict`] when it was revoked before.
#[server(prefix = "/system/do", endpoint = "clients/revoke")]
pub async fn revoke_client(id: String, #[server(default)] confirm: String) -> Result<(), Refusal> {
    let (service, actor) = crate::http::session::signed_in()?;
    service
        .revoke_client_by_name(&actor, &id, &confirm)
        .await
        .map_err(|error| Refusal::of(crate::http::problem::refused(error), &confirm))?;
    leptos_axum::redirect(&format!("/system/api-clients?revoked={id}"));
    Ok(())
}

impl NewClientForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `organization_id`, `expiry` or `expires_on`.
    pub fn read(&self, now: Time) -> Result<NewClient, Error> {
        let organization_id = match self.organization_id.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                Error::invalid("organization_id", "There is no such organization.")
            })?),
        };
        let expires_at = match self.expiry.as_str() {
            "" | "never" => None,
            "date" => Some(read_day(&self.expires_on)?.ok_or_else(|| {
                Error::invalid("expires_on", "Choose the day on which it expires.")
            })?),
            days => {
                let days: u16 = days
                    .parse()
                    .map_err(|_| Error::invalid("expiry", "Choose when it expires."))?;
                Some(now + chrono::TimeDelta::days(i64::from(days)))
            }
        };
        let mut new = NewClient {
            id: None,
            name: Some(self.name.clone()),
            organization_id,
            scopes: self.scopes.clone(),
            permissions: Vec::new(),
            expires_at,
        };
        new.allow(self.allow_impersonate.is_some(), self.allow_login.is_some());
        Ok(new)
    }
}

impl DetailsForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `expires_on`.
    pub fn read(&self) -> Result<ClientDetails, Error> {
        Ok(ClientDetails {
            name: self.name.clone(),
            expires_at: read_day(&self.expires_on)?,
            allow_impersonate: self.allow_impersonate.is_some(),
            allow_login: self.allow_login.is_some(),
        })
    }
}

/// Reads a day as midnight UTC, the moment at which a client that expires on it ends.
fn read_day(text: &str) -> Result<Option<Time>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<chrono::NaiveDate>().map_err(|_| {
        Error::invalid(
            "expires_on",
            "Write the day as year-month-day, such as 2027-06-01.",
        )
    })?;
    Ok(Some(day.and_time(chrono::NaiveTime::MIN).and_utc()))
}
