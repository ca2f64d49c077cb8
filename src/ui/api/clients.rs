//! Server functions for API clients.

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

/// The form for a new client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClientForm {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The organization's id, or empty.
    #[serde(default)]
    pub organization_id: String,
    /// The scopes.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// `on` to allow acting as participants.
    #[serde(default)]
    pub allow_impersonate: Option<String>,
    /// `on` to allow exchanging participants' passwords for tokens.
    #[serde(default)]
    pub allow_login: Option<String>,
    /// `never`, a number of days, or `date`.
    #[serde(default)]
    pub expiry: String,
    /// With `date`: the day, such as `2026-11-24`.
    #[serde(default)]
    pub expires_on: String,
}

/// The form for a client's details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The version of the client that the form was rendered from.
    #[serde(default)]
    pub version: i64,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The day on which it expires, such as `2026-11-24`, or empty.
    #[serde(default)]
    pub expires_on: String,
    /// `on` to allow acting as participants.
    #[serde(default)]
    pub allow_impersonate: Option<String>,
    /// `on` to allow exchanging participants' passwords for tokens.
    #[serde(default)]
    pub allow_login: Option<String>,
}

/// One page of clients by filter.
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

/// The choices of the form for a new client.
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

/// Creates a client. Redirects to its page, which shows the secret.
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

/// The data of a client's pages.
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

/// Changes a client's name, expiry and switches. Redirects to its page.
///
/// # Errors
/// [`Error::Invalid`] in `name` or `expires_on`,
/// [`Error::Conflict`] when the client has changed since the form's version.
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
    // A change between this read and the write is a conflict, because the form's version is then outdated.
    let client = console.get_client(&actor, &form.id).await.map_err(refuse)?;
    details.expires_at = on_same_day(client.expires_at, details.expires_at);
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

/// Revokes a client with every token. Redirects to the list.
///
/// # Errors
/// [`Error::Invalid`] in `confirm` when the typed name is not the client's;
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
    /// Parses the form. A client of an organization also gets the scope `public`, where the catalogue has it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `organization_id`, `expiry` or `expires_on` cannot be parsed, with all other errors.
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
    /// Parses the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `expires_on`, and then in `name` as well if that is invalid too.
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

/// Parses a day as its midnight UTC, the moment at which the client expires.
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

/// The expiry for the form's day. A form has days only: if the client already expires within that day, its exact moment
/// is kept.
#[must_use]
pub fn on_same_day(was: Option<Time>, end: Option<Time>) -> Option<Time> {
    let day = |moment: Time| moment.date_naive();
    was.filter(|was| end.map(day) == Some(day(*was))).or(end)
}

/// Translates errors about an expiry to the form's field, which has days where the service has moments. With `today`,
/// the error about a past day names the current day.
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
