//! The token endpoint (RFC 6749 §3.2). Every grant takes the same steps, in [`TokenServer::issue_token`]; a file per
//! grant has the one step that is its own: what it checks besides, and what the token carries for that.
//!
//! ```text
//! authenticate (secret, state, tenant) → grant type → the grant's own part → scopes → lifetime → seal → count
//! ```

mod client_credentials;
mod request;

use chrono::{SubsecRound, TimeDelta};

use crate::domain::Time;
use crate::domain::client::Client;
use crate::domain::scope;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::domain::usage::RecentToken;
use crate::service::crypto::token_format::seal;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::authenticate::Authenticated;
use crate::service::oauth::{Credentials, GrantError, RequestOrigin, TokenServer};

pub use request::TokenRequest;

use request::{Approval, CLIENT_CREDENTIALS};

/// The grant types that are offered.
pub const GRANT_TYPES: [&str; 1] = [CLIENT_CREDENTIALS];

/// An access token, as RFC 6749 §5.1 answers it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Secret,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// Its scopes in the order of the request, separated by spaces.
    pub scope: String,
    /// When it was issued, Unix seconds.
    pub created_at: i64,
}

/// A supported grant type.
enum Grant {
    ClientCredentials,
}

impl Grant {
    fn named(name: &str) -> Option<Self> {
        match name {
            CLIENT_CREDENTIALS => Some(Self::ClientCredentials),
            _ => None,
        }
    }

    /// The grant's own step.
    fn approve<'a>(&self, request: &TokenRequest<'a>) -> Approval<'a> {
        match self {
            Self::ClientCredentials => client_credentials::approve(request),
        }
    }
}

impl TokenServer {
    /// Issues a token. Writes nothing to the database. The client is authenticated first, whatever it asks for.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn issue_token(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
        request: TokenRequest<'_>,
    ) -> Result<IssuedToken, GrantError> {
        let authenticated = self.authenticate(origin, credentials).await?;
        let issued = self.grant(origin, &authenticated, &request);
        issued.map_err(|error| self.refuse(&authenticated.cached, error))
    }

    /// The steps after the client is authenticated.
    fn grant(
        &self,
        origin: &RequestOrigin<'_>,
        authenticated: &Authenticated,
        request: &TokenRequest<'_>,
    ) -> Result<IssuedToken, GrantError> {
        let Authenticated { cached, at, .. } = authenticated;
        let grant = Grant::named(request.grant_type).ok_or(GrantError::UnsupportedGrantType)?;
        let approval = grant.approve(request);
        let scopes = scope_positions(cached, approval.scope)?;
        let lifetime = self.lifetime(&cached.client, *at)?;
        let claims = Claims {
            participant: approval.participant,
            ..self.claims(origin, authenticated, scopes, lifetime)?
        };
        let key = self.0.keys.newest();
        let id = TokenId(self.0.random.bytes());
        let token = seal(&key, &self.0.settings.token_prefix, id, &claims);
        let recent = RecentToken {
            id,
            issued_at: *at,
            expires_at: at.trunc_subsecs(0) + TimeDelta::seconds(lifetime),
            address: origin.address,
        };
        self.0.usage.issued(cached, recent);
        Ok(IssuedToken {
            token: Secret::new(token),
            expires_in: lifetime,
            scope: cached.scope_text(&claims.scopes),
            created_at: at.timestamp(),
        })
    }

    /// The lifetime of a token in seconds: at most the time that its client has left.
    fn lifetime(&self, client: &Client, now: Time) -> Result<i64, GrantError> {
        let most = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let lifetime = client
            .expires_at
            .map_or(most, |end| (end.timestamp() - now.timestamp()).min(most));
        // A client in its last second gets no token, because the token would have no lifetime.
        if lifetime < 1 {
            return Err(GrantError::InvalidClient);
        }
        Ok(lifetime)
    }

    /// The claims of a token for a client that acts for itself.
    fn claims(
        &self,
        origin: &RequestOrigin<'_>,
        authenticated: &Authenticated,
        scopes: Vec<u8>,
        lifetime: i64,
    ) -> Result<Claims, GrantError> {
        let client = &authenticated.cached.client;
        let created_at = authenticated.at.timestamp();
        let unsigned = |number: i64| u64::try_from(number).map_err(|_| GrantError::Unavailable);
        let tenant = self.0.directory.organization_at(&origin.host.host);
        let organization = tenant
            .as_ref()
            .map(|tenant| tenant.id)
            .or(client.organization_id);
        Ok(Claims {
            client: unsigned(client.number)?,
            generation: unsigned(client.generation)?,
            secret: unsigned(authenticated.secret)?,
            organization: organization.map(unsigned).transpose()?,
            participant: None,
            at_host: tenant.is_some(),
            issued_at: unsigned(created_at)?,
            expires_at: unsigned(created_at + lifetime)?,
            version: unsigned(self.0.directory.version())?,
            scopes,
        })
    }
}

/// The positions of the requested scopes in the client's list.
fn scope_positions(cached: &CachedClient, requested: Option<&str>) -> Result<Vec<u8>, GrantError> {
    let Some(requested) = requested else {
        return Ok(cached.every_position());
    };
    let names = scope::split(requested).map_err(|_| GrantError::InvalidScope)?;
    let position = |name: &&str| {
        let mut scopes = cached.client.scopes.iter();
        let position = scopes.position(|owned| owned.as_str() == *name)?;
        u8::try_from(position).ok()
    };
    let positions: Option<Vec<u8>> = names.iter().map(position).collect();
    positions
        .filter(|positions| !positions.is_empty())
        .ok_or(GrantError::InvalidScope)
}
