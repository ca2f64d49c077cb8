//! The token endpoint (RFC 6749 §3.2). Every grant takes the same steps, in [`TokenServer::issue_token`]; a file per
//! grant has the one step that is its own: what it checks besides, and what the token carries for that.
//!
//! ```text
//! authenticate (secret, state, tenant) → grant type and permission → scopes → lifetime → the grant's own part
//!     (a participant is looked up, or registered) → seal → count
//! ```

mod client_credentials;
mod login;
mod participant;
mod request;
mod token_exchange;

use chrono::{SubsecRound, TimeDelta};

use crate::domain::Time;
use crate::domain::ids::OrganizationId;
use crate::domain::scope::ScopeSet;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::domain::usage::RecentToken;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::authenticate::Authenticated;
use crate::service::oauth::{Credentials, GrantError, RequestOrigin, TokenServer};

pub use request::{
    Exchange, GrantRequest, GrantType, Impersonation, Login, Registration, TokenRequest,
};

pub(in crate::service::oauth) use request::ActingClient;

use request::GrantRules;

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

/// Where a client is: whose participants it reaches, and whose name is in its tokens.
#[derive(Clone, Copy)]
struct Tenant {
    /// The organization of the requested host, otherwise the client's, if there is one.
    organization: Option<OrganizationId>,
    at_host: bool,
}

impl TokenServer {
    /// The grant types that are offered.
    pub fn grant_types(&self) -> impl Iterator<Item = GrantType> {
        let offered = GrantType::ALL.into_iter();
        offered.filter(|grant_type| self.offers_grant(*grant_type))
    }

    /// Whether a grant type is offered. Token exchange stays where the grant type `password` is switched off: it has no
    /// password, and needs the permission anyway.
    #[must_use]
    pub fn offers_grant(&self, grant_type: GrantType) -> bool {
        grant_type != GrantType::Password || self.0.settings.has_password_grant()
    }

    /// Issues a token. The client is authenticated first, whatever it asks for. Nothing is written to the database
    /// unless it acts for a participant.
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
        let issued = self.grant(origin, &authenticated, &request).await;
        issued.map_err(|error| self.refuse(&authenticated.cached, origin, error))
    }

    /// The steps after the client is authenticated.
    async fn grant(
        &self,
        origin: &RequestOrigin<'_>,
        authenticated: &Authenticated,
        request: &TokenRequest<'_>,
    ) -> Result<IssuedToken, GrantError> {
        let Authenticated { cached, at, .. } = authenticated;
        let rules = self.rules(&request.grant)?;
        let tenant = self.tenant(origin, cached);
        if rules.for_participant {
            check_acting(cached, &rules, tenant)?;
        }
        let scopes = rules.scopes(&cached.scopes, request.scope)?;
        let lifetime = self.lifetime(cached, &rules, *at)?;
        // Before the participant is looked up, which may take seconds: a token is as old as what it was judged by.
        let mut claims = self.claims(authenticated, tenant, scopes, lifetime);
        if rules.for_participant {
            // Boxed, because few requests need it, and the future of every request would be as large.
            Box::pin(self.approve_participant(origin, cached, request, &mut claims)).await?;
        }
        let id = TokenId(self.0.random.bytes());
        let prefix = &self.0.settings.token_prefix;
        let token = self.0.keys.seal_token(prefix, id, &claims);
        let scope = cached.scopes.text_of(&claims.scopes);
        let recent = RecentToken {
            id,
            issued_at: *at,
            expires_at: at.trunc_subsecs(0) + TimeDelta::seconds(lifetime),
            address: origin.address,
            grant: request.grant.grant(),
            claims,
        };
        self.0.usage.issued(cached, recent);
        Ok(IssuedToken {
            token: Secret::new(token),
            expires_in: lifetime,
            scope,
            created_at: at.timestamp(),
        })
    }

    /// The rules of a grant, if its type is offered.
    fn rules(&self, request: &GrantRequest<'_>) -> Result<GrantRules, GrantError> {
        match request {
            _ if request.is_password() && !self.offers_grant(GrantType::Password) => {
                Err(GrantError::UnsupportedGrantType)
            }
            GrantRequest::ClientCredentials => Ok(client_credentials::RULES),
            GrantRequest::Login(_) => Ok(login::RULES),
            GrantRequest::Impersonate(_) => Ok(participant::RULES),
            GrantRequest::TokenExchange(_) => Ok(token_exchange::RULES),
            GrantRequest::Malformed(reason) => Err(GrantError::InvalidRequest(reason)),
            GrantRequest::Unsupported => Err(GrantError::UnsupportedGrantType),
        }
    }

    fn tenant(&self, origin: &RequestOrigin<'_>, client: &CachedClient) -> Tenant {
        let at_host = self.0.directory.organization_at(&origin.host.host);
        Tenant {
            organization: at_host
                .as_ref()
                .map(|tenant| tenant.id)
                .or(client.organization_id),
            at_host: at_host.is_some(),
        }
    }

    /// The lifetime of a token in seconds: at most the time that its client has left.
    fn lifetime(
        &self,
        client: &CachedClient,
        rules: &GrantRules,
        now: Time,
    ) -> Result<i64, GrantError> {
        let most = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let most = rules.longest.map_or(most, |longest| longest.min(most));
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
        authenticated: &Authenticated,
        tenant: Tenant,
        scopes: ScopeSet,
        lifetime: i64,
    ) -> Claims {
        let client = &authenticated.cached;
        let created_at = authenticated.at.timestamp();
        Claims {
            client: client.number,
            generation: client.generation,
            secret: authenticated.secret,
            organization: tenant.organization,
            participant: None,
            at_host: tenant.at_host,
            issued_at: created_at,
            expires_at: created_at + lifetime,
            version: self.0.directory.version(),
            scopes,
        }
    }
}

/// Whether a client may act for participants in this way, here. A client without an organization reaches none outside
/// an organization's host.
fn check_acting(
    cached: &CachedClient,
    rules: &GrantRules,
    tenant: Tenant,
) -> Result<(), GrantError> {
    let is_held = rules.permission.is_some_and(|needed| cached.holds(needed));
    if is_held && tenant.organization.is_some() {
        Ok(())
    } else {
        Err(GrantError::UnauthorizedClient)
    }
}
