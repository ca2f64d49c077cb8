//! Token revocation (RFC 7009): a client ends its own tokens one by one.

use crate::domain::event::ActorRef;
use crate::domain::secret::Secret;
use crate::service::directory::denylist::DenylistEntry;
use crate::service::oauth::{
    Credentials, GrantError, NO_TOKEN, RequestOrigin, TokenServer, unavailable,
};

impl TokenServer {
    /// Revokes one token. When this returns, no node reports it as active.
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
        let token = token.ok_or_else(|| self.refuse(&caller, origin, NO_TOKEN))?;
        // Also a token that has expired by this node's clock: where this clock is ahead, other nodes still accept the
        // token.
        let Some(live) = self.live_or_expired(token, Some(&caller)).await? else {
            return Ok(());
        };
        if live.cached.number != caller.number {
            return Err(self.refuse_others_token(&caller, origin));
        }
        let lifetime = live.claims.lifetime().ok_or(GrantError::Unavailable)?;
        let entry = DenylistEntry {
            token: live.id,
            lifetime,
            client: caller.number,
            actor: ActorRef::Client {
                id: caller.id.clone(),
            },
            subject: caller.subject(),
            address: origin.address,
        };
        self.0.denylist.deny(entry).await.map_err(unavailable)
    }

    /// Writes the queued revocations, also those of cancelled requests: before the server stops.
    pub async fn finish_denylist(&self) {
        self.0.denylist.finish().await;
    }
}
