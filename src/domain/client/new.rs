//! The typed values of a new or changed client, and the checks that need no look-up.

use serde::{Deserialize, Serialize};

use super::ClientId;
use crate::domain::catalog::Catalog;
use crate::domain::complaint::Complaint;
use crate::domain::error::FieldComplaint;
use crate::domain::ids::OrganizationId;
use crate::domain::permission::{self, PermissionName};
use crate::domain::scope::{self, ScopeName, Scopes};
use crate::domain::text::check_readable;
use crate::domain::{Time, is_writable};

/// The longest name of a client or an organization, in characters.
pub const NAME_MAX: usize = 120;

/// The longest lifetime of tokens, in seconds: 366 days.
pub const TOKEN_TTL_MAX: i64 = 366 * 86_400;

/// The typed values of a new client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClient {
    /// The id to use instead of a generated one.
    pub id: Option<String>,
    /// The name for people; made from the id when absent.
    pub name: Option<String>,
    /// Its organization.
    pub organization_id: Option<OrganizationId>,
    /// The scopes, at least one.
    pub scopes: Vec<String>,
    /// The permissions to begin with.
    pub permissions: Vec<String>,
    /// When it expires.
    pub expires_at: Option<Time>,
}

/// The changeable properties of a client besides most permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientDetails {
    /// The name for people.
    pub name: String,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// How long its tokens live, in seconds; the installation's value when absent.
    pub token_ttl: Option<i64>,
    /// Whether it may act as participants.
    pub allow_impersonate: bool,
    /// Whether it may exchange participants' passwords for tokens.
    pub allow_login: bool,
}

/// A checked [`NewClient`], which can be stored if its id is free and its organization exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedClient {
    /// The id to use instead of a generated one.
    pub id: Option<ClientId>,
    /// The name for people.
    pub name: Option<String>,
    /// Its organization.
    pub organization_id: Option<OrganizationId>,
    /// The scopes.
    pub scopes: Scopes,
    /// The permissions to begin with.
    pub permissions: Vec<PermissionName>,
    /// When it expires.
    pub expires_at: Option<Time>,
}

impl NewClient {
    /// The checks that need no look-up.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(
        &self,
        catalog: &Catalog,
        now: Time,
    ) -> Result<CheckedClient, Vec<FieldComplaint>> {
        let mut wrong = Vec::new();
        let mut complain =
            |field, complaint: Complaint| wrong.push(FieldComplaint::new(field, complaint));

        let id = match self.id.as_deref().map(ClientId::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(complaint)) => {
                complain("id", complaint);
                None
            }
        };
        let name = self.name.as_deref().map(str::trim);
        if let Some(Err(complaint)) = name.map(check_name) {
            complain("name", complaint);
        }
        let scopes = distinct(&self.scopes);
        if scopes.is_empty() {
            complain("scopes", Complaint::ScopesMissing);
        }
        for scope in scopes.iter().filter(|scope| catalog.scope(scope).is_none()) {
            let scope = (*scope).to_owned();
            complain("scopes", Complaint::ScopeUnknown { scope });
        }
        if self.organization_id.is_none() && !scopes.is_empty() && scopes != [scope::SYSTEM] {
            complain("organization_id", Complaint::OrganizationMissing);
        }
        let permissions = distinct(&self.permissions);
        for name in &permissions {
            if let Err(complaint) = catalog.check_grant(name, &scopes) {
                complain("permissions", complaint);
            }
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            complain("expires_at", Complaint::ExpiryPassed);
        }
        if self.expires_at.is_some_and(|end| !is_writable(end)) {
            complain("expires_at", Complaint::ExpiryTooFar);
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(CheckedClient {
            id,
            name: name.map(ToOwned::to_owned),
            organization_id: self.organization_id,
            scopes: scopes.into_iter().filter_map(ScopeName::parse).collect(),
            permissions: permissions
                .into_iter()
                .filter_map(PermissionName::parse)
                .collect(),
            expires_at: self.expires_at,
        })
    }

    /// Adds the permissions of the switches for impersonation and login, in that order.
    pub fn allow(&mut self, impersonate: bool, login: bool) {
        let switches = [
            (impersonate, permission::IMPERSONATE),
            (login, permission::LOGIN),
        ];
        self.permissions.extend(
            switches
                .iter()
                .filter(|(on, _)| *on)
                .map(|(_, name)| (*name).to_owned()),
        );
    }
}

/// The texts without repeats, in the order given.
fn distinct(texts: &[String]) -> Vec<&str> {
    let mut seen: Vec<&str> = Vec::with_capacity(texts.len());
    for text in texts {
        if !seen.contains(&text.as_str()) {
            seen.push(text);
        }
    }
    seen
}

/// Checks the name of a client or an organization, without white space around it.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), Complaint> {
    if name.is_empty() {
        return Err(Complaint::NameMissing);
    }
    if name.chars().count() > NAME_MAX {
        return Err(Complaint::NameTooLong);
    }
    check_readable(name).map_err(|why| Complaint::NameUnreadable { why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_disguise_themselves() {
        assert!(check_name("Mobile app, iOS and Android").is_ok());
        assert!(check_name("Canton of Neuchâtel").is_ok());
        for name in [
            "",
            "a\u{202E}b",
            "a\nb",
            "\u{200F}x",
            "\u{200B}",
            "a\u{2028}id=b",
            &"x".repeat(121),
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }
}
