//! The grant `password` with `auth_type=impersonate`: a client acts on behalf of a participant without a password. The
//! participant is found by id or name, or registered when there is none.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::request::{ActingClient, GrantRequest, GrantRules, Impersonation, TokenRequest};
use crate::domain::event::ImpersonationGrant;
use crate::domain::participant::Participant;
use crate::domain::permission::IMPERSONATE;
use crate::domain::token::{self, Claims};
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::impersonations::Reason;
use crate::service::oauth::participants::{EXTRA_TOO_LARGE, Found};
use crate::service::oauth::{GrantError, RequestOrigin, TokenServer};

pub(super) const RULES: GrantRules = GrantRules {
    permission: Some(IMPERSONATE),
    for_participant: true,
    longest: None,
};

impl TokenServer {
    /// The own part of the grants that act for a participant: who that is, and whether the client may.
    pub(super) async fn approve_participant(
        &self,
        origin: &RequestOrigin<'_>,
        cached: &Arc<CachedClient>,
        request: &TokenRequest<'_>,
        claims: &mut Claims,
    ) -> Result<(), GrantError> {
        let acting = ActingClient {
            origin,
            cached,
            organization: claims.organization.ok_or(GrantError::UnauthorizedClient)?,
        };
        let (participant, impersonated) = match &request.grant {
            GrantRequest::Login(login) => (self.log_in(&acting, login).await?, false),
            GrantRequest::Impersonate(asked) => (self.impersonate(&acting, asked).await?, true),
            GrantRequest::TokenExchange(asked) => {
                self.check_exchange(&acting, asked, request.scope, claims)
                    .await?;
                (self.exchange(&acting, asked).await?, true)
            }
            GrantRequest::ClientCredentials
            | GrantRequest::Malformed(_)
            | GrantRequest::Unsupported => return Err(GrantError::UnsupportedGrantType),
        };
        claims.participant = Some(token::Participant {
            number: participant.id.0.cast_unsigned(),
            generation: participant.generation.cast_unsigned(),
            impersonated,
        });
        Ok(())
    }

    async fn impersonate(
        &self,
        acting: &ActingClient<'_>,
        asked: &Impersonation<'_>,
    ) -> Result<Arc<Participant>, GrantError> {
        let extra = object(&asked.extra);
        let reason = Reason {
            grant: ImpersonationGrant::Password,
            text: None,
        };
        // An id wins over a name, so nobody is registered in place of one who is not there.
        let found = match (asked.id, asked.username) {
            (Some(id), _) => self.participant_with_id(acting, id).await?,
            (None, Some(username)) => self.participant_named(acting, username).await?,
            (None, None) => None,
        };
        let participant = match (found, &asked.registration, asked.username) {
            (Some(found), _, _) => found,
            (None, Some(registration), Some(username)) if asked.id.is_none() => {
                let new = registration.checked(acting, username, extra.clone())?;
                match self.register_participant(acting, new, &reason).await? {
                    Found::Registered(registered) => return Ok(registered),
                    Found::Existing(found) => found,
                }
            }
            _ => return Err(GrantError::InvalidGrant),
        };
        if participant.blocked_at.is_some() {
            return Err(GrantError::InvalidGrant);
        }
        let mut merged = participant.extra.clone();
        merged.merge(extra.clone()).map_err(|_| EXTRA_TOO_LARGE)?;
        if merged != participant.extra {
            let merged = self
                .merge_extra(acting, participant.id, extra, &reason)
                .await?;
            if let Some(merged) = merged {
                return Ok(merged);
            }
        }
        self.note_impersonation(acting, participant.id, &reason)
            .await?;
        Ok(participant)
    }
}

/// Texts as a JSON object; the parameters of a request have no other values.
fn object(members: &[(&str, &str)]) -> Map<String, Value> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), Value::from(*value));
    members.iter().map(pair).collect()
}
