//! What the grants are asked for, and the rules that each of them has.

use std::sync::Arc;

use crate::domain::ids::OrganizationId;
use crate::domain::scope::{SYSTEM, ScopeSet, Scopes};
use crate::domain::secret::Secret;
use crate::domain::usage::TokenGrant;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::{GrantError, RequestOrigin};

/// A supported grant type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// Client credentials (RFC 6749 §4.4).
    ClientCredentials,
    /// A participant's password, or name alone (RFC 6749 §4.3, widened by `auth_type`).
    Password,
    /// Token exchange (RFC 8693).
    TokenExchange,
}

impl GrantType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ClientCredentials, Self::Password, Self::TokenExchange];

    /// The text of the parameter `grant_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }

    /// The grant type with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// The parameters of a token request, beside the client's credentials.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    /// The grant type with its own parameters.
    pub grant: GrantRequest<'a>,
    /// The `scope`, as sent.
    pub scope: Option<&'a str>,
}

/// What a grant is asked for. Boxed where few requests have it.
#[derive(Debug)]
pub enum GrantRequest<'a> {
    /// A token for the client itself.
    ClientCredentials,
    /// A token for a participant who signs in.
    Login(Box<Login<'a>>),
    /// A token for a participant on whose behalf the client acts.
    Impersonate(Box<Impersonation<'a>>),
    /// The same by token exchange.
    TokenExchange(Box<Exchange<'a>>),
    /// A grant type that is offered, with parameters that are not valid; the text says why.
    Malformed(&'static str),
    /// A grant type that is not offered.
    Unsupported,
}

/// What a participant signs in with, `auth_type=login`.
#[derive(Debug)]
pub struct Login<'a> {
    /// The nickname or email address.
    pub username: &'a str,
    /// The password.
    pub password: Secret,
}

/// On whose behalf the client wants to act, `auth_type=impersonate`. One of the two names is there.
#[derive(Debug)]
pub struct Impersonation<'a> {
    /// The participant's id, which wins.
    pub id: Option<&'a str>,
    /// The nickname or email address.
    pub username: Option<&'a str>,
    /// What to register when nobody has that nickname; none where `register_on_missing` is not true.
    pub registration: Option<Registration<'a>>,
    /// The members of `extra`, which are merged into the participant's.
    pub extra: Vec<(&'a str, &'a str)>,
}

/// A participant that is registered when there is none.
#[derive(Debug)]
pub struct Registration<'a> {
    /// The name; by default it is made of the nickname.
    pub name: Option<&'a str>,
    /// The email address; by default `<nickname>@example.org`.
    pub email: Option<&'a str>,
    /// Whether the participant has accepted the terms of service.
    pub accepts_terms: bool,
    /// Whether the email address counts as confirmed.
    pub is_confirmed: bool,
}

/// A token exchange (RFC 8693 §2.1).
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The `subject_token`: an id or a nickname, as the type says.
    pub subject: &'a str,
    /// The `subject_token_type`.
    pub subject_type: &'a str,
    /// The `actor_token`: a live token of the client itself.
    pub actor: Option<Secret>,
    /// The values of `resource` and `audience`.
    pub targets: Vec<&'a str>,
    /// Why, for the audit log.
    pub reason: Option<&'a str>,
}

impl<'a> TokenRequest<'a> {
    /// A request for the client credentials grant.
    #[must_use]
    pub fn client_credentials(scope: Option<&'a str>) -> Self {
        Self {
            grant: GrantRequest::ClientCredentials,
            scope,
        }
    }
}

impl GrantRequest<'_> {
    /// The grant as the list of recent tokens has it.
    pub(super) fn grant(&self) -> TokenGrant {
        match self {
            Self::Login(_) => TokenGrant::Login,
            Self::Impersonate(_) => TokenGrant::Impersonation,
            Self::TokenExchange(_) => TokenGrant::TokenExchange,
            Self::ClientCredentials | Self::Malformed(_) | Self::Unsupported => {
                TokenGrant::ClientCredentials
            }
        }
    }

    /// Whether it belongs to the grant type `password`.
    pub(super) fn is_password(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Impersonate(_))
    }
}

/// What a grant requires and gives; the steps that follow from it are the same for all.
#[derive(Clone, Copy, Debug)]
pub(super) struct GrantRules {
    /// The permission that the client must hold.
    pub(super) permission: Option<&'static str>,
    /// Whether it acts for a participant, which only an organization has. Then the scope `system` is not granted.
    pub(super) for_participant: bool,
    /// The longest lifetime of its tokens in seconds, if they have one of their own.
    pub(super) longest: Option<i64>,
}

impl GrantRules {
    /// The scopes that a request gets.
    pub(super) fn scopes(
        &self,
        owned: &Scopes,
        requested: Option<&str>,
    ) -> Result<ScopeSet, GrantError> {
        let mut scopes = match requested {
            Some(requested) => owned
                .select(requested)
                .map_err(|_| GrantError::InvalidScope)?,
            None => owned.all(),
        };
        if self.for_participant
            && let Some(system) = owned.position(SYSTEM)
            && scopes.positions().contains(&system)
        {
            let others = scopes.positions().iter().copied();
            let others: Vec<u8> = others.filter(|position| *position != system).collect();
            scopes = ScopeSet::of(&others);
            if requested.is_some() || scopes.positions().is_empty() {
                return Err(GrantError::InvalidScope);
            }
        }
        Ok(scopes)
    }
}

/// The client that acts for a participant, and where.
#[derive(Clone, Debug)]
pub(in crate::service::oauth) struct ActingClient<'a> {
    pub(in crate::service::oauth) origin: &'a RequestOrigin<'a>,
    pub(in crate::service::oauth) cached: &'a Arc<CachedClient>,
    /// The organization whose participants it reaches.
    pub(in crate::service::oauth) organization: OrganizationId,
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: GrantRules = GrantRules {
        permission: None,
        for_participant: true,
        longest: None,
    };

    #[test]
    fn grant_types_have_one_name_each() {
        for known in GrantType::ALL {
            assert_eq!(GrantType::named(known.name()), Some(known));
        }
        assert_eq!(GrantType::named("Password"), None);
    }

    #[test]
    fn a_token_for_a_participant_never_has_system() {
        let text = |owned: &str, requested| {
            let owned = Scopes::stored(owned);
            let scopes = RULES.scopes(&owned, requested);
            scopes.map(|scopes| owned.text_of(&scopes))
        };
        assert_eq!(
            text("system blogs public", None),
            Ok("blogs public".to_owned())
        );
        assert_eq!(text("blogs public", None), Ok("blogs public".to_owned()));
        assert_eq!(text("system blogs", Some("blogs")), Ok("blogs".to_owned()));
        for (owned, requested) in [
            ("system", None),
            ("system", Some("system")),
            ("system blogs", Some("system")),
            ("system blogs", Some("blogs system")),
            ("blogs", Some("system")),
        ] {
            assert_eq!(
                text(owned, requested),
                Err(GrantError::InvalidScope),
                "{owned} {requested:?}"
            );
        }
        let own = GrantRules {
            for_participant: false,
            ..RULES
        };
        let owned = Scopes::stored("system blogs");
        assert_eq!(own.scopes(&owned, None), Ok(owned.all()));
    }
}
