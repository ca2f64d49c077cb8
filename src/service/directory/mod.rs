//! The directory in memory: what is needed to check a credential or a token, never older than the last committed
//! change.
//!
//! ```text
//! request ──▶ freshness check ──▶ directory_version at a moment after the request came
//!                        │ unchanged: decide from memory
//!                        └ moved: forget what was stamped since, then decide
//! ```
//!
//! A client is loaded when it is first asked for; a bounded number is cached. If the database cannot be asked, nothing
//! is decided.

pub(in crate::service) mod cached_client;
mod cached_participant;
mod catch_up;
pub(in crate::service) mod counters;
pub(in crate::service) mod denylist;
mod freshness;
mod last_use;
mod resident;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwap;
use quick_cache::sync::Cache;
use smallvec::SmallVec;
use tokio::sync::Mutex as AsyncMutex;

use crate::domain::catalog::Catalog;
use crate::domain::client::{ClientId, ClientSummary};
use crate::domain::error::Error;
use crate::domain::host::Host;
use crate::domain::ids::{ClientNumber, OrganizationId, ParticipantId, Version};
use crate::domain::organization::Organization;
use crate::domain::participant::Participant;
use crate::domain::token::{Claims, Lifetime, TokenId};
use crate::service::crypto::keyring::Keys;
use crate::service::database::with_timeout;
use crate::service::directory::cached_client::{CachedClient, CatalogIndex};
use crate::service::directory::cached_participant::CachedParticipants;
use crate::service::directory::freshness::Freshness;
use crate::service::directory::resident::Resident;
use crate::store::Store;

/// How many clients stay in memory.
const CAPACITY: usize = 20_000;

/// The bytes of a client's id. Those of a generated one are in place, so that comparing them is no cache miss more.
type IdBytes = SmallVec<[u8; 24]>;

#[derive(Debug)]
pub(in crate::service) struct Directory {
    store: Store,
    keys: Arc<Keys>,
    catalog: CatalogIndex,
    /// Clients by id; `None` for ids that no client has.
    by_id: Cache<IdBytes, Option<Arc<CachedClient>>>,
    by_number: Cache<ClientNumber, Arc<CachedClient>>,
    participants: CachedParticipants,
    resident: ArcSwap<Resident>,
    denylist: RwLock<HashMap<TokenId, Lifetime>>,
    /// Locked to write while clients and participants are evicted and `resident` is replaced, and to read while something
    /// that was read from the database is cached.
    evicting: RwLock<()>,
    /// The main host, which is never an organization's.
    main_host: Host<'static>,
    freshness: Freshness,
    /// Locked while catching up, so that one request does it for all.
    catching_up: AsyncMutex<()>,
}

/// By what a client is looked up.
#[derive(Clone, Copy)]
enum ClientKey<'a> {
    Id(&'a ClientId),
    Number(ClientNumber),
}

impl Directory {
    pub(in crate::service) fn new(
        store: Store,
        keys: Arc<Keys>,
        catalog: &Catalog,
        main_host: Host<'static>,
    ) -> Self {
        Self {
            main_host,
            catalog: CatalogIndex::of(catalog),
            freshness: Freshness::new(store.version_probe()),
            catching_up: AsyncMutex::default(),
            store,
            keys,
            by_id: Cache::new(CAPACITY),
            by_number: Cache::new(CAPACITY),
            participants: CachedParticipants::new(),
            resident: ArcSwap::default(),
            denylist: RwLock::default(),
            evicting: RwLock::default(),
        }
    }

    /// Learns the version at a moment after this call began, and loads the changes up to it. From then on memory is at
    /// least as new as every change that was committed before the call.
    pub(in crate::service) async fn refresh(&self) -> Result<(), Error> {
        let known = self.version();
        let version = self.freshness.wait().await.ok_or(Error::Unavailable)?;
        // A database that was restored to an older state counts up again, past versions that memory has seen already.
        require_new(version, known)?;
        if known == version || self.is_as_new_as(version) {
            return Ok(());
        }
        let _catching_up = self.catching_up.lock().await;
        if self.is_as_new_as(version) {
            return Ok(());
        }
        // Boxed, because few requests need it, and the future of every request would be as large.
        Box::pin(with_timeout(self.catch_up(version))).await
    }

    /// Makes every read that a request may need, as if nothing were in memory.
    pub(in crate::service) async fn check(&self) -> Result<(), Error> {
        self.refresh().await?;
        // Numbers begin at 1, so no client and no participant has this one, and it is never in memory.
        self.load(ClientKey::Number(ClientNumber(0))).await?;
        self.participant(ParticipantId(0)).await?;
        self.store
            .read()
            .await?
            .list_secrets(ClientNumber(0))
            .await?;
        Ok(())
    }

    fn is_as_new_as(&self, version: Version) -> bool {
        self.version() >= version
    }

    /// The version of memory; below all others before the first read.
    pub(in crate::service) fn version(&self) -> Version {
        let resident = self.resident.load();
        resident.version.unwrap_or(Version::BEFORE_ALL)
    }

