//! Tokens looked at and revoked one by one (RFC 7662, RFC 7009).

use std::sync::Arc;

use crate::domain::Time;
use crate::domain::client::{Client, ClientState};
use crate::domain::host::{Authority, Host};
use crate::domain::permission::INTROSPECT;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::service::Service;
use crate::service::console::actor::Actor;
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::UsageKind;
use crate::service::directory::denylist::DenylistEntry;
use crate::service::oauth::authenticate::Authenticated;
use crate::service::oauth::grants::{Credentials, GrantError, RequestOrigin, unavailable};

/// Who wants to know about a token.
#[derive(Debug)]
pub enum Caller {
    /// A client with its secret.
    Client(Credentials),
    /// Whoever holds a live token.
    Bearer(Secret),
}

/// What a caller learns about a token.
#[derive(Debug)]
pub enum Introspection {
    /// Nothing but that.
    Inactive,
    /// What it is good for.
    Active(Box<LiveToken>),
}

/// A live token, as RFC 7662 §2.2 describes it.
#[derive(Debug)]
pub struct LiveToken {
    /// Its scopes, in the order asked for, divided by spaces.
    pub scope: String,
    /// When it was made, Unix seconds.
    pub issued_at: u64,
    /// When it ends, Unix seconds.
    pub expires_at: u64,
    /// Whom it is meant for.
    pub audience: String,
    /// Who made it.
    pub issuer: String,
    /// Its name.
    pub id: TokenId,
    positions: Vec<u8>,
    cached: Arc<CachedClient>,
}

impl LiveToken {
    /// The client it was made for.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.cached.client.id.as_str()
    }

    /// The client's organization.
    #[must_use]
    pub fn organization_id(&self) -> Option<i64> {
        self.cached.client.organization_id
    }

    /// What the client holds now that belongs to the token's scopes or needs no scope.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.cached.permissions_within(&self.positions)
    }
}

const NO_TOKEN: GrantError = GrantError::InvalidRequest("The parameter token is missing.");

/// A token that opened and whose client, secret and organization still stand behind it.
struct Live {
    id: TokenId,
    claims: Claims,
    cached: Arc<CachedClient>,
    /// When it was judged.
    at: Time,
}

