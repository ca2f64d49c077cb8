//! The token endpoint's rules: who a client is, and what it may ask for.

use std::net::IpAddr;

use crate::domain::error::Error;
use crate::domain::host::{Authority, Host};
use crate::domain::scope;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::service::Service;
use crate::service::crypto::token_format::seal;
use crate::service::directory::counters::UsageKind;

/// Why a request at an OAuth endpoint is refused. Each becomes one registered error code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The request cannot be read.
    #[error("invalid request: {0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated, for whatever reason.
    #[error("invalid client")]
    InvalidClient,
    /// The bearer token that authenticates the caller is not live.
    #[error("invalid token")]
    InvalidToken,
    /// The client may not do this.
    #[error("unauthorized client")]
    UnauthorizedClient,
    /// There is no such grant here.
    #[error("unsupported grant type")]
    UnsupportedGrantType,
    /// A scope is malformed, or not the client's.
    #[error("invalid scope")]
    InvalidScope,
    /// Too many failed attempts.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// It cannot be judged at the moment.
    #[error("unavailable")]
    Unavailable,
}

/// What a client shows to prove who it is.
#[derive(Debug)]
pub struct Credentials {
    /// The `client_id`, as sent.
    pub id: String,
    /// The `client_secret`.
    pub secret: Secret,
}

/// The origin a request came through.
#[derive(Clone, Debug)]
pub struct RequestOrigin<'a> {
    /// The host and port that the request names.
    pub host: Authority<'a>,
    /// Who knocked.
    pub address: Option<IpAddr>,
}

/// An access token, as RFC 6749 §5.1 answers it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Secret,
    /// Seconds it lives.
    pub expires_in: i64,
    /// Its scopes, in the order asked for, divided by spaces.
    pub scope: String,
    /// When it was made, Unix seconds.
    pub created_at: i64,
}

impl Service {
    /// The client credentials grant (RFC 6749 §4.4). Writes nothing.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn grant_client_credentials(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
        asked: Option<&str>,
    ) -> Result<IssuedToken, GrantError> {
        let authenticated = self.authenticate(origin, credentials).await?;
        let client = &authenticated.cached.client;
        let positions: Vec<u8> = match asked {
            None => authenticated.cached.every_position(),
            Some(asked) => {
                let refuse = || self.refuse(&authenticated.cached, GrantError::InvalidScope);
                let names = scope::split(asked).map_err(|_| refuse())?;
                let position = |name: &&str| {
                    client
                        .scopes
                        .iter()
                        .position(|owned| owned.as_str() == *name)
                        .and_then(|position| u8::try_from(position).ok())
                };
                let positions: Option<Vec<u8>> = names.iter().map(position).collect();
                positions
                    .filter(|positions| !positions.is_empty())
                    .ok_or_else(refuse)?
            }
        };
        let now = authenticated.at;
        let ttl = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let left = client
            .expires_at
            .map_or(ttl, |end| (end.timestamp() - now.timestamp()).min(ttl));
        // In its last second a client gets none, as none would live.
        if left < 1 {
            return Err(self.refuse(&authenticated.cached, GrantError::InvalidClient));
        }
        let created_at = now.timestamp();
        let unsigned = |number: i64| u64::try_from(number).map_err(|_| GrantError::Unavailable);
        let host = self.0.directory.organization_at(&origin.host.host);
        let claims = Claims {
            client: unsigned(client.number)?,
            generation: unsigned(client.generation)?,
            secret: unsigned(authenticated.secret)?,
            organization: host
                .as_ref()
                .map(|organization| organization.id)
                .or(client.organization_id)
                .map(unsigned)
                .transpose()?,
            participant: None,
            at_host: host.is_some(),
            issued_at: unsigned(created_at)?,
            expires_at: unsigned(created_at + left)?,
            version: unsigned(self.0.directory.version())?,
            scopes: positions,
        };
        let key = self.0.keys.newest();
        let id = TokenId(self.0.random.bytes());
        let token = seal(&key, &self.0.settings.token_prefix, id, &claims);
        self.0
            .usage
            .issued(&authenticated.cached, id, (now, left), origin);
        Ok(IssuedToken {
            token: Secret::new(token),
            expires_in: left,
            scope: authenticated.cached.scope_text(&claims.scopes),
            created_at,
        })
    }

    /// Whether a client is who it says; for requests that are refused whoever sends them.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn check_client(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
    ) -> Result<(), GrantError> {
        let authenticated = self.authenticate(origin, credentials).await?;
        self.0
            .usage
            .count(&authenticated.cached, UsageKind::Refused, authenticated.at);
        Ok(())
    }

    /// Waits until memory is as new as anything committed before this call.
    pub(in crate::service) async fn wait_for_freshness(&self) -> Result<(), GrantError> {
        self.0.directory.refresh().await.map_err(unavailable)
    }

    /// The issuer of the origin that was used (RFC 8414 §2).
    ///
    /// # Errors
    /// [`GrantError::Unavailable`].
    pub async fn issuer(&self, origin: &RequestOrigin<'_>) -> Result<String, GrantError> {
        self.wait_for_freshness().await?;
        let issuer = &self.0.settings.issuer;
        Ok(match self.0.directory.organization_at(&origin.host.host) {
            // With the port, because a client compares the issuer with the address that it used (RFC 8414 §3.3).
            Some(_) => issuer.at(&origin.host),
            None => issuer.url(),
        })
    }

    /// Whether a host is some organization's, and not this server's own. The issuer's host is known without a look at
    /// the database.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn is_organization_host(&self, host: &Host<'_>) -> Result<bool, Error> {
        if self.0.directory.is_main(host) {
            return Ok(false);
        }
        self.0.directory.refresh().await?;
        Ok(self.0.directory.organization_at(host).is_some())
    }
}

/// Whatever kept the database from answering: it was logged where it happened, and nothing can be judged.
pub(in crate::service) fn unavailable(_: Error) -> GrantError {
    GrantError::Unavailable
}
