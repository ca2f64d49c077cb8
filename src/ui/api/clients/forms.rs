//! The forms about clients: how they are read, and how the fields of a refusal are named in them.

use serde::{Deserialize, Serialize};

use crate::domain::Time;
use crate::domain::catalog::Catalog;
use crate::domain::client::{ClientDetails, NewClient, check_name};
use crate::domain::complaint::{Complaint, CredentialComplaint};
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::ids::{OrganizationId, Version};
use crate::domain::organization::NamedOrganization;
use crate::domain::scope;

/// The choice of a client without an organization.
pub const NO_ORGANIZATION: &str = "none";

/// The form for a new client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClientForm {
    /// The form's key; with one, the form makes one client, however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The id of the chosen organization, or [`NO_ORGANIZATION`], also where there was no choice; empty where there was one
    /// and it was not made.
    #[serde(default = "no_organization")]
    pub organization_id: String,
    /// Where there are many organizations: the typed name or id, or empty.
    #[serde(default)]
    pub organization: String,
    /// The id of the organization whose name was filled in, or empty.
    #[serde(default)]
    pub organization_filled_in: String,
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

fn no_organization() -> String {
    NO_ORGANIZATION.to_owned()
}

/// The form for a client's details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The version of the client that the form was rendered from.
    #[serde(default)]
    pub version: Version,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The day on which it expires, such as `2026-11-24`, or empty.
    #[serde(default)]
    pub expires_on: String,
    /// How long its tokens live, as a number of units, or empty.
    #[serde(default)]
    pub token_ttl: String,
    /// The unit, in seconds.
    #[serde(default)]
    pub token_ttl_unit: String,
    /// `on` to allow acting as participants.
    #[serde(default)]
    pub allow_impersonate: Option<String>,
    /// `on` to allow exchanging participants' passwords for tokens.
    #[serde(default)]
    pub allow_login: Option<String>,
}

impl NewClientForm {
    /// How it names the organization.
    #[must_use]
    pub fn named_organization(&self) -> NamedOrganization {
        NamedOrganization {
            chosen: self.chosen_organization().to_owned(),
            text: self.organization.clone(),
            filled_in: self.organization_filled_in.clone(),
        }
    }

    /// The id of the chosen organization, or empty.
    #[must_use]
    pub fn chosen_organization(&self) -> &str {
        match self.organization_id.as_str() {
            NO_ORGANIZATION => "",
            id => id,
        }
    }

