//! A client in memory: what is needed to check its credentials and its tokens.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;
use subtle::ConstantTimeEq;

use crate::domain::Time;
use crate::domain::catalog::{Catalog, Permission};
use crate::domain::client::{Client, ClientId, Lifecycle};
use crate::domain::event::{Subject, Target};
use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber, Version};
use crate::domain::scope::{ScopeSet, Scopes};
use crate::domain::secret::SecretKind;
use crate::service::directory::counters::ClientCounters;
use crate::store::StoredSecret;

/// How many different sets of scopes are shared at most.
const MOST_SETS: usize = 1_000;

/// A client and its secrets, as of a version.
///
/// The fields that every request needs come first, in as few cache lines as possible: among ten thousand clients each line
/// is a cache miss, and so is each pointer to what is not shared.
#[derive(Debug)]
#[repr(C)]
pub(in crate::service) struct CachedClient {
    pub(in crate::service) number: ClientNumber,
    pub(in crate::service) generation: i64,
    /// Tokens that were issued at an older version are revoked.
    pub(in crate::service) tokens_since: Version,
    pub(in crate::service) organization_id: Option<OrganizationId>,
    /// How many of its secrets are chosen.
    chosen: usize,
    /// In place while there is one, as its digest is.
    pub(in crate::service) secrets: SmallVec<[CachedSecret; 1]>,
    pub(in crate::service) lifecycle: Lifecycle,
    /// The lifetime of its tokens in seconds, if it has one of its own.
    pub(in crate::service) token_ttl: Option<i64>,
    /// Many clients share few sets.
    pub(in crate::service) scopes: Arc<Scopes>,
    /// Counts its requests.
    pub(in crate::service) counters: Arc<ClientCounters>,
    /// The secret that waits for its first use, if any.
    pub(in crate::service) pending: Option<SecretNumber>,
    /// The client's permissions in the order of granting: the position of each name among `names`, and what it requires
    /// to count. Many clients share few names, and a small value is quick to load among ten thousand clients.
    permissions: Box<[(u32, Requires)]>,
    names: Arc<[Box<str>]>,
    pub(in crate::service) id: ClientId,
    /// Chosen secrets that were proven before: number and digest, for as long as the client is cached.
    proven: Mutex<Vec<(SecretNumber, [u8; 32])>>,
}

/// What is known of a chosen secret without a slow hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Recalled {
    /// It was proven before; this is its number.
    Proven(SecretNumber),
    /// Every chosen secret of the client was proven before, and it is none of them.
    Wrong,
    /// Only a slow hash can decide.
    Nothing,
}

/// What is needed to check a secret.
#[derive(Debug)]
pub(in crate::service) struct CachedSecret {
    pub(in crate::service) number: SecretNumber,
    pub(in crate::service) kind: SecretKind,
    /// Of a generated secret 32 bytes, of a chosen one a longer text.
    pub(in crate::service) digest: SmallVec<[u8; 32]>,
    pub(in crate::service) expires_at: Option<Time>,
    pub(in crate::service) revoked_at: Option<Time>,
}

impl CachedSecret {
    /// Whether it can get tokens.
    pub(in crate::service) fn is_usable(&self, now: Time) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// What a permission requires to count.
#[derive(Clone, Copy, Debug)]
enum Requires {
    /// Nothing.
    Nothing,
    /// The scope at this position of the client's list.
    Scope(u8),
}

/// The permissions of the catalogue: the position of each name, and the scope it requires.
#[derive(Debug)]
pub(in crate::service) struct CatalogIndex {
    positions: HashMap<String, (u32, Option<String>)>,
    names: Arc<[Box<str>]>,
    /// The sets of scopes that cached clients have.
    sets: Mutex<HashSet<Arc<Scopes>>>,
}

impl CatalogIndex {
    pub(in crate::service) fn of(catalog: &Catalog) -> Self {
        let scoped = catalog.scopes.iter().flat_map(|scope| {
            let of_scope = |found| (found, Some(scope.name.clone()));
            scope.permissions().map(of_scope)
        });
        let unscoped = catalog.unscoped.iter().map(|found| (found, None));
        let all: Vec<(&Permission, Option<String>)> = scoped.chain(unscoped).collect();
        let names = all.iter().map(|(found, _)| Box::from(found.name.as_str()));
        Self {
            names: names.collect(),
            sets: Mutex::default(),
            positions: (0..)
                .zip(all)
                .map(|(position, (found, scope))| (found.name.clone(), (position, scope)))
                .collect(),
        }
    }

    /// The same set, in memory once for all clients that have it.
    fn shared(&self, scopes: Scopes) -> Arc<Scopes> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = sets.get(&scopes) {
            return Arc::clone(known);
        }
        if sets.len() >= MOST_SETS {
            sets.clear();
        }
        let scopes = Arc::new(scopes);
        sets.insert(Arc::clone(&scopes));
        scopes
    }
}