    /// The client with this id; none for a text that is no id.
    pub(in crate::service) async fn client(
        &self,
        id: &str,
    ) -> Result<Option<Arc<CachedClient>>, Error> {
        if let Some(known) = self.by_id.get(id.as_bytes()) {
            return Ok(known);
        }
        match ClientId::parse(id) {
            Ok(id) => Box::pin(with_timeout(self.load(ClientKey::Id(&id)))).await,
            Err(_) => Ok(None),
        }
    }

    /// The client with this id, if it is in memory.
    pub(in crate::service) fn known_client(&self, id: &str) -> Option<Arc<CachedClient>> {
        self.by_id.get(id.as_bytes())?
    }

    /// The client with this number.
    pub(in crate::service) async fn client_by_number(
        &self,
        number: ClientNumber,
    ) -> Result<Option<Arc<CachedClient>>, Error> {
        if let Some(known) = self.by_number.get(&number) {
            return Ok(Some(known));
        }
        Box::pin(with_timeout(self.load(ClientKey::Number(number)))).await
    }

    /// Loads a client with what is needed to check it, and caches it; also that no client has an id.
    async fn load(&self, key: ClientKey<'_>) -> Result<Option<Arc<CachedClient>>, Error> {
        let known = self.version();
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, known)?;
        let found = match key {
            ClientKey::Id(id) => tx.find_client(id).await?,
            ClientKey::Number(number) => tx.find_client_by_number(number).await?,
        };
        let Some(ClientSummary { client, .. }) = found else {
            if let ClientKey::Id(id) = key {
                self.keep(version, || self.by_id.insert(bytes_of(id), None));
            }
            return Ok(None);
        };
        let secrets = tx.list_secrets(client.number).await?;
        let cached = Arc::new(CachedClient::new(client, secrets, &self.catalog));
        self.keep(version, || {
            let (id, number) = (bytes_of(&cached.id), cached.number);
            self.by_id.insert(id, Some(Arc::clone(&cached)));
            self.by_number.insert(number, Arc::clone(&cached));
        });
        Ok(Some(cached))
    }

    /// The participant with this id.
    pub(in crate::service) async fn participant(
        &self,
        id: ParticipantId,
    ) -> Result<Option<Arc<Participant>>, Error> {
        if let Some(known) = self.participants.get(id) {
            return Ok(Some(known));
        }
        Box::pin(with_timeout(self.load_participant(id))).await
    }

    async fn load_participant(&self, id: ParticipantId) -> Result<Option<Arc<Participant>>, Error> {
        let known = self.version();
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, known)?;
        let found = tx.find_participant(id).await?.map(Arc::new);
        if let Some(participant) = &found {
            let insert = || self.participants.insert(Arc::clone(participant));
            self.keep(version, insert);
        }
        Ok(found)
    }

    /// Caches what was read at a version, unless memory is past that version by now: then it may be what was just
    /// evicted. It was new enough for its request, which waited for freshness before.
    fn keep(&self, version: Version, insert: impl FnOnce()) {
        let _not_evicting = self.evicting.read().unwrap_or_else(PoisonError::into_inner);
        let known = self.resident.load().version;
        if known.is_none_or(|known| known <= version) {
            insert();
        }
    }

    /// The organization with this id.
    pub(in crate::service) fn organization(&self, id: OrganizationId) -> Option<Arc<Organization>> {
        self.resident.load().organizations.get(id).cloned()
    }

    /// Since which version the tokens of an organization live; none for one that is archived or unknown.
    pub(in crate::service) fn live_since(&self, id: OrganizationId) -> Option<Version> {
        self.resident.load().organizations.live_since(id)
    }

    /// The organization whose host this is; it is not archived.
    pub(in crate::service) fn organization_at(&self, host: &Host<'_>) -> Option<Arc<Organization>> {
        // Most requests are for this one, which is no organization's.
        if self.is_main(host) {
            return None;
        }
        self.resident.load().organizations.at(host)
    }

    /// Whether this is the main host.
    pub(in crate::service) fn is_main(&self, host: &Host<'_>) -> bool {
        self.main_host == *host
    }

    /// Whether this token is on the denylist, or might have been before a sweep.
    pub(in crate::service) fn is_denylisted(&self, token: TokenId, claims: &Claims) -> bool {
        let resident = self.resident.load();
        let is_swept = resident
            .swept
            .iter()
            .any(|watermark| watermark.covers(claims));
        is_swept || self.is_listed(token)
    }

    /// Whether this token is on the denylist.
    pub(in crate::service) fn is_listed(&self, token: TokenId) -> bool {
        let denylist = self.denylist.read().unwrap_or_else(PoisonError::into_inner);
        denylist.contains_key(&token)
    }
}

fn bytes_of(id: &ClientId) -> IdBytes {
    SmallVec::from_slice(id.as_str().as_bytes())
}

/// Refuses a version older than one seen before: such a connection does not show the present state.
fn require_new(version: Version, seen: Version) -> Result<(), Error> {
    if version >= seen {
        return Ok(());
    }
    tracing::error!(
        %version,
        %seen,
        "the database shows an older state than before; if it was restored, start this server again"
    );
    Err(Error::Unavailable)
}
