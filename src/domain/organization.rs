//! Organizations: the tenants that clients belong to.

use serde::{Deserialize, Serialize};

use super::Time;
use super::count::Count;
use super::error::{Error, FieldError};

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// What people type: `--organization-id 2`.
    pub id: i64,
    /// What people read.
    pub name: String,
    /// The host name of its door, when it has one.
    pub host: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was archived; from then on its clients and their tokens are dead.
    pub archived_at: Option<Time>,
    /// The directory version that last touched it.
    pub version: i64,
}

/// An organization in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSummary {
    /// The organization.
    pub organization: Organization,
    /// How many of its clients work: not revoked, not suspended, not expired.
    pub active_clients: Count,
    /// How many were revoked.
    pub revoked_clients: Count,
}

/// What somebody typed to make an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganization {
    /// What people read, 1 to 120 characters.
    #[serde(default)]
    pub name: String,
    /// The host name of its door, or nothing.
    #[serde(default)]
    pub host: String,
}

/// A [`NewOrganization`] that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOrganization {
    /// The trimmed name.
    pub name: String,
    /// The host in lower case.
    pub host: Option<String>,
}

impl NewOrganization {
    /// Checks what can be known without looking anything up.
    ///
    /// # Errors
    /// [`Error::Invalid`], with every field that is wrong.
    pub fn check(&self) -> Result<CheckedOrganization, Error> {
        let mut errors = Vec::new();
        let name = self.name.trim();
        if let Err(message) = super::client::check_name(name) {
            errors.push(FieldError::new("name", message));
        }
        let host = self.host.trim().to_ascii_lowercase();
        if !host.is_empty() && !is_host(&host) {
            errors.push(FieldError::new(
                "host",
                "Give the host name alone, such as participate.city.example.",
            ));
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(CheckedOrganization {
            name: name.to_owned(),
            host: (!host.is_empty()).then_some(host),
        })
    }
}

/// True for a host name in lower case, with an optional port.
fn is_host(text: &str) -> bool {
    let (name, port) = text
        .split_once(':')
        .map_or((text, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= 253
        && name.split('.').all(label)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, host: &str) -> Result<CheckedOrganization, Error> {
        NewOrganization {
            name: name.to_owned(),
            host: host.to_owned(),
        }
        .check()
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
                .as_deref(),
            Some("participa.porto.example")
        );
    }

    #[test]
    fn an_address_is_not_a_host() {
        for host in [
            "https://porto.example",
            "porto.example/",
            "a b",
            "-a.example",
            "a..b",
            "porto.example:0",
        ] {
            assert!(
                check("Porto", host).unwrap_err().field("host").is_some(),
                "{host}"
            );
        }
    }
}
