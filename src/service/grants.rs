//! The token endpoint's rules: who a client is, and what it may ask for.

use std::net::IpAddr;
use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::Service;
use super::entry::{Entry, HeldSecret};
use super::tally::Kind;
use super::throttle::{Attempt, Network};
use super::tokens::seal;
use crate::domain::Time;
use crate::domain::client::{ClientId, ClientState};
use crate::domain::error::Error;
use crate::domain::scope::{self, SYSTEM};
use crate::domain::secret::{Secret, SecretKind};
use crate::domain::token::{Claims, TokenId};

/// Why a request at an OAuth endpoint is refused. Each becomes one registered error code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The request cannot be read.
    #[error("invalid request: {0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated, for whatever reason.
    #[error("invalid client")]
    InvalidClient,
    /// The bearer token that authenticates the caller is not live.
    #[error("invalid token")]
    InvalidToken,
    /// The client may not do this.
    #[error("unauthorized client")]
    UnauthorizedClient,
    /// There is no such grant here.
    #[error("unsupported grant type")]
    UnsupportedGrantType,
    /// A scope is malformed, or not the client's.
    #[error("invalid scope")]
    InvalidScope,
    /// Too many failed attempts.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// It cannot be judged at the moment.
    #[error("unavailable")]
    Unavailable,
}

/// What a client shows to prove who it is.
#[derive(Debug)]
pub struct Credentials {
    /// The `client_id`, as sent.
    pub id: String,
    /// The `client_secret`.
    pub secret: Secret,
}

/// The door a request came through.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// The `Host`, in lower case.
    pub host: &'a str,
    /// Who knocked.
    pub address: Option<IpAddr>,
}

/// An access token, as RFC 6749 §5.1 answers it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Secret,
    /// Seconds it lives.
    pub expires_in: i64,
    /// Its scopes, in the order asked for, divided by spaces.
    pub scope: String,
    /// When it was made, Unix seconds.
    pub created_at: i64,
}

/// A client that proved who it is, and with which secret.
pub(super) struct Authenticated {
    pub(super) entry: Arc<Entry>,
    pub(super) secret: i64,
    /// When.
    pub(super) at: Time,
}

