//! What of the directory is always in memory, apart from the denylist. It is replaced whole when something changes, so that
//! requests read it without a lock: a lock that every request takes is a cache line that all processors wait for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::host::Host;
use crate::domain::ids::{OrganizationId, Version};
use crate::domain::organization::Organization;
use crate::domain::token::SweepWatermark;

/// What is not evicted from memory, as of a version.
#[derive(Clone, Debug, Default)]
pub(super) struct Resident {
    /// The version that everything in memory is at least as new as; none before the first read.
    pub(super) version: Option<Version>,
    pub(super) organizations: Arc<Organizations>,
    /// The sweep watermarks: a token that one of these covers is dead, whatever the clock says.
    pub(super) swept: Arc<[SweepWatermark]>,
}

/// All organizations.
#[derive(Clone, Debug, Default)]
pub(super) struct Organizations {
    by_id: HashMap<OrganizationId, Arc<Organization>>,
    /// Of those that are not archived, `tokens_since`. A small table of what every request asks for.
    live_since: HashMap<OrganizationId, Version>,
    /// Those that are not archived, by host.
    by_host: HashMap<Host<'static>, Arc<Organization>>,
}

impl Organizations {
    pub(super) fn get(&self, id: OrganizationId) -> Option<&Arc<Organization>> {
        self.by_id.get(&id)
    }

    /// Since which version the tokens of an organization live; none for one that is archived or unknown.
    pub(super) fn live_since(&self, id: OrganizationId) -> Option<Version> {
        self.live_since.get(&id).copied()
    }

    pub(super) fn at(&self, host: &Host<'_>) -> Option<Arc<Organization>> {
        self.by_host.get(host).cloned()
    }

    /// These organizations, with those that changed.
    pub(super) fn with(&self, changed: Vec<Organization>, main_host: &Host<'static>) -> Self {
        let mut all = self.clone();
        for organization in changed {
            all.put(organization, main_host);
        }
        all
    }

    fn put(&mut self, mut organization: Organization, main_host: &Host<'static>) {
        let id = organization.id;
        // The row may be older than the issuer setting.
        if organization.host.as_ref() == Some(main_host) {
            tracing::warn!(
                organization = %id,
                host = %main_host,
                "an organization has this server's own host; it is treated as if it had none until \
                 `claviger organization set-host` gives it another"
            );
            organization.host = None;
        }
        if organization.archived_at.is_none() {
            self.live_since.insert(id, organization.tokens_since);
        } else {
            self.live_since.remove(&id);
        }
        let organization = Arc::new(organization);
        let before = self.by_id.insert(id, Arc::clone(&organization));
        if let Some(host) = before.as_ref().and_then(|before| before.host.as_ref())
            && self.by_host.get(host).is_some_and(|owner| owner.id == id)
        {
            self.by_host.remove(host);
        }
        if let Some(host) = &organization.host
            && organization.archived_at.is_none()
        {
            self.by_host.insert(host.clone(), organization);
        }
    }
}