impl Service {
    /// Tells a caller about a token. The caller is judged first, even when no token is given.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn introspect(
        &self,
        origin: &RequestOrigin<'_>,
        caller: &Caller,
        token: Option<&Secret>,
    ) -> Result<Introspection, GrantError> {
        let (caller, positions, at) = match caller {
            Caller::Client(credentials) => {
                let Authenticated {
                    cached: caller, at, ..
                } = self.authenticate(origin, credentials).await?;
                let positions = caller.every_position();
                (caller, positions, at)
            }
            Caller::Bearer(bearer) => {
                self.wait_for_freshness().await?;
                let bearer = self.live(bearer, None).await?;
                let bearer = bearer.ok_or(GrantError::InvalidToken)?;
                self.is_open(&bearer.cached, &origin.host.host)
                    .map_err(|reason| {
                        let id = bearer.cached.client.id.as_str();
                        self.note_refusal(id, origin.address, reason);
                        self.refuse(&bearer.cached, GrantError::InvalidToken)
                    })?;
                let secret = bearer.claims.secret.cast_signed();
                self.0.usage.used(&bearer.cached, secret, bearer.at);
                (bearer.cached, bearer.claims.scopes, bearer.at)
            }
        };
        let token = token.ok_or_else(|| self.refuse(&caller, NO_TOKEN))?;
        self.0.usage.count(&caller, UsageKind::Introspected, at);
        let Some(live) = self.live(token, Some(&caller)).await? else {
            return Ok(Introspection::Inactive);
        };
        if !may_see((&caller, &positions), &live.cached.client) {
            return Ok(Introspection::Inactive);
        }
        Ok(Introspection::Active(Box::new(self.describe(live, origin))))
    }

    /// Ends one token. When this returns, no node calls it active.
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::UnauthorizedClient`] for a live token of another client.
    pub async fn revoke_token(
        &self,
        origin: &RequestOrigin<'_>,
        credentials: &Credentials,
        token: Option<&Secret>,
    ) -> Result<(), GrantError> {
        let caller = self.authenticate(origin, credentials).await?.cached;
        let token = token.ok_or_else(|| self.refuse(&caller, NO_TOKEN))?;
        // Even if it has ended by this clock: if that is ahead, others still call it active.
        let Some(live) = self.standing(token, Some(&caller)).await? else {
            return Ok(());
        };
        if live.cached.client.number != caller.client.number {
            return Err(self.refuse(&caller, GrantError::UnauthorizedClient));
        }
        let lifetime = live.claims.lifetime().ok_or(GrantError::Unavailable)?;
        let actor = Actor::Client {
            id: caller.client.id.clone(),
            address: origin.address,
        };
        self.deny(DenylistEntry {
            token: live.id,
            lifetime,
            actor,
            client: caller.client.number,
            subject: (&caller.client).into(),
        })
        .await
        .map_err(unavailable)
    }

    /// Opens a token and judges it from memory. The caller has waited for freshness.
    async fn live(
        &self,
        token: &Secret,
        caller: Option<&Arc<CachedClient>>,
    ) -> Result<Option<Live>, GrantError> {
        let standing = self.standing(token, caller).await?;
        let has_ended = |live: &Live| {
            i64::try_from(live.claims.expires_at).is_ok_and(|end| end <= live.at.timestamp())
        };
        Ok(standing.filter(|live| !has_ended(live)))
    }

    /// The same, but for the token's own end. Mostly it is the caller's, who need not be looked for again.
    async fn standing(
        &self,
        token: &Secret,
        caller: Option<&Arc<CachedClient>>,
    ) -> Result<Option<Live>, GrantError> {
        let opened = crate::service::crypto::token_format::open(
            |number| self.0.keys.sealing(number),
            &self.0.settings.token_prefix,
            token.expose(),
        );
        let Some((id, claims)) = opened else {
            return Ok(None);
        };
        let now = self.now();
        let Ok(number) = i64::try_from(claims.client) else {
            return Ok(None);
        };
        if self.0.directory.is_denylisted(id, &claims) {
            return Ok(None);
        }
        let cached = if let Some(caller) = caller.filter(|caller| caller.client.number == number) {
            Some(Arc::clone(caller))
        } else {
            let found = self.0.directory.client_by_number(number).await;
            found.map_err(unavailable)?
        };
        let Some(cached) = cached else {
            return Ok(None);
        };
        let client = &cached.client;
        let works = matches!(
            client.state(now),
            ClientState::Active | ClientState::Expiring { .. }
        );
        let same_generation = u64::try_from(client.generation)
            .is_ok_and(|generation| generation == claims.generation);
        let secret_stands = cached.secrets.iter().any(|row| {
            u64::try_from(row.number).is_ok_and(|number| number == claims.secret)
                && row.revoked_at.is_none()
        });
        let scopes_fit = claims
            .scopes
            .iter()
            .all(|position| usize::from(*position) < client.scopes.len());
        // A client without an organization may have come through the origin of one.
        let through = claims.organization.and_then(|id| i64::try_from(id).ok());
        let organizations_live = self.stands_behind(client.organization_id, &claims)
            && (through == client.organization_id || self.stands_behind(through, &claims));
        let stands = works && same_generation && secret_stands && scopes_fit && organizations_live;
        Ok(stands.then_some(Live {
            id,
            claims,
            cached,
            at: now,
        }))
    }

    /// Whether an organization, if there is one, is live and was not restored after the token was issued.
    fn stands_behind(&self, organization: Option<i64>, claims: &Claims) -> bool {
        organization.is_none_or(|id| {
            self.0.directory.organization(id).is_some_and(|found| {
                found.archived_at.is_none()
                    && u64::try_from(found.tokens_since).is_ok_and(|since| claims.version >= since)
            })
        })
    }

    fn describe(&self, live: Live, origin: &RequestOrigin<'_>) -> LiveToken {
        let Live {
            id, claims, cached, ..
        } = live;
        let client = &cached.client;
        let host_of = |id: i64| -> Option<Host<'static>> {
            let organization = self.0.directory.organization(id)?;
            organization.host.clone()
        };
        let host = client.organization_id.and_then(host_of);
        let issued_at = claims
            .organization
            .filter(|_| claims.at_host)
            .and_then(|id| i64::try_from(id).ok())
            .and_then(host_of);
        let settings = &self.0.settings.issuer;
        let issuer = match issued_at {
            // A token does not carry the port; whoever asks at the same host knows the issuer by the port in use.
            Some(host) if host == origin.host.host => settings.at(&origin.host),
            Some(host) => settings.at(&Authority { host, port: None }),
            None => settings.url(),
        };
        LiveToken {
            scope: cached.scope_text(&claims.scopes),
            issued_at: claims.issued_at,
            expires_at: claims.expires_at,
            audience: host.map_or_else(|| issuer.clone(), |host| format!("https://{host}")),
            issuer,
            id,
            positions: claims.scopes,
            cached,
        }
    }
}

/// A caller, with the scopes it came with, sees its own client's tokens; with the permission, those of its
/// organization, or all when it belongs to none.
fn may_see((caller, positions): (&CachedClient, &[u8]), owner: &Client) -> bool {
    let client = &caller.client;
    if client.number == owner.number {
        return true;
    }
    let may = caller
        .permissions_within(positions)
        .any(|held| held == INTROSPECT);
    may && (client.organization_id.is_none() || client.organization_id == owner.organization_id)
}
