//! Whether an existing client may act now, at a host, with one of its secrets.

use crate::domain::Time;
use crate::domain::client::ClientState;
use crate::domain::host::Host;
use crate::domain::ids::{OrganizationId, SecretNumber};
use crate::domain::scope::SYSTEM;
use crate::service::auth::refusal_reason::RefusalReason;
use crate::service::directory::Directory;
use crate::service::directory::cached_client::CachedClient;

/// Whether a client may act at a host.
pub(in crate::service) fn check_client(
    directory: &Directory,
    cached: &CachedClient,
    host: &Host<'_>,
    now: Time,
) -> Result<(), RefusalReason> {
    match cached.lifecycle.state(now) {
        ClientState::Active | ClientState::Expiring { .. } => {}
        ClientState::Expired => return Err(RefusalReason::ClientExpired),
        ClientState::Suspended => return Err(RefusalReason::ClientSuspended),
        ClientState::Revoked => return Err(RefusalReason::ClientRevoked),
    }
    if !is_organization_live(directory, cached.organization_id) {
        return Err(RefusalReason::OrganizationArchived);
    }
    if let Some(organization) = directory.organization_at(host) {
        let reaches_all = cached.organization_id.is_none() && cached.scopes.has(SYSTEM);
        if cached.organization_id != Some(organization.id) && !reaches_all {
            return Err(RefusalReason::OtherHost);
        }
    }
    Ok(())
}

/// Whether the client's secret with this number can get tokens.
pub(in crate::service) fn check_secret(
    cached: &CachedClient,
    number: SecretNumber,
    now: Time,
) -> Result<(), RefusalReason> {
    let secret = cached.secrets.iter().find(|row| row.number == number);
    let secret = secret.ok_or(RefusalReason::SecretUnknown)?;
    if secret.revoked_at.is_some() {
        Err(RefusalReason::SecretRevoked)
    } else if !secret.is_usable(now) {
        Err(RefusalReason::SecretExpired)
    } else {
        Ok(())
    }
}

fn is_organization_live(directory: &Directory, organization: Option<OrganizationId>) -> bool {
    organization.is_none_or(|id| directory.live_since(id).is_some())
}
