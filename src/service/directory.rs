//! The directory: what is needed to judge a credential or a token, in memory, never older than the last
//! committed change.
//!
//! ```text
//! request ──▶ gate ──▶ a look at directory_version that began after the request came
//!                        │ unchanged: decide from memory
//!                        └ moved: forget what was stamped since, then decide
//! ```
//!
//! A client is loaded when it is first asked for; a bounded number
//! stays. If the database cannot be asked, nothing is decided.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use quick_cache::sync::Cache;
use tokio::sync::Mutex as Turns;

use super::gate::Gate;
use super::keys::Keys;
use super::tally::Tally;
use crate::domain::catalog::{Catalog, Permission};
use crate::domain::client::{Client, ClientId};
use crate::domain::error::Error;
use crate::domain::organization::Organization;
use crate::domain::token::{Claims, Lifetime, TokenId};
use crate::store::{SecretRow, Store, Tx, Version};

/// How many clients stay in memory.
const CAPACITY: usize = 20_000;

#[derive(Debug)]
pub(super) struct Directory {
    store: Store,
    keys: Arc<Keys>,
    permissions: HashMap<String, Known>,
    /// Clients by id; `None` for ids that are nobody's.
    by_id: Cache<ClientId, Option<Arc<Entry>>>,
    by_number: Cache<i64, Arc<Entry>>,
    shared: RwLock<Shared>,
    gate: Gate,
    /// Held while catching up, so that it is done once for all who need it.
    catching_up: Turns<()>,
}

/// A client and its secrets, as of a version.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) client: Client,
    pub(super) secrets: Vec<SecretRow>,
    /// The client's permissions in the order they were granted, and what each needs to count. They stand here instead
    /// of in `client`, because many clients share few names.
    permissions: Vec<(Arc<str>, Need)>,
    /// Chosen secrets that were proven before: number and digest in memory, for as long as the entry stays.
    proven: Mutex<Vec<(i64, [u8; 32])>>,
    /// What it does.
    pub(super) tally: Arc<Tally>,
}

/// What a permission needs to count.
#[derive(Clone, Copy, Debug)]
enum Need {
    /// Nothing.
    Nothing,
    /// The scope at this place of the client's.
    Scope(u8),
}

/// A permission of the catalogue: its name once for all who hold it, and the scope it needs.
#[derive(Debug)]
struct Known {
    name: Arc<str>,
    scope: Option<String>,
}

/// What is kept whole.
#[derive(Debug, Default)]
struct Shared {
    /// The version that everything in memory is at least as new as; none before the first read.
    version: Option<Version>,
    organizations: HashMap<i64, Arc<Organization>>,
    hosts: HashMap<String, i64>,
    denied: HashMap<TokenId, Lifetime>,
    /// What swept denials left: a token that begins and ends no later is dead, whatever the clock says.
    swept: Option<Lifetime>,
}

impl Directory {
    pub(super) fn new(store: Store, keys: Arc<Keys>, catalog: &Catalog) -> Self {
        let scoped = catalog.scopes.iter().flat_map(|scope| {
            let of_scope = |found| (found, Some(scope.name.clone()));
            scope.permissions().map(of_scope)
        });
        let unscoped = catalog.unscoped.iter().map(|found| (found, None));
        let known = |(found, scope): (&Permission, Option<String>)| {
            let name = Arc::from(found.name.as_str());
            (found.name.clone(), Known { name, scope })
        };
        Self {
            permissions: scoped.chain(unscoped).map(known).collect(),
            gate: Gate::new(store.pulse()),
            catching_up: Turns::default(),
            store,
            keys,
            by_id: Cache::new(CAPACITY),
            by_number: Cache::new(CAPACITY),
            shared: RwLock::default(),
        }
    }

