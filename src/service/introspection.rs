//! Tokens looked at and revoked one by one (RFC 7662, RFC 7009).

use std::sync::Arc;

use serde_json::json;

use super::actor::Actor;
use super::clients::target;
use super::directory::Entry;
use super::grants::{Credentials, Door, GrantError, unavailable};
use super::{Entry as TrailEntry, Service};
use crate::domain::audit::Action;
use crate::domain::client::{Client, ClientState};
use crate::domain::permission::INTROSPECT;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};

/// Who wants to know about a token.
#[derive(Debug)]
pub enum Caller {
    /// A client with its secret.
    Client(Credentials),
    /// Whoever holds a live token.
    Bearer(Secret),
}

/// What a caller learns about a token.
#[derive(Debug, PartialEq, Eq)]
pub enum Introspection {
    /// Nothing but that.
    Inactive,
    /// What it is good for.
    Active(Box<LiveToken>),
}

/// A live token, as RFC 7662 §2.2 describes it.
#[derive(Debug, PartialEq, Eq)]
pub struct LiveToken {
    /// Its scopes, in the order asked for.
    pub scopes: Vec<String>,
    /// The client it was made for.
    pub client_id: String,
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
    /// What the client holds now that belongs to the token's scopes or needs no scope.
    pub permissions: Vec<String>,
    /// The client's organization.
    pub organization_id: Option<i64>,
}

const NO_TOKEN: GrantError = GrantError::InvalidRequest("The parameter token is missing.");

/// A token that opened and whose client, secret and organization still stand behind it.
struct Live {
    id: TokenId,
    claims: Claims,
    entry: Arc<Entry>,
}

impl Live {
    /// The scopes of the token, in the order asked for.
    fn scopes(&self) -> Vec<String> {
        self.claims
            .scopes
            .iter()
            .map(|place| self.entry.client.scopes[usize::from(*place)].to_string())
            .collect()
    }
}

