//! The scopes and permissions of the clients of a demo.

use crate::domain::catalog::Catalog;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::permission::PermissionName;
use crate::domain::scope::{self, ScopeName};
use crate::store::PermissionSet;

use super::draw::varied;

/// How many permissions each client holds.
const PERMISSIONS: usize = 20;

/// How many different sets of scopes there are.
const SETS: u64 = 48;

/// The sets of scopes, each with its permissions.
pub(super) struct ScopeSets {
    pub(super) all: Vec<PermissionSet>,
    /// How many of them are for clients of an organization; one more, where there is one, is for the others.
    pub(super) bound: usize,
}

impl ScopeSets {
    pub(super) fn of(catalog: &Catalog) -> Result<Self, Error> {
        let scopes: Vec<&str> = catalog
            .scopes
            .iter()
            .map(|scope| scope.name.as_str())
            .filter(|name| *name != scope::SYSTEM)
            .collect();
        if catalog.within(&scopes).permission_count() < PERMISSIONS {
            let permissions = PERMISSIONS;
            let complaint = Complaint::CatalogTooSmall { permissions };
            return Err(Error::invalid("clients", complaint));
        }
        let mut all: Vec<PermissionSet> = Vec::new();
        for seed in 0..SETS {
            let mut order = scopes.clone();
            order.sort_by_cached_key(|name| varied(seed, name));
            // Most clients of a real platform also have the public scope.
            if seed % 4 > 0 {
                order.sort_by_key(|name| *name != scope::PUBLIC);
            }
            let enough = (1..=order.len())
                .find(|count| granted(catalog, &order[..*count]).len() >= PERMISSIONS)
                .unwrap_or(order.len());
            let set = choose(catalog, &order[..enough], seed)?;
            if all.iter().all(|known| known.scopes != set.scopes) {
                all.push(set);
            }
        }
        let bound = all.len();
        if catalog.within(&[scope::SYSTEM]).permission_count() >= PERMISSIONS {
            all.push(choose(catalog, &[scope::SYSTEM], 0)?);
        }
        Ok(Self { all, bound })
    }
}

/// The permissions that belong to one of these scopes.
fn granted<'a>(catalog: &'a Catalog, scopes: &[&str]) -> Vec<&'a str> {
    let owned = scopes.iter().filter_map(|name| catalog.scope(name));
    owned
        .flat_map(|scope| scope.permissions().map(|found| found.name.as_str()))
        .collect()
}

/// As many permissions as each client holds, of those that fit its scopes; those without a scope come last.
fn choose(catalog: &Catalog, scopes: &[&str], seed: u64) -> Result<PermissionSet, Error> {
    let mut names = granted(catalog, scopes);
    names.sort_by_cached_key(|name| varied(seed, name));
    names.extend(catalog.unscoped.iter().map(|found| found.name.as_str()));
    names.truncate(PERMISSIONS);
    for name in &names {
        catalog
            .check_grant(name, scopes)
            .map_err(|complaint| Error::invalid("clients", complaint))?;
    }
    let names = names.into_iter().filter_map(PermissionName::parse);
    Ok(PermissionSet {
        scopes: scopes
            .iter()
            .filter_map(|name| ScopeName::parse(name))
            .collect(),
        permissions: names.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::catalog;

    #[test]
    fn every_set_is_full_and_may_be_granted() {
        let catalog = catalog::built_in();
        let sets = ScopeSets::of(&catalog).unwrap();
        assert!(sets.bound > 20, "{}", sets.bound);
        assert_eq!(sets.all[sets.bound].scopes.to_string(), "system");
        for PermissionSet {
            scopes,
            permissions,
        } in &sets.all
        {
            assert_eq!(permissions.len(), PERMISSIONS, "{scopes}");
            for name in permissions {
                catalog.check_grant(name.as_str(), scopes).unwrap();
            }
        }
    }

    #[test]
    fn a_catalogue_with_too_little_in_it_is_refused() {
        let refused = ScopeSets::of(&Catalog::default()).err().unwrap();
        assert!(refused.field("clients").is_some());
    }
}
