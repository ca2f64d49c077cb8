//! Whether a token is live, from its claims and from memory; and if not, why.

use crate::domain::Time;
use crate::domain::client::ClientState;
use crate::domain::ids::OrganizationId;
use crate::domain::participant::Participant;
use crate::domain::permission::{IMPERSONATE, LOGIN};
use crate::domain::token::{self, Claims, Dead};
use crate::service::directory::Directory;
use crate::service::directory::cached_client::CachedClient;

/// Whether the client, the secret and the organizations of a token let it live. Its own end, the denylist and its
/// participant are other questions.
pub(in crate::service) fn check_token(
    directory: &Directory,
    cached: &CachedClient,
    claims: &Claims,
    now: Time,
) -> Result<(), Dead> {
    match cached.lifecycle.state(now) {
        ClientState::Active | ClientState::Expiring { .. } => {}
        ClientState::Expired => return Err(Dead::ClientExpired),
        ClientState::Suspended => return Err(Dead::ClientSuspended),
        ClientState::Revoked => return Err(Dead::ClientRevoked),
    }
    if cached.generation != claims.generation {
        return Err(Dead::ClientHadEnded);
    }
    if claims.version < cached.tokens_since {
        return Err(Dead::RevokedWithAll);
    }
    let mut secrets = cached.secrets.iter();
    if !secrets.any(|row| row.number == claims.secret && row.revoked_at.is_none()) {
        return Err(Dead::SecretRevoked);
    }
    if !cached.scopes.fits(&claims.scopes) {
        return Err(Dead::ScopesUnknown);
    }
    check_organization(directory, cached.organization_id, claims)?;
    // A client without an organization may have used the host of one.
    let through = claims.organization;
    if through == cached.organization_id {
        return Ok(());
    }
    check_organization(directory, through, claims)
}

/// Whether an organization, if there is one, is not archived and was not restored after the token was issued.
fn check_organization(
    directory: &Directory,
    organization: Option<OrganizationId>,
    claims: &Claims,
) -> Result<(), Dead> {
    let Some(id) = organization else {
        return Ok(());
    };
    match directory.live_since(id) {
        Some(since) if claims.version >= since => Ok(()),
        Some(_) => Err(Dead::OrganizationRestored),
        None => Err(Dead::OrganizationArchived),
    }
}

/// Whether the client may act for participants as the token says.
pub(in crate::service) fn check_acting(
    cached: &CachedClient,
    claimed: &token::Participant,
) -> Result<(), Dead> {
    let needed = if claimed.impersonated {
        IMPERSONATE
    } else {
        LOGIN
    };
    if cached.holds(needed) {
        Ok(())
    } else {
        Err(Dead::PermissionMissing)
    }
}

/// Whether the participant of a token, if found in its organization, was not blocked since.
pub(in crate::service) fn check_participant(
    claimed: &token::Participant,
    found: Option<&Participant>,
) -> Result<(), Dead> {
    let found = found.ok_or(Dead::ParticipantUnknown)?;
    if found.blocked_at.is_none() && found.generation.cast_unsigned() == claimed.generation {
        Ok(())
    } else {
        Err(Dead::ParticipantBlocked)
    }
}