    /// Waits for a look at the version that begins after this call, and for what it brings. From then on
    /// memory is at least as new as anything committed before the call.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let known = self.version();
        let version = self.gate.pass().await.ok_or(Error::Unavailable)?;
        // A database that was put back to an older state counts up again, past changes that memory takes for known.
        require_new(version, known)?;
        if self.is_as_new_as(version) {
            return Ok(());
        }
        let _turn = self.catching_up.lock().await;
        if self.is_as_new_as(version) {
            return Ok(());
        }
        // Boxed, as everything is that few requests need: what a request may wait for is part of its size.
        Box::pin(self.catch_up(version)).await
    }

    fn is_as_new_as(&self, version: Version) -> bool {
        self.version() >= version
    }

    /// The version that memory is at; below all others before the first read.
    fn version(&self) -> Version {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        shared.version.unwrap_or(-1)
    }

    /// Brings memory up to a version that was seen, or past it.
    async fn catch_up(&self, seen: Version) -> Result<(), Error> {
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, seen)?;
        let known = self
            .shared
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .version;
        let since = known.unwrap_or(-1);
        let organizations = tx.list_organizations(since).await?;
        let denied = tx.list_denied_tokens(since).await?;
        let swept = tx.find_swept_denials().await?;
        let keys = tx.list_keys(since).await?;
        // Before the first read nothing is in memory, so nothing needs to be forgotten.
        let changed = if known.is_some() {
            tx.list_changed_clients(since).await?
        } else {
            Vec::new()
        };
        drop(tx);

        self.keys.take_in(&keys);
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        for organization in organizations {
            shared.take_in(organization);
        }
        shared.denied.extend(denied);
        // What the database forgot is forgotten here, and only that: by a clock alone it might come back to life.
        if let Some(swept) = swept.filter(|swept| shared.swept != Some(*swept)) {
            shared.denied.retain(|_, lifetime| !swept.covers(lifetime));
            shared.swept = Some(swept);
        }
        for (id, number) in changed {
            if let Ok(id) = ClientId::parse(&id) {
                self.by_id.remove(&id);
            }
            self.by_number.remove(&number);
        }
        shared.version = Some(version);
        Ok(())
    }

    /// The client with this id.
    pub(super) async fn client(&self, id: &ClientId) -> Result<Option<Arc<Entry>>, Error> {
        if let Some(known) = self.by_id.get(id) {
            return Ok(known);
        }
        Box::pin(self.find_client(id)).await
    }

    async fn find_client(&self, id: &ClientId) -> Result<Option<Arc<Entry>>, Error> {
        let known = self.version();
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, known)?;
        let entry = match tx.find_client(id).await? {
            Some(summary) => Some(self.load(&mut tx, summary.client).await?),
            None => None,
        };
        self.keep(version, |directory| {
            directory.by_id.insert(id.clone(), entry.clone());
            if let Some(entry) = &entry {
                directory
                    .by_number
                    .insert(entry.client.number, Arc::clone(entry));
            }
        });
        Ok(entry)
    }

    /// The client with this id, if it is in memory.
    pub(super) fn known_client(&self, id: &str) -> Option<Arc<Entry>> {
        self.by_id.get(&ClientId::parse(id).ok()?)?
    }

    /// The client with this number.
    pub(super) async fn client_by_number(&self, number: i64) -> Result<Option<Arc<Entry>>, Error> {
        if let Some(known) = self.by_number.get(&number) {
            return Ok(Some(known));
        }
        Box::pin(self.find_client_by_number(number)).await
    }

    async fn find_client_by_number(&self, number: i64) -> Result<Option<Arc<Entry>>, Error> {
        let known = self.version();
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, known)?;
        let entry = match tx.find_client_by_number(number).await? {
            Some(summary) => Some(self.load(&mut tx, summary.client).await?),
            None => None,
        };
        if let Some(entry) = &entry {
            self.keep(version, |directory| {
                directory.by_number.insert(number, Arc::clone(entry));
                directory
                    .by_id
                    .insert(entry.client.id.clone(), Some(Arc::clone(entry)));
            });
        }
        Ok(entry)
    }

    /// What is needed to judge a client.
    async fn load(&self, tx: &mut Tx, client: Client) -> Result<Arc<Entry>, Error> {
        let secrets = tx.list_secrets(client.number).await?;
        Ok(Arc::new(Entry::new(client, secrets, &self.permissions)))
    }

    /// Keeps what was read at a version, unless memory has moved past it meanwhile: then what was read may
    /// be what was just forgotten. It was new enough for the request that asked, which passed the gate before.
    fn keep(&self, version: Version, insert: impl FnOnce(&Self)) {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        if shared.version.is_none_or(|known| known <= version) {
            insert(self);
        }
    }

    /// The organization with this id.
    pub(super) fn organization(&self, id: i64) -> Option<Arc<Organization>> {
        self.shared
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .organizations
            .get(&id)
            .cloned()
    }

    /// The organization whose host this is, with or without the port.
    pub(super) fn organization_at(&self, host: &str) -> Option<Arc<Organization>> {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        let id = shared.hosts.get(host).or_else(|| {
            host.rsplit_once(':')
                .and_then(|(name, _)| shared.hosts.get(name))
        });
        id.and_then(|id| shared.organizations.get(id)).cloned()
    }

    /// Whether this token was revoked by itself, or might have been before denials were swept away.
    pub(super) fn is_denied(&self, token: TokenId, claims: &Claims) -> bool {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        let is_swept = shared.swept.is_some_and(|swept| {
            claims
                .lifetime()
                .is_none_or(|lifetime| swept.covers(&lifetime))
        });
        is_swept || shared.denied.contains_key(&token)
    }
}