impl Service {
    /// Tells a caller about a token. The caller is judged first, even when no token is given.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn introspect(
        &self,
        door: &Door<'_>,
        caller: &Caller,
        token: Option<&Secret>,
    ) -> Result<Introspection, GrantError> {
        let (caller, scopes) = match caller {
            Caller::Client(credentials) => {
                let caller = self.authenticate(door, credentials).await?.entry;
                let scopes = caller
                    .client
                    .scopes
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                (caller, scopes)
            }
            Caller::Bearer(bearer) => {
                self.pass_gate().await?;
                let bearer = self
                    .live(bearer)
                    .await?
                    .filter(|bearer| self.is_open(&bearer.entry, door.host).is_ok());
                let bearer = bearer.ok_or(GrantError::InvalidToken)?;
                (Arc::clone(&bearer.entry), bearer.scopes())
            }
        };
        let token = token.ok_or(NO_TOKEN)?;
        let Some(live) = self.live(token).await? else {
            return Ok(Introspection::Inactive);
        };
        if !self.may_see((&caller.client, &scopes), &live.entry.client) {
            return Ok(Introspection::Inactive);
        }
        Ok(Introspection::Active(Box::new(self.describe(&live))))
    }

    /// Ends one token. When this returns, no node calls it active.
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::UnauthorizedClient`] for a live token of another client.
    pub async fn revoke_token(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
        token: Option<&Secret>,
    ) -> Result<(), GrantError> {
        let caller = self.authenticate(door, credentials).await?.entry;
        let token = token.ok_or(NO_TOKEN)?;
        let Some(live) = self.live(token).await? else {
            return Ok(());
        };
        if live.entry.client.number != caller.client.number {
            return Err(GrantError::UnauthorizedClient);
        }
        let lifetime = live.claims.lifetime().ok_or(GrantError::Unavailable)?;
        let actor = Actor::Client {
            id: caller.client.id.clone(),
            address: door.address,
        };
        let (mut tx, version) = self.change().await.map_err(unavailable)?;
        tx.insert_denied_token(live.id, lifetime, version)
            .await
            .map_err(|error| unavailable(error.into()))?;
        let entry = TrailEntry {
            action: Action::TokenRevoked,
            target: target(&caller.client),
            organization_id: caller.client.organization_id,
            detail: json!({"token": live.id.to_string()}),
        };
        self.record(&mut tx, &actor, entry)
            .await
            .map_err(unavailable)?;
        tx.commit().await.map_err(|error| unavailable(error.into()))
    }

    /// Opens a token and judges it from memory. The caller has passed the gate.
    async fn live(&self, token: &Secret) -> Result<Option<Live>, GrantError> {
        let opened = super::tokens::open(
            |number| self.0.keys.sealing(number),
            &self.0.settings.token_prefix,
            token.expose(),
        );
        let Some((id, claims)) = opened else {
            return Ok(None);
        };
        let now = self.now();
        let (Ok(number), Ok(second)) =
            (i64::try_from(claims.client), u64::try_from(now.timestamp()))
        else {
            return Ok(None);
        };
        if claims.expires_at <= second || self.0.directory.is_denied(id, &claims) {
            return Ok(None);
        }
        let Some(entry) = self
            .0
            .directory
            .client_by_number(number)
            .await
            .map_err(unavailable)?
        else {
            return Ok(None);
        };
        let client = &entry.client;
        let works = matches!(
            client.state(now),
            ClientState::Active | ClientState::Expiring { .. }
        );
        let same_generation = u64::try_from(client.generation)
            .is_ok_and(|generation| generation == claims.generation);
        let secret_stands = entry.secrets.iter().any(|row| {
            u64::try_from(row.number).is_ok_and(|number| number == claims.secret)
                && row.revoked_at.is_none()
        });
        let scopes_fit = claims
            .scopes
            .iter()
            .all(|place| usize::from(*place) < client.scopes.len());
        let stands = works
            && same_generation
            && secret_stands
            && scopes_fit
            && self.is_organization_live(client.organization_id);
        Ok(stands.then_some(Live { id, claims, entry }))
    }

    /// A caller, with the scopes it came with, sees its own client's tokens; with the permission, those of its
    /// organization, or all when it belongs to none.
    fn may_see(&self, (caller, scopes): (&Client, &[String]), owner: &Client) -> bool {
        if caller.number == owner.number {
            return true;
        }
        let may = caller.holds(INTROSPECT)
            && self
                .0
                .settings
                .catalog
                .check_grant(INTROSPECT, scopes)
                .is_ok();
        may && (caller.organization_id.is_none() || caller.organization_id == owner.organization_id)
    }

    fn describe(&self, live: &Live) -> LiveToken {
        let client = &live.entry.client;
        let scopes = live.scopes();
        let catalog = &self.0.settings.catalog;
        let counts = |name: &&crate::domain::permission::PermissionName| {
            catalog.check_grant(name.as_str(), &scopes).is_ok()
        };
        let host_of = |id: i64| {
            self.0
                .directory
                .organization(id)
                .and_then(|organization| organization.host.clone())
        };
        let host = client.organization_id.and_then(host_of);
        let door = live
            .claims
            .organization
            .filter(|_| live.claims.at_host)
            .and_then(|id| i64::try_from(id).ok())
            .and_then(host_of);
        let settings = &self.0.settings.issuer;
        let issuer = door.map_or_else(|| settings.url(), |host| settings.at(&host));
        LiveToken {
            permissions: client
                .permissions
                .iter()
                .filter(counts)
                .map(ToString::to_string)
                .collect(),
            client_id: client.id.to_string(),
            issued_at: live.claims.issued_at,
            expires_at: live.claims.expires_at,
            audience: host.map_or_else(|| issuer.clone(), |host| format!("https://{host}")),
            issuer,
            id: live.id,
            organization_id: client.organization_id,
            scopes,
        }
    }
}
