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
use crate::domain::scope::ScopeSet;
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
        let scopes = match approval.scope {
            Some(requested) => cached
                .scopes
                .select(requested)
                .map_err(|_| GrantError::InvalidScope)?,
            None => cached.scopes.all(),
        };
        let lifetime = self.lifetime(cached, *at)?;
        let claims = Claims {
            participant: approval.participant,
            ..self.claims(origin, authenticated, scopes, lifetime)
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
            scope: cached.scopes.text_of(&claims.scopes),
            created_at: at.timestamp(),
        })
    }

    /// The lifetime of a token in seconds: at most the time that its client has left.
    fn lifetime(&self, client: &CachedClient, now: Time) -> Result<i64, GrantError> {
        let most = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let lifetime = client
            .lifecycle
            .expires_at()
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
        scopes: ScopeSet,
        lifetime: i64,
    ) -> Claims {
        let client = &authenticated.cached;
        let created_at = authenticated.at.timestamp();
        let tenant = self.0.directory.organization_at(&origin.host.host);
        let organization = tenant
            .as_ref()
            .map(|tenant| tenant.id)
            .or(client.organization_id);
        Claims {
            client: client.number,
            generation: client.generation,
            secret: authenticated.secret,
            organization,
            participant: None,
            at_host: tenant.is_some(),
            issued_at: created_at,
            expires_at: created_at + lifetime,
            version: self.0.directory.version(),
            scopes,
        }
    }
}
