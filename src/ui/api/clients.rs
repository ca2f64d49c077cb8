//! API clients, as the pages see them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::Time;
use crate::domain::catalog::Catalog;
use crate::domain::client::{ClientDetails, ClientFilter, NewClient, check_name};
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::page::Cursor;
use crate::domain::scope;
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
pub async fn list_clients(filter: ClientFilter, cursor: Cursor) -> Result<ClientList, ApiRefusal> {
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
pub async fn client_choices() -> Result<ClientChoices, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    Ok(console
        .client_choices(&actor)
        .await
        .map_err(crate::http::console::problem::refused)?)
}

/// Makes a client. Leads to its page, which shows the secret.
///
/// # Errors
/// [`Error::Invalid`] in `name`, `organization_id`, `scopes`, `expiry` or `expires_on`.
#[server(prefix = "/system/do", endpoint = "clients/create")]
pub async fn create_client(#[server(default)] form: NewClientForm) -> Result<String, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| {
        ApiRefusal::of(
            crate::http::console::problem::refused(in_days(error, None)),
            &form,
        )
    };
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    let new = form
        .read(&console.settings().catalog, console.now())
        .map_err(refuse)?;
    let created = console
        .create_client(&actor, &new, None)
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
pub async fn show_client(id: String) -> Result<ClientPage, ApiRefusal> {
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
/// [`Error::Invalid`] in `name` or `expires_on`,
/// [`Error::Conflict`] when somebody else was quicker.
#[server(prefix = "/system/do", endpoint = "clients/update")]
pub async fn update_client(form: DetailsForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| {
        let error = in_days(error, Some(console.now()));
        ApiRefusal::of(crate::http::console::problem::refused(error), &form)
    };
    let mut details = form.read().map_err(refuse)?;
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    // If the client is changed in between, it is no longer at the form's version.
    let client = console.get_client(&actor, &form.id).await.map_err(refuse)?;
    details.expires_at = on_same_day(client.expires_at, details.expires_at);
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
pub async fn reveal_secret(id: String, number: i64) -> Result<ShownSecret, ApiRefusal> {
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
pub async fn revoke_client(
    id: String,
    #[server(default)] confirm: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &confirm);
    actor
        .require(crate::domain::rights::Right::ChangeClients)
        .map_err(refuse)?;
    let client = console.get_client(&actor, &id).await.map_err(refuse)?;
    if client.revoked_at.is_none() && confirm.trim() != client.name.trim() {
        let complaint = Complaint::NameNotConfirmed { name: client.name };
        return Err(refuse(Error::invalid("confirm", complaint)));
    }
    console.revoke_client(&actor, &id).await.map_err(refuse)?;
    leptos_axum::redirect(&format!("/system/api-clients?revoked={id}"));
    Ok(())
}

impl NewClientForm {
    /// Reads the form. A client of an organization gets the public scope besides, where the catalogue has it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `organization_id`, `expiry` or `expires_on` cannot be read, with whatever else is wrong.
    pub fn read(&self, catalog: &Catalog, now: Time) -> Result<NewClient, Error> {
        let mut unread = Vec::new();
        let organization_id = match self.organization_id.trim() {
            "" => None,
            text => {
                let id = text.parse().ok();
                if id.is_none() {
                    let complaint = Complaint::OrganizationInvalid;
                    unread.push(FieldComplaint::new("organization_id", complaint));
                }
                id
            }
        };
        let expires_at = self.read_expiry(now).unwrap_or_else(|wrong| {
            unread.push(wrong);
            None
        });
        let mut new = NewClient {
            id: None,
            name: Some(self.name.clone()),
            organization_id,
            scopes: self.scopes.clone(),
            permissions: Vec::new(),
            expires_at,
        };
        new.allow(self.allow_impersonate.is_some(), self.allow_login.is_some());
        let has_public = catalog.scope(scope::PUBLIC).is_some();
        if has_public && organization_id.is_some() && !new.scopes.is_empty() {
            new.scopes.push(scope::PUBLIC.to_owned());
        }
        if unread.is_empty() {
            return Ok(new);
        }
        let mut wrong = new.check(catalog, now).err().unwrap_or_default();
        wrong.retain(|wrong| unread.iter().all(|unread| unread.field != wrong.field));
        wrong.extend(unread);
        Err(Error::Invalid(wrong))
    }

    fn read_expiry(&self, now: Time) -> Result<Option<Time>, FieldComplaint> {
        match self.expiry.as_str() {
            "" | "never" => Ok(None),
            "date" => match read_day(&self.expires_on)? {
                None => Err(FieldComplaint::new("expires_on", Complaint::DayMissing)),
                day => Ok(day),
            },
            days => {
                let days: u16 = days
                    .parse()
                    .map_err(|_| FieldComplaint::new("expiry", Complaint::ExpiryMissing))?;
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
            let name = name.map(|complaint| FieldComplaint::new("name", complaint));
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
fn read_day(text: &str) -> Result<Option<Time>, FieldComplaint> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text
        .parse::<chrono::NaiveDate>()
        .map_err(|_| FieldComplaint::new("expires_on", Complaint::DayUnreadable))?;
    Ok(Some(day.and_time(chrono::NaiveTime::MIN).and_utc()))
}

/// The end of a client whose form says this one. A form knows days alone: a client that ends in the middle of the same
/// day goes on doing so.
#[must_use]
pub fn on_same_day(was: Option<Time>, end: Option<Time>) -> Option<Time> {
    let day = |moment: Time| moment.date_naive();
    was.filter(|was| end.map(day) == Some(day(*was))).or(end)
}

/// Names the end of a client as forms do, which have days where the rules have moments. With `today`, whoever chose a
/// day that has passed is told which day it is.
#[must_use]
pub fn in_days(error: Error, today: Option<Time>) -> Error {
    let Error::Invalid(mut wrong) = error else {
        return error;
    };
    for wrong in wrong.iter_mut().filter(|wrong| wrong.field == "expires_at") {
        wrong.field = "expires_on";
        if let (Complaint::ExpiryPassed, Some(today)) = (&wrong.complaint, today) {
            wrong.complaint = Complaint::DayPassed { today };
        }
    }
    Error::Invalid(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::catalog::built_in;

    fn form(organization: &str, scopes: &[&str]) -> NewClientForm {
        NewClientForm {
            name: "Dashboard".to_owned(),
            organization_id: organization.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..NewClientForm::default()
        }
    }

    #[test]
    fn a_client_of_an_organization_gets_the_public_scope() {
        let scopes = |form: NewClientForm, catalog: &Catalog| {
            form.read(catalog, Time::UNIX_EPOCH).unwrap().scopes
        };
        let catalog = built_in();
        assert_eq!(scopes(form("7", &["blogs"]), &catalog), ["blogs", "public"]);
        assert_eq!(scopes(form("", &["system"]), &catalog), ["system"]);
        assert_eq!(scopes(form("7", &[]), &catalog), [""; 0]);
        let nothing = Catalog::default();
        assert_eq!(scopes(form("7", &["blogs"]), &nothing), ["blogs"]);
    }

    #[test]
    fn an_end_stays_on_its_day() {
        let at = |text: &str| Some(text.parse::<Time>().unwrap());
        let (was, day) = (at("2027-06-01T15:30:00Z"), at("2027-06-01T00:00:00Z"));
        assert_eq!(on_same_day(was, day), was);
        let next = at("2027-06-02T00:00:00Z");
        assert_eq!(on_same_day(was, next), next);
        assert_eq!(on_same_day(was, None), None);
        assert_eq!(on_same_day(None, day), day);
    }
}
