//! Token introspection (RFC 7662).

use crate::domain::host::Authority;
use crate::domain::ids::OrganizationId;
use crate::domain::permission::INTROSPECT;
use crate::domain::scope::ScopeSet;
use crate::domain::secret::Secret;
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::RequestKind;
use crate::service::oauth::authenticate::Authenticated;
use crate::service::oauth::live_token::{Live, LiveToken};
use crate::service::oauth::{Credentials, GrantError, NO_TOKEN, RequestOrigin, TokenServer};

/// How the caller of an introspection authenticates.
#[derive(Debug)]
pub enum Caller {
    /// A client with its secret.
    Client(Credentials),
    /// The bearer of a live token.
    Bearer(Secret),
}

/// The result of an introspection.
#[derive(Debug)]
pub enum Introspection {
    /// The token is not live, or the caller may not see it: the two cannot be told apart.
    Inactive,
    /// The token is live.
    Active(Box<LiveToken>),
}

impl TokenServer {
    /// Introspects a token. The caller is authenticated first, even when no token is given.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn introspect(
        &self,
        origin: &RequestOrigin<'_>,
        caller: &Caller,
        token: Option<&Secret>,
    ) -> Result<Introspection, GrantError> {
        let (caller, scopes, at) = match caller {
            Caller::Client(credentials) => {
                let Authenticated {
                    cached: caller, at, ..
                } = self.authenticate(origin, credentials).await?;
                let scopes = caller.scopes.all();
                (caller, scopes, at)
            }
            Caller::Bearer(bearer) => {
                let bearer = self.live_bearer(origin, bearer).await?;
                (bearer.cached, bearer.claims.scopes, bearer.at)
            }
        };
        let token = token.ok_or_else(|| self.refuse(&caller, origin, NO_TOKEN))?;
        self.0.usage.count(&caller, RequestKind::Introspected, at);
        let Some(live) = self.live(token, Some(&caller)).await? else {
            return Ok(Introspection::Inactive);
        };
        if !may_see(&caller, &scopes, &live.cached) {
            return Ok(Introspection::Inactive);
        }
        Ok(Introspection::Active(Box::new(self.describe(live, origin))))
    }

    pub(super) fn describe(&self, live: Live, origin: &RequestOrigin<'_>) -> LiveToken {
        let Live {
            id,
            claims,
            cached,
            participant,
            ..
        } = live;
        let organization_of = |id: OrganizationId| self.0.directory.organization(id);
        let owner = cached.organization_id.and_then(organization_of);
        let owner_host = owner.as_ref().and_then(|owner| owner.host.as_ref());
        let tenant = claims
            .organization
            .filter(|_| claims.at_host)
            .and_then(organization_of);
        let tenant_host = tenant.as_ref().and_then(|tenant| tenant.host.as_ref());
        let issuer_setting = &self.0.settings.issuer;
        let issuer = match tenant_host {
            // A token does not carry the port; a caller at the same host uses the issuer with the port of its request.
            Some(host) if *host == origin.host.host => issuer_setting.at(&origin.host),
            Some(host) => issuer_setting.at(&Authority {
                host: host.clone(),
                port: None,
            }),
            None => issuer_setting.url(),
        };
        LiveToken {
            scope: cached.scopes.text_of(&claims.scopes),
            issued_at: claims.issued_at,
            expires_at: claims.expires_at,
            audience: match owner_host {
                Some(host) => ["https://", host.as_str()].concat(),
                None => issuer.clone(),
            },
            issuer,
            id,
            participant,
            scopes: claims.scopes,
            cached,
        }
    }
}

/// Whether a caller may see a token: one of its own client always; with the permission, those of its organization, or
/// all when it belongs to none. `scopes` are those that the caller has.
fn may_see(caller: &CachedClient, scopes: &ScopeSet, owner: &CachedClient) -> bool {
    if caller.number == owner.number {
        return true;
    }
    let may = caller
        .permissions_within(scopes)
        .any(|held| held == INTROSPECT);
    may && (caller.organization_id.is_none() || caller.organization_id == owner.organization_id)
}