impl Shared {
    fn take_in(&mut self, organization: Organization) {
        let id = organization.id;
        self.hosts.retain(|_, owner| *owner != id);
        if let Some(host) = &organization.host {
            self.hosts.insert(host.clone(), id);
        }
        self.organizations.insert(id, Arc::new(organization));
    }
}

impl Entry {
    fn new(
        mut client: Client,
        mut secrets: Vec<SecretRow>,
        known: &HashMap<String, Known>,
    ) -> Self {
        let need = |known: &Known| {
            let Some(needed) = &known.scope else {
                return Some(Need::Nothing);
            };
            let mut scopes = client.scopes.iter();
            let place = scopes.position(|owned| owned.as_str() == needed)?;
            u8::try_from(place).ok().map(Need::Scope)
        };
        // What the catalogue does not know any more, or what needs a scope that the client has not, never counts.
        let permissions = client.permissions.iter().filter_map(|name| {
            let known = known.get(name.as_str())?;
            Some((Arc::clone(&known.name), need(known)?))
        });
        let permissions = permissions.collect();
        client.permissions = Vec::new();
        for secret in &mut secrets {
            secret.sealed = None;
        }
        let tally = Tally::new(client.number, secrets.iter().map(|row| row.number));
        Self {
            permissions,
            tally: Arc::new(tally),
            client,
            secrets,
            proven: Mutex::default(),
        }
    }

    /// The places of all of the client's scopes.
    pub(super) fn every_place(&self) -> Vec<u8> {
        (0..=u8::MAX).take(self.client.scopes.len()).collect()
    }

    /// The scopes at some places, divided by spaces.
    pub(super) fn scope_text(&self, places: &[u8]) -> String {
        let scopes = &self.client.scopes;
        let names = places
            .iter()
            .map(|place| scopes[usize::from(*place)].as_str());
        let mut text = String::with_capacity(places.len() * 12);
        for name in names {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(name);
        }
        text
    }

    /// The permissions that count with the scopes at some places, in the order they were granted.
    pub(super) fn permissions_within(&self, places: &[u8]) -> impl Iterator<Item = &str> {
        let counts = move |need: &Need| match need {
            Need::Nothing => true,
            Need::Scope(place) => places.contains(place),
        };
        let held = self.permissions.iter();
        held.filter(move |(_, need)| counts(need))
            .map(|(name, _)| &**name)
    }

    /// Whether a chosen secret with this digest in memory was proven before.
    pub(super) fn was_proven(&self, digest: &[u8; 32]) -> Option<i64> {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven
            .iter()
            .find(|(_, known)| known == digest)
            .map(|(number, _)| *number)
    }

    /// Remembers that a chosen secret was proven.
    pub(super) fn remember_proven(&self, number: i64, digest: [u8; 32]) {
        let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        if proven.iter().all(|(known, _)| *known != number) {
            proven.push((number, digest));
        }
    }
}

/// Refuses what a connection shows that is older than what was seen before: it does not tell what is so now.
fn require_new(version: Version, seen: Version) -> Result<(), Error> {
    if version >= seen {
        return Ok(());
    }
    tracing::error!(
        version,
        seen,
        "the database shows an older state than before; if it was restored, start this server again"
    );
    Err(Error::Unavailable)
}
