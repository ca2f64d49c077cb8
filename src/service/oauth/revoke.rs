//! Tokens ended one by one by the clients that hold them (RFC 7009).

use crate::domain::event::ActorRef;
use crate::domain::secret::Secret;
use crate::service::directory::denylist::DenylistEntry;
use crate::service::oauth::{
    Credentials, GrantError, NO_TOKEN, RequestOrigin, TokenServer, unavailable,
};

impl TokenServer {
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
        let entry = DenylistEntry {
            token: live.id,
            lifetime,
            client: caller.client.number,
            actor: ActorRef::Client {
                id: caller.client.id.clone(),
            },
            subject: (&caller.client).into(),
            address: origin.address,
        };
        self.0.denylist.deny(entry).await.map_err(unavailable)
    }

    /// Writes the revocations that wait, also those of requests that are gone: before the server ends.
    pub async fn finish_denylist(&self) {
        self.0.denylist.finish().await;
    }
}
