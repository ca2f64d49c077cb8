//! Why requests of a client were refused, kept for administrators. Of what was sent nothing is kept.

use std::net::IpAddr;

use crate::domain::ids::SecretNumber;
use crate::domain::refusal::{CountedRefusal, RefusedFor};
use crate::service::auth::refusal_reason::RefusalReason;
use crate::service::auth::throttle::Network;
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::RequestKind;
use crate::service::oauth::{GrantError, RequestOrigin, TokenServer};

impl TokenServer {
    /// Counts and keeps the refusal of an authenticated client, and returns the error.
    pub(super) fn refuse(
        &self,
        cached: &CachedClient,
        origin: &RequestOrigin<'_>,
        error: GrantError,
    ) -> GrantError {
        if let Some(reason) = reason_of(&error) {
            self.keep_refusal(cached, origin.address, reason);
        }
        self.0.usage.count(cached, RequestKind::Refused, self.now());
        error
    }

    /// The same where a client wants to revoke a token of another one.
    pub(super) fn refuse_others_token(
        &self,
        cached: &CachedClient,
        origin: &RequestOrigin<'_>,
    ) -> GrantError {
        self.keep_refusal(cached, origin.address, RefusedFor::OthersToken);
        self.0.usage.count(cached, RequestKind::Refused, self.now());
        GrantError::UnauthorizedClient
    }

    /// Keeps why a client was not authenticated; `secret` is the one that was proven, if any.
    pub(super) fn keep_unauthenticated(
        &self,
        cached: &CachedClient,
        origin: &RequestOrigin<'_>,
        refused: RefusalReason,
        secret: Option<SecretNumber>,
    ) {
        let secret = secret.unwrap_or_default();
        let reason = match refused {
            RefusalReason::UnknownClient | RefusalReason::Unavailable => return,
            RefusalReason::WrongSecret => RefusedFor::WrongSecret,
            RefusalReason::TooManyGuesses { .. } => RefusedFor::TooManyGuesses,
            RefusalReason::SecretUnknown | RefusalReason::SecretRevoked => {
                RefusedFor::SecretRevoked(secret)
            }
            RefusalReason::SecretExpired => RefusedFor::SecretExpired(secret),
            RefusalReason::ClientExpired => RefusedFor::ClientExpired,
            RefusalReason::ClientSuspended => RefusedFor::ClientSuspended,
            RefusalReason::ClientRevoked => RefusedFor::ClientRevoked,
            RefusalReason::OrganizationArchived => RefusedFor::OrganizationArchived,
            RefusalReason::OtherHost => {
                let at_host = self.0.directory.organization_at(&origin.host.host);
                RefusedFor::OtherHost(at_host.map(|found| found.id).unwrap_or_default())
            }
        };
        self.keep_refusal(cached, origin.address, reason);
    }

    fn keep_refusal(&self, cached: &CachedClient, address: Option<IpAddr>, reason: RefusedFor) {
        let network = Network::of(address).to_string();
        let refusal = CountedRefusal::one(reason, network, self.now());
        self.0.usage.refused(cached, refusal);
    }
}

/// The reason of an error; none where nothing was decided.
fn reason_of(error: &GrantError) -> Option<RefusedFor> {
    Some(match error {
        GrantError::InvalidRequest(_) => RefusedFor::Malformed,
        GrantError::InsufficientScope => RefusedFor::InsufficientScope,
        GrantError::UnauthorizedClient => RefusedFor::GrantNotAllowed,
        GrantError::UnsupportedGrantType => RefusedFor::GrantUnknown,
        GrantError::InvalidScope => RefusedFor::ScopeNotOwned,
        GrantError::InvalidGrant => RefusedFor::ParticipantRefused,
        GrantError::InvalidTarget => RefusedFor::TargetUnknown,
        GrantError::TooMany { .. } => RefusedFor::RateLimited,
        GrantError::InvalidClient | GrantError::InvalidToken | GrantError::Unavailable => {
            return None;
        }
    })
}
