//! Organizations: the tenants that clients belong to.

use serde::{Deserialize, Serialize};

use super::Time;
use super::complaint::Complaint;
use super::count::Count;
use super::error::FieldComplaint;
use super::host::{Authority, Host};
use super::ids::{OrganizationId, Version};

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its number, as in `--organization-id 2`.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its tenant host, if it has one. An archived organization has none.
    pub host: Option<Host<'static>>,
    /// When it was made.
    pub created_at: Time,
    /// When it was archived; from then on its clients and their tokens are dead.
    pub archived_at: Option<Time>,
    /// The directory version of its last restore, or 0: tokens that were issued before it stay dead.
    pub tokens_since: Version,
    /// The directory version that last changed it.
    pub version: Version,
}

/// An organization in a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationChoice {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// An organization in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSummary {
    /// The organization.
    pub organization: Organization,
    /// How many of its clients are active: not revoked, not suspended, not expired.
    pub active_clients: Count,
    /// How many were revoked.
    pub revoked_clients: Count,
}

/// The typed values of a new organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganization {
    /// Its name, 1 to 120 characters.
    #[serde(default)]
    pub name: String,
    /// Its tenant host, or nothing.
    #[serde(default)]
    pub host: String,
}

/// The typed values of a change of an organization's host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHost {
    /// The organization.
    #[serde(default)]
    pub id: OrganizationId,
    /// Its tenant host from now on, or nothing.
    #[serde(default)]
    pub host: String,
}

/// The typed values of a change of an organization's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewName {
    /// The organization.
    #[serde(default)]
    pub id: OrganizationId,
    /// The version of the organization that whoever renames it has seen.
    #[serde(default)]
    pub version: Version,
    /// Its name from now on, 1 to 120 characters.
    #[serde(default)]
    pub name: String,
}

/// How a form names an organization: by a choice, or by a typed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedOrganization {
    /// The id that was chosen, or nothing.
    pub chosen: String,
    /// The typed name or id, or nothing.
    pub text: String,
    /// The id of the organization whose name was filled in, or nothing. The text may have been changed since.
    pub filled_in: String,
}

/// A checked [`NewOrganization`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOrganization {
    /// The trimmed name.
    pub name: String,
    /// The host.
    pub host: Option<Host<'static>>,
}

impl NewOrganization {
    /// The checks that need no look-up. `main_host` is the issuer's host.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self, main_host: &Host<'_>) -> Result<CheckedOrganization, Vec<FieldComplaint>> {
        let mut wrong = Vec::new();
        let name = self.name.trim();
        if let Err(complaint) = super::client::check_name(name) {
            wrong.push(FieldComplaint::new("name", complaint));
        }
        let host = check_host(&self.host, main_host).unwrap_or_else(|complaint| {
            wrong.push(FieldComplaint::new("host", complaint));
            None
        });
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(CheckedOrganization {
            name: name.to_owned(),
            host,
        })
    }
}

/// Parses the tenant host of an organization; none when nothing was typed. The default ports of http and https are
/// dropped, because an organization is found by its host alone. `main_host` is the issuer's host, which no organization
/// may have, with any port.
///
/// # Errors
/// What is wrong with it.
pub fn check_host(typed: &str, main_host: &Host<'_>) -> Result<Option<Host<'static>>, Complaint> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let authority = Authority::parse(typed).ok_or(Complaint::HostInvalid)?;
    // A server whose issuer is a loopback address answers at all of them.
    if authority.host == *main_host || (main_host.is_loopback() && authority.host.is_loopback()) {
        return Err(Complaint::HostOfServer);
    }
    match authority.port {
        None | Some(80 | 443) => Ok(Some(authority.host.into_owned())),
        Some(_) => Err(Complaint::HostWithPort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, host: &str) -> Result<CheckedOrganization, Vec<FieldComplaint>> {
        NewOrganization {
            name: name.to_owned(),
            host: host.to_owned(),
        }
        .check(&main_host())
    }

    fn main_host() -> Host<'static> {
        Authority::parse("access.example").unwrap().host
    }

    #[test]
    fn a_host_is_optional_and_folded() {
        assert_eq!(
            check(" Porto ", "").unwrap(),
            CheckedOrganization {
                name: "Porto".to_owned(),
                host: None
            }
        );
        assert_eq!(
            check("Porto", "Participa.Porto.example")
                .unwrap()
                .host
                .unwrap()
                .as_str(),
            "participa.porto.example"
        );
    }

    #[test]
    fn a_host_is_stored_in_one_form_and_without_a_port() {
        for spelling in [
            "porto.example",
            " Porto.Example. ",
            "porto.example:80",
            "porto.example:443",
            "porto.example:",
            "p%6Frto.example",
        ] {
            let host = check_host(spelling, &main_host()).unwrap().unwrap();
            assert_eq!(host.as_str(), "porto.example", "{spelling}");
        }
        for (spelling, canonical) in [
            ("Bücher.example", "xn--bcher-kva.example"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:DB8:0::1]:443", "[2001:db8::1]"),
        ] {
            let host = check_host(spelling, &main_host()).unwrap().unwrap();
            assert_eq!(host.as_str(), canonical, "{spelling}");
        }
        for spelling in ["porto.example:8443", "[::1]:3000", "porto.example:1"] {
            let refused = check_host(spelling, &main_host());
            assert_eq!(refused, Err(Complaint::HostWithPort), "{spelling}");
        }
        for spelling in ["access.example", "ACCESS.example.", "access.example:8443"] {
            let refused = check_host(spelling, &main_host());
            assert_eq!(refused, Err(Complaint::HostOfServer), "{spelling}");
        }
    }

    #[test]
    fn an_address_is_not_a_host() {
        for host in [
            "https://porto.example",
            "porto.example/",
            "a b",
            "-a.example",
            "a..b",
            "porto.example..",
            "::1",
            "user@porto.example",
            "porto.example:65536",
            "porto.example:0",
        ] {
            let wrong = FieldComplaint::new("host", Complaint::HostInvalid);
            assert_eq!(check("Porto", host), Err(vec![wrong]), "{host}");
        }
    }
}