impl Service {
    /// The client credentials grant (RFC 6749 §4.4). Writes nothing.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn grant_client_credentials(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
        asked: Option<&str>,
    ) -> Result<IssuedToken, GrantError> {
        let authenticated = self.authenticate(door, credentials).await?;
        let client = &authenticated.entry.client;
        let places: Vec<u8> = match asked {
            None => authenticated.entry.every_place(),
            Some(asked) => {
                let refuse = || self.refuse(&authenticated.entry, GrantError::InvalidScope);
                let names = scope::split(asked).map_err(|_| refuse())?;
                let place = |name: &&str| {
                    client
                        .scopes
                        .iter()
                        .position(|owned| owned.as_str() == *name)
                        .and_then(|place| u8::try_from(place).ok())
                };
                let places: Option<Vec<u8>> = names.iter().map(place).collect();
                places
                    .filter(|places| !places.is_empty())
                    .ok_or_else(refuse)?
            }
        };
        let now = authenticated.at;
        let ttl = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let left = client
            .expires_at
            .map_or(ttl, |end| (end.timestamp() - now.timestamp()).min(ttl));
        // In its last second a client gets none, as none would live.
        if left < 1 {
            return Err(self.refuse(&authenticated.entry, GrantError::InvalidClient));
        }
        let created_at = now.timestamp();
        let unsigned = |number: i64| u64::try_from(number).map_err(|_| GrantError::Unavailable);
        let host = self.0.directory.organization_at(door.host);
        let claims = Claims {
            client: unsigned(client.number)?,
            generation: unsigned(client.generation)?,
            secret: unsigned(authenticated.secret)?,
            organization: host
                .as_ref()
                .map(|organization| organization.id)
                .or(client.organization_id)
                .map(unsigned)
                .transpose()?,
            participant: None,
            at_host: host.is_some(),
            issued_at: unsigned(created_at)?,
            expires_at: unsigned(created_at + left)?,
            version: unsigned(self.0.directory.version())?,
            scopes: places,
        };
        let key = self.0.keys.newest();
        let id = TokenId(self.0.random.bytes());
        let token = seal(&key, &self.0.settings.token_prefix, id, &claims);
        self.0
            .usage
            .issued(&authenticated.entry, id, (now, left), door);
        Ok(IssuedToken {
            token: Secret::new(token),
            expires_in: left,
            scope: authenticated.entry.scope_text(&claims.scopes),
            created_at,
        })
    }

    /// Whether a client is who it says; for requests that are refused whoever sends them.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn check_client(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
    ) -> Result<(), GrantError> {
        let authenticated = self.authenticate(door, credentials).await?;
        self.0
            .usage
            .count(&authenticated.entry, Kind::Refused, authenticated.at);
        Ok(())
    }

    /// Finds out whether a client is who it says, at the door it came to. Every reason to refuse looks alike.
    pub(super) async fn authenticate(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
    ) -> Result<Authenticated, GrantError> {
        let outcome = self.judge(door, credentials).await;
        self.count_authentication(&outcome, credentials);
        outcome
    }

    async fn judge(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
    ) -> Result<Authenticated, GrantError> {
        self.pass_gate().await?;
        let network = Network::of(door.address);
        let attempt = self.0.throttle.attempt(&credentials.id, network);
        let mut attempt = attempt.map_err(too_many)?;
        match self.prove(door, credentials, &mut attempt).await? {
            Ok(authenticated) => Ok(authenticated),
            Err(reason) => {
                tracing::info!(reason, "a client was refused");
                attempt.fail();
                Err(GrantError::InvalidClient)
            }
        }
    }

    /// The inner result tells the reason, for the log alone.
    async fn prove(
        &self,
        door: &Door<'_>,
        credentials: &Credentials,
        attempt: &mut Attempt<'_>,
    ) -> Result<Result<Authenticated, &'static str>, GrantError> {
        // Computed for unknown clients too, so that they cost what a wrong generated secret costs.
        let digest = self.0.keys.digest_secret(credentials.secret.expose());
        let found = match ClientId::parse(&credentials.id) {
            Ok(id) => self.0.directory.client(&id).await.map_err(unavailable)?,
            Err(_) => None,
        };
        let Some(entry) = found else {
            return Ok(Err("unknown client"));
        };
        let shown = (&credentials.secret, &digest);
        let Some(secret) = self.proven_secret(&entry, shown, attempt).await? else {
            return Ok(Err("wrong secret"));
        };
        if let Err(reason) = self.is_open(&entry, door.host) {
            return Ok(Err(reason));
        }
        let now = self.now();
        let row = entry.secrets.iter().find(|row| row.number == secret);
        if row.is_none_or(|row| {
            row.revoked_at.is_some() || row.expires_at.is_some_and(|end| end <= now)
        }) {
            return Ok(Err("secret revoked or expired"));
        }
        Ok(Ok(Authenticated {
            entry,
            secret,
            at: now,
        }))
    }

    /// The number of the secret that was shown, if it is the client's.
    async fn proven_secret(
        &self,
        entry: &Arc<Entry>,
        (shown, digest): (&Secret, &[u8; 32]),
        attempt: &mut Attempt<'_>,
    ) -> Result<Option<i64>, GrantError> {
        let mut generated = entry
            .secrets
            .iter()
            .filter(|row| row.kind == SecretKind::Generated);
        if let Some(row) = generated.find(|row| row.digest.ct_eq(digest.as_slice()).into()) {
            return Ok(Some(row.number));
        }
        if let Some(number) = entry.was_proven(digest) {
            return Ok(Some(number));
        }
        Box::pin(self.prove_chosen(entry, (shown, digest), attempt)).await
    }

    /// The number of the chosen secret that was shown, if it is the client's.
    async fn prove_chosen(
        &self,
        entry: &Arc<Entry>,
        (shown, digest): (&Secret, &[u8; 32]),
        attempt: &mut Attempt<'_>,
    ) -> Result<Option<i64>, GrantError> {
        let now = self.now();
        let live = |row: &&HeldSecret| {
            row.revoked_at.is_none() && row.expires_at.is_none_or(|end| end > now)
        };
        // Those who read the client at the same time have an entry each. The one that stays remembers for all.
        let kept = || {
            let kept = self.0.directory.known_client(entry.client.id.as_str());
            kept.unwrap_or_else(|| Arc::clone(entry))
        };
        for row in entry
            .secrets
            .iter()
            .filter(|row| row.kind == SecretKind::Chosen)
            .filter(live)
        {
            attempt.guess(digest).map_err(too_many)?;
            let turn = self.0.chosen_secrets.turn().await.map_err(unavailable)?;
            // Of many who show the same secret at once, the first found out for all, or failed often enough for all.
            if let Some(number) = kept().was_proven(digest) {
                return Ok(Some(number));
            }
            attempt.check().map_err(too_many)?;
            let hash = std::str::from_utf8(&row.digest).ok();
            if turn.verify(shown, hash).await {
                kept().remember_proven(row.number, *digest);
                return Ok(Some(row.number));
            }
        }
        Ok(None)
    }

    /// Whether a client may act at a host now.
    pub(super) fn is_open(&self, entry: &Entry, host: &str) -> Result<(), &'static str> {
        let client = &entry.client;
        match client.state(self.now()) {
            ClientState::Active | ClientState::Expiring { .. } => {}
            ClientState::Expired => return Err("client expired"),
            ClientState::Suspended => return Err("client suspended"),
            ClientState::Revoked => return Err("client revoked"),
        }
        if !self.is_organization_live(client.organization_id) {
            return Err("organization archived");
        }
        if let Some(organization) = self.0.directory.organization_at(host) {
            if organization.archived_at.is_some() {
                return Err("archived organization's host");
            }
            let reaches_all = client.organization_id.is_none()
                && client.scopes.iter().any(|scope| scope.as_str() == SYSTEM);
            if client.organization_id != Some(organization.id) && !reaches_all {
                return Err("another organization's host");
            }
        }
        Ok(())
    }

    pub(super) fn is_organization_live(&self, organization: Option<i64>) -> bool {
        organization.is_none_or(|id| {
            self.0
                .directory
                .organization(id)
                .is_some_and(|found| found.archived_at.is_none())
        })
    }

    /// Waits until memory is as new as anything committed before this call.
    pub(super) async fn pass_gate(&self) -> Result<(), GrantError> {
        self.0.directory.refresh().await.map_err(unavailable)
    }

    /// The issuer of the door that was used (RFC 8414 §2).
    ///
    /// # Errors
    /// [`GrantError::Unavailable`].
    pub async fn issuer(&self, door: &Door<'_>) -> Result<String, GrantError> {
        self.pass_gate().await?;
        let issuer = &self.0.settings.issuer;
        let host = self
            .0
            .directory
            .organization_at(door.host)
            .and_then(|organization| organization.host.clone());
        Ok(host.map_or_else(|| issuer.url(), |host| issuer.at(&host)))
    }
}

fn too_many(retry_after: u64) -> GrantError {
    GrantError::TooMany { retry_after }
}

/// Whatever kept the database from answering: it was logged where it happened, and nothing can be judged.
pub(super) fn unavailable(_: Error) -> GrantError {
    GrantError::Unavailable
}
