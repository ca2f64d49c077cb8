//! Whether the bearer of a token may do what a reverse proxy asks for (forward authentication).

use crate::domain::secret::Secret;
use crate::service::auth::client_state::check_client;
use crate::service::directory::counters::RequestKind;
use crate::service::oauth::live_token::{Live, LiveToken};
use crate::service::oauth::{GrantError, RequestOrigin, TokenServer};

/// What a token needs. All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Names of scopes.
    pub scopes: Vec<String>,
    /// Names of permissions.
    pub permissions: Vec<String>,
}

impl TokenServer {
    /// Judges a bearer token at the requested host, and whether it has what is required. The client then has exercised the
    /// permissions that are.
    ///
    /// # Errors
    /// [`GrantError::InvalidToken`], [`GrantError::InsufficientScope`] or [`GrantError::Unavailable`].
    pub async fn verify(
        &self,
        origin: &RequestOrigin<'_>,
        bearer: &Secret,
        required: &Requirements,
    ) -> Result<LiveToken, GrantError> {
        let live = self.live_bearer(origin, bearer).await?;
        let at = live.at;
        let token = self.describe(live, origin);
        if !token.meets(required) {
            return Err(self.refuse(&token.cached, origin, GrantError::InsufficientScope));
        }
        let usage = &self.0.usage;
        usage.exercised(&token.cached, &required.permissions, at);
        usage.count(&token.cached, RequestKind::Introspected, at);
        Ok(token)
    }

    /// A live token whose client may act at the requested host. Counts as a use of the secret that made it.
    pub(super) async fn live_bearer(
        &self,
        origin: &RequestOrigin<'_>,
        bearer: &Secret,
    ) -> Result<Live, GrantError> {
        self.wait_for_freshness().await?;
        let live = self.live(bearer, None).await?;
        let live = live.ok_or(GrantError::InvalidToken)?;
        let directory = &self.0.directory;
        check_client(directory, &live.cached, &origin.host.host, self.now()).map_err(
            |refused| {
                let (cached, secret) = (&live.cached, live.claims.secret);
                self.note_refusal(Some(cached), origin, refused);
                self.keep_unauthenticated(cached, origin, refused, Some(secret));
                GrantError::InvalidToken
            },
        )?;
        let (cached, secret) = (&live.cached, live.claims.secret);
        self.0.usage.used(cached, secret, live.at, origin.address);
        Ok(live)
    }
}

impl LiveToken {
    fn meets(&self, required: &Requirements) -> bool {
        let has_scope = |name: &String| self.scope.split(' ').any(|held| held == name);
        let has_permission = |name: &String| self.permissions().any(|held| held == name);
        required.scopes.iter().all(has_scope) && required.permissions.iter().all(has_permission)
    }
}
