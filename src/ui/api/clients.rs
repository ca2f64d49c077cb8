//! API clients, as the pages see them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::domain::Time;
use crate::domain::client::{ClientDetails, ClientFilter, NewClient, check_name};
use crate::domain::error::{Error, FieldError};
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
    let (console, actor) = crate::http::console::session::signed_in()?;
    Ok(console
        .list_clients(&actor, &filter, cursor)
        .await
        .map_err(crate::http::console::problem::refused)?)
}

/// What the form for a new client offers.
///
/// # Errors
/// [`Error::SignInRequired`].
#[server(name = AskClientChoices, prefix = "/system/do", endpoint = "clients/choices")]
pub async fn client_choices() -> Result<ClientChoices, Refusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    Ok(console
        .client_choices(&actor)
        .await
        .map_err(crate::http::console::problem::refused)?)
}

/// Makes a client. Leads to its page, which shows the secret.
///
/// # Errors
/// [`Error::Invalid`] in `name`, `organization_id`, `scopes` or `expires_on`.
#[server(prefix = "/system/do", endpoint = "clients/create")]
pub async fn create_client(#[server(default)] form: NewClientForm) -> Result<String, Refusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| Refusal::of(crate::http::console::problem::refused(error), &form);
    let (new, unread) = form.read(console.now());
    let created = console
        .create_client_for_page(&actor, new, unread)
        .await
        .map_err(refuse)?;
    crate::http::console::session::show_secret(
        &console,
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
    let (console, actor) = crate::http::console::session::signed_in()?;
    let mut page = console
        .show_client(&actor, &id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    page.shown =
        crate::http::console::session::take_shown_secret(&console, &actor, &page.client.id);
    Ok(page)
}

/// Changes a client's name, expiry and switches. Leads back to its page.
///
/// # Errors
/// [`Error::Invalid`],
/// [`Error::Conflict`] when somebody else was quicker.
#[server(prefix = "/system/do", endpoint = "clients/update")]
pub async fn update_client(form: DetailsForm) -> Result<(), Refusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| Refusal::of(crate::http::console::problem::refused(error), &form);
    let details = form.read().map_err(refuse)?;
    console
        .update_client(&actor, &form.id, form.version, details)
        .await
        .map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/api-clients/{}?saved", form.id));
    Ok(())
}

/// Shows a secret again, and leaves an entry in the audit log.
///
/// # Errors
/// [`Error::NotFound`],
/// [`Error::Forbidden`] when no copy is kept.
#[server(prefix = "/system/do", endpoint = "clients/reveal-secret")]
pub async fn reveal_secret(id: String, number: i64) -> Result<ShownSecret, Refusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let revealed = console
        .reveal_secret(&actor, &id, number)
        .await
        .map_err(crate::http::console::problem::refused)?;
    if crate::http::console::session::is_plain_form() {
        crate::http::console::session::show_secret(
            &console,
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
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .revoke_client_by_name(&actor, &id, &confirm)
        .await
        .map_err(|error| Refusal::of(crate::http::console::problem::refused(error), &confirm))?;
    leptos_axum::redirect(&format!("/system/api-clients?revoked={id}"));
    Ok(())
}

impl NewClientForm {
    /// Reads the form: what can be read of it, and what is wrong with the rest, in `organization_id`, `expiry` or
    /// `expires_on`.
    #[must_use]
    pub fn read(&self, now: Time) -> (NewClient, Vec<FieldError>) {
        let organization_id = match self.organization_id.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| FieldError::new("organization_id", "There is no such organization.")),
        };
        let expires_at = self.read_expiry(now);
        let unread = [organization_id.as_ref().err(), expires_at.as_ref().err()];
        let unread = unread.into_iter().flatten().cloned().collect();
        let mut new = NewClient {
            id: None,
            name: Some(self.name.clone()),
            organization_id: organization_id.unwrap_or_default(),
            scopes: self.scopes.clone(),
            permissions: Vec::new(),
            expires_at: expires_at.unwrap_or_default(),
        };
        new.allow(self.allow_impersonate.is_some(), self.allow_login.is_some());
        (new, unread)
    }

    fn read_expiry(&self, now: Time) -> Result<Option<Time>, FieldError> {
        match self.expiry.as_str() {
            "" | "never" => Ok(None),
            "date" => match read_day(&self.expires_on)? {
                None => Err(FieldError::new(
                    "expires_on",
                    "Choose the day on which it expires.",
                )),
                day => Ok(day),
            },
            days => {
                let days: u16 = days
                    .parse()
                    .map_err(|_| FieldError::new("expiry", "Choose when it expires."))?;
                Ok(Some(now + chrono::TimeDelta::days(i64::from(days))))
            }
        }
    }
}

impl DetailsForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `expires_on`, and then in `name` as well if that is wrong too.
    pub fn read(&self) -> Result<ClientDetails, Error> {
        let expires_at = read_day(&self.expires_on).map_err(|unread| {
            let name = check_name(self.name.trim()).err();
            let name = name.map(|message| FieldError::new("name", message));
            Error::Invalid(name.into_iter().chain([unread]).collect())
        })?;
        Ok(ClientDetails {
            name: self.name.clone(),
            expires_at,
            allow_impersonate: self.allow_impersonate.is_some(),
            allow_login: self.allow_login.is_some(),
        })
    }
}

/// Reads a day as midnight UTC, the moment at which a client that expires on it ends.
fn read_day(text: &str) -> Result<Option<Time>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<chrono::NaiveDate>().map_err(|_| {
        FieldError::new(
            "expires_on",
            "Write the day as year-month-day, such as 2027-06-01.",
        )
    })?;
    Ok(Some(day.and_time(chrono::NaiveTime::MIN).and_utc()))
}
