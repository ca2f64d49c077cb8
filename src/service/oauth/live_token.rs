//! Whether a token is live, decided from memory.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::Time;
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::participant::Participant;
use crate::domain::scope::ScopeSet;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::service::auth::token_state::{check_acting, check_participant, check_token};
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::{GrantError, TokenServer, unavailable};

/// A live token, as RFC 7662 §2.2 describes it.
#[derive(Debug)]
pub struct LiveToken {
    /// Its scopes in the order of the request, separated by spaces.
    pub scope: String,
    /// When it was issued, Unix seconds.
    pub issued_at: i64,
    /// When it expires, Unix seconds.
    pub expires_at: i64,
    /// Its audience (`aud`).
    pub audience: String,
    /// Its issuer (`iss`).
    pub issuer: String,
    /// Its id (`jti`).
    pub id: TokenId,
    /// The participant that it acts for, if any.
    pub participant: Option<TokenParticipant>,
    pub(super) scopes: ScopeSet,
    pub(super) cached: Arc<CachedClient>,
}

/// The participant that a live token acts for.
#[derive(Debug)]
pub struct TokenParticipant {
    /// The participant, as it is now.
    pub participant: Arc<Participant>,
    /// Whether the client acts on behalf of the participant, who did not sign in.
    pub impersonated: bool,
}

impl LiveToken {
    /// The client that it was issued to.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.cached.id.as_str()
    }

    /// Its subject (`sub`): the client, or the participant as `participant:<id>`. A client's id has no colon, so the two
    /// never meet.
    #[must_use]
    pub fn subject(&self) -> Cow<'_, str> {
        match &self.participant {
            Some(of) => Cow::Owned(format!("participant:{}", of.participant.id)),
            None => Cow::Borrowed(self.client_id()),
        }
    }

    /// The client's organization.
    #[must_use]
    pub fn organization_id(&self) -> Option<OrganizationId> {
        self.cached.organization_id
    }

    /// The client's current permissions that belong to the token's scopes or need no scope.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.cached.permissions_within(&self.scopes)
    }
}

/// A token that was opened and whose client, secret and organization are still valid.
pub(super) struct Live {
    pub(super) id: TokenId,
    pub(super) claims: Claims,
    pub(super) cached: Arc<CachedClient>,
    /// The participant that it acts for; not looked up where only the client's part was checked.
    pub(super) participant: Option<TokenParticipant>,
    /// When it was checked.
    pub(super) at: Time,
}

impl TokenServer {
    /// Opens a token and checks it from memory. The caller has waited for freshness.
    pub(super) async fn live(
        &self,
        token: &Secret,
        caller: Option<&Arc<CachedClient>>,
    ) -> Result<Option<Live>, GrantError> {
        let token = self.live_or_expired(token, caller).await?;
        let has_ended = |live: &Live| live.claims.expires_at <= live.at.timestamp();
        match token.filter(|live| !has_ended(live)) {
            Some(live) if live.claims.participant.is_some() => {
                // Boxed, because few tokens act for a participant, and the future of every request would be as large.
                Box::pin(self.with_participant(live)).await
            }
            other => Ok(other),
        }
    }

    /// A token with its participant, unless blocked since, or the client may not act for participants any more.
    async fn with_participant(&self, live: Live) -> Result<Option<Live>, GrantError> {
        let (Some(claimed), Some(organization)) =
            (live.claims.participant, live.claims.organization)
        else {
            return Ok(None);
        };
        if check_acting(&live.cached, &claimed).is_err() {
            return Ok(None);
        }
        let id = ParticipantId(claimed.number.cast_signed());
        let found = self.participant_of(organization, id).await?;
        let found = found.filter(|found| check_participant(&claimed, Some(found)).is_ok());
        Ok(found.map(|participant| Live {
            participant: Some(TokenParticipant {
                participant,
                impersonated: claimed.impersonated,
            }),
            ..live
        }))
    }

    /// The same without the token's own expiry, and without its participant: a revocation has to be written also for a
    /// token that lives again when a permission comes back. Usually it is a token of the caller, which need not be looked
    /// up again.
    pub(super) async fn live_or_expired(
        &self,
        token: &Secret,
        caller: Option<&Arc<CachedClient>>,
    ) -> Result<Option<Live>, GrantError> {
        let prefix = &self.0.settings.token_prefix;
        let opened = self.0.keys.open_token(prefix, token.expose());
        let Some((id, claims)) = opened else {
            return Ok(None);
        };
        let now = self.now();
        let number = claims.client;
        if self.0.directory.is_denylisted(id, &claims) {
            return Ok(None);
        }
        let cached = if let Some(caller) = caller.filter(|caller| caller.number == number) {
            Some(Arc::clone(caller))
        } else {
            let found = self.0.directory.client_by_number(number).await;
            found.map_err(unavailable)?
        };
        let Some(cached) = cached else {
            return Ok(None);
        };
        let live = check_token(&self.0.directory, &cached, &claims, now).is_ok();
        Ok(live.then_some(Live {
            id,
            claims,
            cached,
            participant: None,
            at: now,
        }))
    }
}
