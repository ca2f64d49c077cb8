//! The grant `password` with `auth_type=login` (RFC 6749 §4.3): a participant signs in with a password, through a client.
//!
//! An unknown name, a wrong password, a participant without one and a blocked one are one answer, after one slow hash.

use std::net::IpAddr;
use std::sync::Arc;

use super::request::{ActingClient, GrantRules, Login};
use crate::domain::error::Error;
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::participant::{Participant, ParticipantKey};
use crate::domain::permission::LOGIN;
use crate::domain::secret::Secret;
use crate::service::auth::passwords::opaque_string;
use crate::service::auth::throttle::GuessTarget;
use crate::service::database::with_timeout;
use crate::service::directory::cached_client::CachedClient;
use crate::service::oauth::authenticate::log_refused_login;
use crate::service::oauth::{GrantError, TokenServer, unavailable};

pub(super) const RULES: GrantRules = GrantRules {
    permission: Some(LOGIN),
    for_participant: true,
    longest: None,
};

/// The name in the log for a participant that does not exist. The text that was sent may be a password.
const UNKNOWN_PARTICIPANT: &str = "unknown participant";

/// An attempt to sign in, with nothing borrowed from the request.
struct LoginAttempt {
    client: Arc<CachedClient>,
    organization: OrganizationId,
    key: ParticipantKey,
    password: Secret,
    address: Option<IpAddr>,
}

/// A participant as it was looked up for a login, and the hash of the password.
struct Candidate {
    participant: Option<Participant>,
    hash: Option<String>,
}

impl TokenServer {
    /// The participant, if the password is right.
    pub(super) async fn log_in(
        &self,
        acting: &ActingClient<'_>,
        login: &Login<'_>,
    ) -> Result<Arc<Participant>, GrantError> {
        let attempt = LoginAttempt {
            client: Arc::clone(acting.cached),
            organization: acting.organization,
            key: ParticipantKey::of(login.username),
            password: opaque_string(&login.password),
            address: acting.origin.address,
        };
        // In a task of its own, so that a wrong password is counted even if the request is cancelled.
        let server = self.clone();
        let proof = tokio::spawn(async move { server.prove_participant(&attempt).await });
        proof.await.unwrap_or(Err(GrantError::Unavailable))
    }

    /// Checks a password, and returns the participant whose it is. Every refusal of the participant or the password counts
    /// as a wrong guess: otherwise the number of tries would tell that the password of one who is blocked is right.
    async fn prove_participant(
        &self,
        login: &LoginAttempt,
    ) -> Result<Arc<Participant>, GrantError> {
        // By the name that was sent, whoever has it: shared windows would tell which names are one participant's.
        let account = format!("{} {:?}", login.organization, login.key);
        let throttle = &self.0.throttle;
        let target = GuessTarget::ParticipantPassword(login.client.number);
        let mut attempt = throttle.attempt(target, &account, login.address);
        let too_many = |retry_after| {
            self.note_login(login, None, "too many wrong passwords");
            GrantError::TooMany { retry_after }
        };
        let digest = self.0.keys.digest_secret(login.password.expose());
        attempt.reserve(&digest).map_err(too_many)?;
        let Candidate { participant, hash } = with_timeout(self.find_candidate(login))
            .await
            .map_err(unavailable)?;
        let permit = self.0.passwords.permit().await.map_err(unavailable)?;
        attempt.check().map_err(too_many)?;
        let matches = permit.verify(&login.password, hash.as_deref()).await;
        let reason = match &participant {
            None => "unknown participant",
            Some(_) if hash.is_none() => "no password",
            Some(_) if !matches => "wrong password",
            Some(found) if found.blocked_at.is_some() => "participant blocked",
            Some(found) => match self.after_hash(found).await? {
                Some(found) => {
                    // Nothing is guessed any more, so its place is free.
                    drop(attempt);
                    let hash = hash.unwrap_or_default();
                    self.renew_hash(found.id, &hash, &login.password).await;
                    return Ok(found);
                }
                None => "participant blocked",
            },
        };
        let closed = attempt.fail();
        let account = participant_name(participant.as_ref());
        self.0.logins.log_closed(&account, &closed, self.now());
        self.note_login(login, participant.as_ref(), reason);
        Err(GrantError::InvalidGrant)
    }

    /// A participant as of now, unless blocked meanwhile: the hash took long, and the next introspection would be too late.
    async fn after_hash(
        &self,
        before: &Participant,
    ) -> Result<Option<Arc<Participant>>, GrantError> {
        self.wait_for_freshness().await?;
        let organization = before.organization_id;
        let found = self.participant_of(organization, before.id).await?;
        Ok(found
            .filter(|found| found.generation == before.generation && found.blocked_at.is_none()))
    }

    /// Both reads are made also for a name that nobody has, so that it costs as much.
    async fn find_candidate(&self, login: &LoginAttempt) -> Result<Candidate, Error> {
        let mut tx = self.0.store.read().await?;
        let participant = tx
            .find_participant_named(login.organization, &login.key)
            .await?;
        // Ids begin at 1, so no participant has this one.
        let id = participant
            .as_ref()
            .map_or(ParticipantId(0), |found| found.id);
        let hash = tx.find_participant_password(id).await?;
        Ok(Candidate { participant, hash })
    }

    /// Logs that a login was refused, at most once a minute for each client, participant and network.
    fn note_login(
        &self,
        login: &LoginAttempt,
        participant: Option<&Participant>,
        reason: &'static str,
    ) {
        let account = format!(
            "{} by client {}",
            participant_name(participant),
            login.client.id
        );
        let is_known = participant.is_some();
        let report = self
            .0
            .logins
            .note(&account, login.address, reason, self.now(), is_known);
        if let Some(report) = report {
            log_refused_login(&report);
        }
    }
}

fn participant_name(participant: Option<&Participant>) -> String {
    participant.map_or_else(
        || UNKNOWN_PARTICIPANT.to_owned(),
        |found| format!("participant {}", found.id),
    )
}