    /// Parses the form, with the organization that it names. A client of an organization also gets the scope `public`,
    /// where the catalogue has it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the organization is not clear, or `expiry` or `expires_on` cannot be parsed, with all other
    /// errors.
    pub fn read(
        &self,
        organization: Result<Option<OrganizationId>, Complaint>,
        catalog: &Catalog,
        now: Time,
    ) -> Result<NewClient, Error> {
        let mut unread = Vec::new();
        let organization = match organization {
            Ok(None) if self.organization_id.trim().is_empty() => {
                Err(Complaint::OrganizationMissing)
            }
            read => read,
        };
        let organization_id = organization.unwrap_or_else(|complaint| {
            unread.push(FieldComplaint::new("organization_id", complaint));
            None
        });
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
    /// [`Error::Invalid`] in `expires_on` or `token_ttl`, and then in `name` as well if that is invalid too.
    pub fn read(&self) -> Result<ClientDetails, Error> {
        let (expires_at, token_ttl) = (read_day(&self.expires_on), self.read_token_ttl());
        let unread = expires_at.clone().err().into_iter();
        let unread: Vec<FieldComplaint> = unread.chain(token_ttl.clone().err()).collect();
        if !unread.is_empty() {
            let name = check_name(self.name.trim()).err();
            let name = name.map(|complaint| FieldComplaint::new("name", complaint));
            return Err(Error::Invalid(name.into_iter().chain(unread).collect()));
        }
        Ok(ClientDetails {
            name: self.name.clone(),
            expires_at: expires_at.unwrap_or_default(),
            token_ttl: token_ttl.unwrap_or_default(),
            allow_impersonate: self.allow_impersonate.is_some(),
            allow_login: self.allow_login.is_some(),
        })
    }
}

impl DetailsForm {
    /// The lifetime of tokens in seconds, if there is one. No unit are seconds.
    fn read_token_ttl(&self) -> Result<Option<i64>, FieldComplaint> {
        let text = self.token_ttl.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let unit = match self.token_ttl_unit.as_str() {
            "" => Some(1),
            unit => TTL_UNITS
                .iter()
                .map(|(seconds, _)| *seconds)
                .find(|seconds| seconds.to_string() == unit),
        };
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<i64>().ok().filter(|_| is_number);
        let seconds = number
            .zip(unit)
            .and_then(|(number, unit)| number.checked_mul(unit));
        let unreadable =
            || FieldComplaint::new("token_ttl", CredentialComplaint::TokenTtlInvalid.into());
        seconds.map(Some).ok_or_else(unreadable)
    }
}

/// The units of lifetimes in forms: seconds, and the word for several.
pub const TTL_UNITS: [(i64, &str); 4] = [
    (1, "seconds"),
    (60, "minutes"),
    (3_600, "hours"),
    (86_400, "days"),
];

/// A lifetime in the largest unit without remainder: the number, and the unit in seconds.
#[must_use]
pub fn in_units(seconds: i64) -> (i64, i64) {
    let units = TTL_UNITS.iter().rev().map(|(unit, _)| *unit);
    let mut fitting = units.filter(|unit| seconds % unit == 0);
    let unit = fitting.next().unwrap_or(1);
    (seconds / unit, unit)
}

/// Parses a day as its midnight UTC, the moment at which the client expires.
pub(super) fn read_day(text: &str) -> Result<Option<Time>, FieldComplaint> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text
        .parse::<chrono::NaiveDate>()
        .map_err(|_| FieldComplaint::new("expires_on", Complaint::DayUnreadable))?;
    Ok(Some(day.and_time(chrono::NaiveTime::MIN).and_utc()))
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

    fn form(scopes: &[&str]) -> NewClientForm {
        NewClientForm {
            name: "Dashboard".to_owned(),
            organization_id: no_organization(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..NewClientForm::default()
        }
    }

    #[test]
    fn a_client_of_an_organization_gets_the_public_scope() {
        let scopes = |organization: Option<OrganizationId>, names: &[&str], catalog: &Catalog| {
            let new = form(names).read(Ok(organization), catalog, Time::UNIX_EPOCH);
            new.unwrap().scopes
        };
        let porto = Some(OrganizationId(7));
        let catalog = built_in();
        assert_eq!(scopes(porto, &["blogs"], &catalog), ["blogs", "public"]);
        assert_eq!(scopes(None, &["system"], &catalog), ["system"]);
        assert_eq!(scopes(porto, &[], &catalog), [""; 0]);
        let nothing = Catalog::default();
        assert_eq!(scopes(porto, &["blogs"], &nothing), ["blogs"]);
    }

    #[test]
    fn a_lifetime_is_a_number_and_its_unit() {
        let read = |number: &str, unit: &str| {
            let form = DetailsForm {
                name: "Dashboard".to_owned(),
                token_ttl: number.to_owned(),
                token_ttl_unit: unit.to_owned(),
                ..DetailsForm::default()
            };
            form.read().map(|details| details.token_ttl)
        };
        assert_eq!(read(" ", "3600"), Ok(None));
        assert_eq!(read("2", "3600"), Ok(Some(7_200)));
        assert_eq!(read(" 90 ", ""), Ok(Some(90)));
        for (number, unit) in [
            ("two", "60"),
            ("-1", "60"),
            ("+1", "60"),
            ("1.5", "60"),
            ("9223372036854775807", "60"),
            ("99999999999999999999", "1"),
            ("1", "61"),
            ("1", "x"),
        ] {
            let wrong = read(number, unit).unwrap_err();
            assert!(wrong.field("token_ttl").is_some(), "{number} {unit}");
        }
        for seconds in [1, 90, 5_400, 7_200, 86_400 * 3] {
            let (number, unit) = in_units(seconds);
            let text = number.to_string();
            assert_eq!(read(&text, &unit.to_string()), Ok(Some(seconds)));
        }
    }
}
