//! What a token is that somebody has in hand.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::client_tokens::{ActsAs, ExaminedToken};
use crate::domain::complaint::TokenComplaint;
use crate::domain::error::Error;
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::participant::Participant;
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, Dead, TokenId};
use crate::service::auth::token_state::{check_acting, check_participant, check_token};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::tokens::TokenHandle;
use crate::service::directory::cached_client::CachedClient;

/// A token's id and claims, and the client that it was issued to.
pub(super) struct OpenedToken<'a> {
    pub(super) id: TokenId,
    pub(super) claims: &'a Claims,
    pub(super) cached: &'a CachedClient,
}

/// The participants of tokens, by id.
pub(super) type Participants = HashMap<ParticipantId, Arc<Participant>>;

impl Console {
    /// Says what a token is, live or not. It is not used, and nothing of it is kept.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `token` when it is none of this server's.
    pub async fn examine_token(
        &self,
        actor: &Actor,
        token: &Secret,
    ) -> Result<ExaminedToken, Error> {
        actor.require(Right::ReadDirectory)?;
        let unreadable = || Error::invalid("token", TokenComplaint::TokenUnreadable.into());
        self.0.directory.refresh().await?;
        let text = token.expose().trim();
        // People copy a whole header.
        let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        let opened = self.0.keys.open_token(&self.0.settings.token_prefix, text);
        let (id, claims) = opened.ok_or_else(unreadable)?;
        let found = self.0.directory.client_by_number(claims.client).await?;
        let cached = found.ok_or_else(unreadable)?;
        let lifetime = claims.lifetime().ok_or_else(unreadable)?;
        let client = self.get_client(actor, cached.id.as_str()).await?;
        let participants = self.participants_of([&claims].into_iter()).await?;
        let opened = OpenedToken {
            id,
            claims: &claims,
            cached: &cached,
        };
        Ok(ExaminedToken {
            client_id: client.id,
            client_name: client.name,
            id,
            acts_as: acts_as(&claims, &participants),
            scope: scope_text(&cached, &claims),
            issued_at: lifetime.issued_at,
            expires_at: lifetime.expires_at,
            dead: self.judge(&opened, &participants),
            handle: self.seal_handle(TokenHandle {
                client: cached.number,
                token: id,
                lifetime,
            }),
        })
    }

    /// The participants that tokens act for.
    pub(super) async fn participants_of<'a>(
        &self,
        tokens: impl Iterator<Item = &'a Claims>,
    ) -> Result<Participants, Error> {
        let mut participants = Participants::new();
        for claims in tokens {
            let Some(claimed) = claims.participant else {
                continue;
            };
            let id = ParticipantId(claimed.number.cast_signed());
            if participants.contains_key(&id) {
                continue;
            }
            if let Some(found) = self.0.directory.participant(id).await? {
                participants.insert(id, found);
            }
        }
        Ok(participants)
    }

    /// Why a token is not live, if it is not. Freshness was waited for.
    pub(super) fn judge(
        &self,
        token: &OpenedToken<'_>,
        participants: &Participants,
    ) -> Option<Dead> {
        let OpenedToken { id, claims, cached } = token;
        let now = self.now();
        if claims.expires_at <= now.timestamp() {
            return Some(Dead::Expired);
        }
        let directory = &self.0.directory;
        if directory.is_denylisted(*id, claims) {
            return Some(Dead::Revoked);
        }
        let judged = check_token(directory, cached, claims, now).and_then(|()| {
            let Some(claimed) = claims.participant else {
                return Ok(());
            };
            check_acting(cached, &claimed)?;
            let id = ParticipantId(claimed.number.cast_signed());
            let is_theirs =
                |found: &&Arc<Participant>| Some(found.organization_id) == claims.organization;
            let found = participants.get(&id).filter(is_theirs);
            check_participant(&claimed, found.map(|found| &**found))
        });
        judged.err()
    }
}

/// For whom a token acts.
pub(super) fn acts_as(claims: &Claims, participants: &Participants) -> ActsAs {
    let Some(claimed) = claims.participant else {
        return ActsAs::Client;
    };
    let id = ParticipantId(claimed.number.cast_signed());
    let organization: Option<OrganizationId> = claims.organization;
    let found = participants
        .get(&id)
        .filter(|found| Some(found.organization_id) == organization);
    ActsAs::Participant {
        id,
        nickname: found.map(|found| found.nickname.to_string()),
        is_impersonated: claimed.impersonated,
    }
}

/// The scopes of a token, if they are its client's.
pub(super) fn scope_text(cached: &CachedClient, claims: &Claims) -> String {
    if cached.scopes.fits(&claims.scopes) {
        cached.scopes.text_of(&claims.scopes)
    } else {
        String::new()
    }
}
