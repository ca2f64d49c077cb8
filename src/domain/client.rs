//! API clients: a key for one program, bound to an organization, opening only what its scopes allow.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::catalog::Catalog;
use super::error::{Error, FieldError};
use super::permission::{self, PermissionName};
use super::scope::{self, ScopeName};
use super::{Time, is_disguising, secret};

/// The longest name of a client or an organization, in characters.
pub const NAME_MAX: usize = 120;

/// A client counts as expiring when this many days are left.
pub const EXPIRING_DAYS: i64 = 30;

/// The public name of a client, `client_id` on the wire: 3 to 128 unreserved characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// Reads an id, chosen or generated.
    ///
    /// # Errors
    /// The sentence to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !(3..=128).contains(&text.len()) {
            return Err("A client ID has 3 to 128 characters.".to_owned());
        }
        if !text.bytes().all(secret::is_unreserved) {
            return Err("A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde.".to_owned());
        }
        if text == "new" || text.starts_with('.') {
            return Err("A client ID is not `new` and does not begin with a dot.".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that a client gets when nobody gives it one.
    #[must_use]
    pub fn default_name(&self) -> String {
        format!("API Client ***{}", &self.0[self.0.len().saturating_sub(4)..])
    }

    /// The five cuts of the key that stands for this client, each 0 to 3: a hint for the eye.
    #[must_use]
    pub fn cuts(&self) -> [u8; 5] {
        let digest = Sha256::digest(self.0.as_bytes());
        std::array::from_fn(|place| digest[place] % 4)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a client may do at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientState {
    /// It works.
    Active,
    /// It works, but not for long.
    Expiring {
        /// Whole days left.
        days: i64,
    },
    /// Its time is over; moving the date would bring it back.
    Expired,
    /// It was stopped for a while.
    Suspended,
    /// It was ended for good.
    Revoked,
}

/// An API client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The public id.
    pub id: ClientId,
    /// What tokens carry instead of the id, and the order of lists.
    pub number: i64,
    /// What people read.
    pub name: String,
    /// Its organization; none for clients that reach all of them.
    pub organization_id: Option<i64>,
    /// The scopes in the order they were given. Fixed.
    pub scopes: Vec<ScopeName>,
    /// The permissions it holds, in the order they were granted.
    pub permissions: Vec<PermissionName>,
    /// How long its tokens live, in seconds; the installation's value when absent.
    pub token_ttl: Option<i64>,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// Since when it is suspended.
    pub suspended_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
    /// Raised to end every token made before.
    pub generation: i64,
    /// When it was made.
    pub created_at: Time,
    /// Who made it.
    pub created_by: String,
    /// The directory version that last touched it.
    pub version: i64,
}

impl Client {
    /// What the client may do now.
    #[must_use]
    pub fn state(&self, now: Time) -> ClientState {
        if self.revoked_at.is_some() {
            return ClientState::Revoked;
        }
        if self.suspended_at.is_some() {
            return ClientState::Suspended;
        }
        match self.expires_at {
            Some(end) if end <= now => ClientState::Expired,
            Some(end) if (end - now).num_days() < EXPIRING_DAYS => ClientState::Expiring { days: (end - now).num_days() },
            _ => ClientState::Active,
        }
    }

    /// True when the client holds a permission.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.permissions.iter().any(|held| held.as_str() == name)
    }
}

/// A client in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSummary {
    /// The client.
    pub client: Client,
    /// The name of its organization.
    pub organization: Option<String>,
}

/// Which clients a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFilter {
    /// Part of a name, or the beginning of an id.
    pub search: String,
    /// Only these states.
    pub status: StatusFilter,
    /// Only this organization.
    pub organization: Option<i64>,
    /// Only clients with this scope.
    pub scope: Option<String>,
}

/// Which states a list shows. Revoked clients stay out unless asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusFilter {
    /// Every client that is not revoked.
    #[default]
    All,
    /// Those that work.
    Active,
    /// Those that work for less than [`EXPIRING_DAYS`] days.
    Expiring,
    /// Those whose time is over.
    Expired,
    /// Those that were stopped for a while.
    Suspended,
    /// Those that were ended for good.
    Revoked,
}

impl StatusFilter {
    /// Every filter, in the order a page offers them.
    pub const EVERY: [Self; 6] = [Self::All, Self::Active, Self::Expiring, Self::Expired, Self::Suspended, Self::Revoked];

    /// The word in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the word in an address; anything else means all.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::EVERY.into_iter().find(|status| status.as_str() == text).unwrap_or_default()
    }
}

/// How many clients each status has, under the other filters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Every client that is not revoked.
    pub all: i64,
    /// Those that work, expiring ones included.
    pub active: i64,
    /// Those that work for less than [`EXPIRING_DAYS`] days.
    pub expiring: i64,
    /// Those whose time is over.
    pub expired: i64,
    /// Those that were stopped for a while.
    pub suspended: i64,
    /// Those that were ended for good.
    pub revoked: i64,
}

impl StatusCounts {
    /// The count of one status.
    #[must_use]
    pub fn of(self, status: StatusFilter) -> i64 {
        match status {
            StatusFilter::All => self.all,
            StatusFilter::Active => self.active,
            StatusFilter::Expiring => self.expiring,
            StatusFilter::Expired => self.expired,
            StatusFilter::Suspended => self.suspended,
            StatusFilter::Revoked => self.revoked,
        }
    }
}