impl CachedClient {
    pub(in crate::service) fn new(
        client: Client,
        secrets: Vec<StoredSecret>,
        catalog: &CatalogIndex,
    ) -> Self {
        let requires = |scope: &Option<String>| {
            let Some(needed) = scope else {
                return Some(Requires::Nothing);
            };
            client.scopes.position(needed).map(Requires::Scope)
        };
        // A permission that the catalogue no longer has, or whose scope the client does not own, never counts.
        let permissions = client.permissions.iter().filter_map(|name| {
            let (position, scope) = catalog.positions.get(name.as_str())?;
            Some((*position, requires(scope)?))
        });
        let permissions = permissions.collect();
        let counters = ClientCounters::new(
            client.number,
            client.organization_id,
            secrets.iter().map(|row| row.number),
        );
        let chosen = secrets
            .iter()
            .filter(|row| row.kind == SecretKind::Chosen)
            .count();
        let pending = secrets.iter().find(|row| row.pending_grace.is_some());
        let pending = pending.map(|row| row.number);
        let secrets = secrets.into_iter().map(|row| CachedSecret {
            number: row.number,
            kind: row.kind,
            digest: SmallVec::from_slice(&row.digest),
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        });
        Self {
            permissions,
            names: Arc::clone(&catalog.names),
            counters: Arc::new(counters),
            id: client.id,
            number: client.number,
            organization_id: client.organization_id,
            scopes: catalog.shared(client.scopes),
            lifecycle: client.lifecycle,
            token_ttl: client.token_ttl,
            generation: client.generation,
            tokens_since: client.tokens_since,
            secrets: secrets.collect(),
            pending,
            chosen,
            proven: Mutex::default(),
        }
    }

    /// The client as the subject of an event.
    pub(in crate::service) fn subject(&self) -> Subject {
        let id = self.id.clone();
        Subject {
            target: Target::Client { id },
            organization_id: self.organization_id,
        }
    }

    /// The permissions that count with some of its scopes, in the order of granting.
    pub(in crate::service) fn permissions_within(
        &self,
        scopes: &ScopeSet,
    ) -> impl Iterator<Item = &str> {
        let counts = move |requires: &Requires| match requires {
            Requires::Nothing => true,
            Requires::Scope(position) => scopes.positions().contains(position),
        };
        let held = self.permissions.iter();
        held.filter(move |(_, requires)| counts(requires))
            .map(|(position, _)| &*self.names[*position as usize])
    }

    /// Records that a request proved that the client has a permission.
    pub(in crate::service) fn exercised(&self, permission: &str, now: Time) {
        let held = self.permissions.iter();
        let held = held.map(|(position, _)| &*self.names[*position as usize]);
        self.counters.exercised(permission, held, now);
    }

    /// Whether a permission counts that needs no scope, or whose scope the client owns.
    pub(in crate::service) fn holds(&self, permission: &str) -> bool {
        let mut held = self.permissions.iter();
        held.any(|(position, _)| &*self.names[*position as usize] == permission)
    }

    /// The number of the generated secret with this digest, revoked and expired ones included.
    pub(in crate::service) fn generated_secret(&self, digest: &[u8; 32]) -> Option<SecretNumber> {
        let mut generated = self
            .secrets
            .iter()
            .filter(|row| row.kind == SecretKind::Generated);
        let found = generated.find(|row| row.digest.ct_eq(digest.as_slice()).into())?;
        Some(found.number)
    }

    /// The chosen secrets, those that can get tokens first.
    pub(in crate::service) fn chosen_secrets(
        &self,
        now: Time,
    ) -> impl Iterator<Item = &CachedSecret> {
        let chosen = |is_live| {
            let rows = self.secrets.iter();
            rows.filter(move |row| row.kind == SecretKind::Chosen && row.is_usable(now) == is_live)
        };
        chosen(true).chain(chosen(false))
    }

    /// Whether one of the secrets is chosen.
    pub(in crate::service) fn has_chosen_secret(&self) -> bool {
        self.chosen > 0
    }

    /// The number of the chosen secret that was proven with this digest before.
    pub(in crate::service) fn was_proven(&self, digest: &[u8; 32]) -> Option<SecretNumber> {
        let proven = self.proven();
        let found = proven.iter().find(|(_, known)| known.ct_eq(digest).into());
        found.map(|(number, _)| *number)
    }

    /// Whether any chosen secret was proven before.
    pub(in crate::service) fn has_proven(&self) -> bool {
        !self.proven().is_empty()
    }

    /// What is known of a chosen secret with this digest without a slow hash.
    pub(in crate::service) fn recall(&self, digest: &[u8; 32]) -> Recalled {
        let proven = self.proven();
        if proven.len() < self.chosen {
            return Recalled::Nothing;
        }
        let found = proven.iter().find(|(_, known)| known.ct_eq(digest).into());
        found.map_or(Recalled::Wrong, |(number, _)| Recalled::Proven(*number))
    }

    fn proven(&self) -> MutexGuard<'_, Vec<(SecretNumber, [u8; 32])>> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that a chosen secret was proven.
    pub(in crate::service) fn remember_proven(&self, number: SecretNumber, digest: [u8; 32]) {
        let mut proven = self.proven();
        if proven.iter().all(|(known, _)| *known != number) {
            proven.push((number, digest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::catalog::built_in;

    #[test]
    fn clients_with_the_same_scopes_share_them() {
        let catalog = CatalogIndex::of(&built_in());
        let shared = |text: &str| catalog.shared(Scopes::stored(text));
        let first = shared("public blogs");
        assert!(Arc::ptr_eq(&first, &shared("public blogs")));
        // The order of a client's scopes is what its tokens refer to.
        assert_eq!(shared("blogs public").to_string(), "blogs public");
        for number in 0..2 * MOST_SETS {
            shared(&format!("scope{number}"));
        }
        assert!(catalog.sets.lock().unwrap().len() <= MOST_SETS);
        assert_eq!(first.to_string(), "public blogs");
    }
}