/// What somebody typed to make a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClient {
    /// The id to use instead of a generated one.
    pub id: Option<String>,
    /// What people read; a default from the id when absent.
    pub name: Option<String>,
    /// Its organization.
    pub organization_id: Option<i64>,
    /// The scopes, at least one.
    pub scopes: Vec<String>,
    /// The permissions to begin with.
    pub permissions: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
}

/// What may be changed about a client besides its permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientDetails {
    /// What people read.
    pub name: String,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// Whether it may act as participants.
    pub allow_impersonate: bool,
    /// Whether it may trade participants' passwords.
    pub allow_login: bool,
}

/// A [`NewClient`] that may be stored, if its id is free and its organization exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedClient {
    /// The id to use instead of a generated one.
    pub id: Option<ClientId>,
    /// What people read.
    pub name: Option<String>,
    /// Its organization.
    pub organization_id: Option<i64>,
    /// The scopes.
    pub scopes: Vec<ScopeName>,
    /// The permissions to begin with.
    pub permissions: Vec<PermissionName>,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
}

impl NewClient {
    /// Checks what can be known without looking anything up.
    ///
    /// # Errors
    /// [`Error::Invalid`], with every field that is wrong.
    pub fn check(&self, catalog: &Catalog, now: Time) -> Result<CheckedClient, Error> {
        let mut errors = Vec::new();
        let mut complain = |field: &str, message: String| errors.push(FieldError::new(field, message));

        let id = match self.id.as_deref().map(ClientId::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(message)) => {
                complain("id", message);
                None
            }
        };
        let name = self.name.as_deref().map(str::trim);
        if let Some(Err(message)) = name.map(check_name) {
            complain("name", message);
        }
        let scopes = distinct(&self.scopes);
        if scopes.is_empty() {
            complain("scopes", "Choose at least one scope. A client without a scope cannot ask for a token.".to_owned());
        }
        for scope in scopes.iter().filter(|scope| catalog.scope(scope).is_none()) {
            complain("scopes", format!("There is no scope called `{}`.", shown(scope)));
        }
        if self.organization_id.is_none() && !scopes.is_empty() && scopes != [scope::SYSTEM] {
            complain("organization_id", "Choose an organization. Only a client with nothing but the system scope needs none.".to_owned());
        }
        let permissions = distinct(&self.permissions);
        for name in &permissions {
            if let Err(message) = catalog.check_grant(name, &scopes) {
                complain("permissions", message);
            }
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            complain("expires_at", "That moment has passed. Choose a later one.".to_owned());
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(CheckedClient {
            id,
            name: name.map(ToOwned::to_owned),
            organization_id: self.organization_id,
            scopes: scopes.into_iter().filter_map(ScopeName::parse).collect(),
            permissions: permissions.into_iter().filter_map(PermissionName::parse).collect(),
            expires_at: self.expires_at,
        })
    }

    /// Adds the permissions that the switches for impersonation and login stand for, in that order.
    pub fn allow(&mut self, impersonate: bool, login: bool) {
        let switches = [(impersonate, permission::IMPERSONATE), (login, permission::LOGIN)];
        self.permissions.extend(switches.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
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

/// A text of unknown origin, cut and cleaned for a message.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars().take(80).map(|character| if is_disguising(character) { '\u{FFFD}' } else { character }).collect()
}

/// Checks the name of a client or an organization.
///
/// # Errors
/// The sentence to show.
pub fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Give it a name.".to_owned());
    }
    if name.chars().count() > NAME_MAX {
        return Err(format!("A name has at most {NAME_MAX} characters."));
    }
    if name.chars().any(is_disguising) {
        return Err("A name has no control characters and none that turn text around.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_into_addresses_and_headers() {
        for id in ["abc", "id_EQs_hU6Der-Sg3tN", "sysadmin-org", "a.b~c"] {
            assert!(ClientId::parse(id).is_ok(), "{id}");
        }
        for id in ["", "ab", "new", ".hidden", "a b", "a:b", "ü-client", "a/b", &"x".repeat(129)] {
            assert!(ClientId::parse(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_default_name_ends_like_the_id() {
        assert_eq!(ClientId::parse("sysadmin-org").unwrap().default_name(), "API Client ***-org");
        assert_eq!(ClientId::parse("abc").unwrap().default_name(), "API Client ***abc");
    }

    #[test]
    fn the_drawn_key_of_the_mock_comes_out() {
        // d of the first cut is 9.4 + 1.15 · cut: 9.4, 12.8 (3), 11.7 (2), 9.4, 10.6 (1).
        assert_eq!(ClientId::parse("id_7Qm2xVd9LrKp-t4W").unwrap().cuts(), [0, 3, 2, 0, 1]);
    }

    #[test]
    fn names_cannot_disguise_themselves() {
        assert!(check_name("Mobile app, iOS and Android").is_ok());
        assert!(check_name("Canton of Neuchâtel").is_ok());
        for name in ["", "a\u{202E}b", "a\nb", "\u{200F}x", &"x".repeat(121)] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }
}
