//! The permissions of a client beside those of another one, and since when it holds and used them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::domain::Time;
use crate::domain::catalog::{Catalog, Permission};
use crate::domain::client::Client;
use crate::domain::permission::PermissionGrant;

/// A client in a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of its organization.
    pub organization: Option<String>,
}

/// The client that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedClient {
    /// There is one with this id, or one alone with this name.
    One(Box<Client>),
    /// It may mean several, or one whose name is longer; none when nothing is like it.
    Several(Vec<ClientChoice>),
}

/// What becomes of the permissions that the other client does not have, when a set is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopiedRest {
    /// They stay.
    #[default]
    Keep,
    /// They are removed.
    Remove,
}

/// What distinguishes the permissions of a client from those of another one. What opens nothing, because the catalogue
/// does not have it or its client does not own the scope, the other client does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionComparison {
    /// What both have.
    pub common: Vec<String>,
    /// What the other one has and this one may have.
    pub missing: Vec<Permission>,
    /// What the other one has and this one cannot have, each with the scope that this one does not own.
    pub impossible: Vec<ImpossiblePermission>,
    /// What this one has and the other one has not, in the order of granting.
    pub only_here: Vec<String>,
}

/// A permission that a client cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpossiblePermission {
    /// The permission.
    pub permission: Permission,
    /// The name of the scope that it needs.
    pub scope: String,
}

impl PermissionComparison {
    /// Compares `this` client with the `other`.
    #[must_use]
    pub fn of(this: &Client, other: &Client, catalog: &Catalog) -> Self {
        let mut found = Self::default();
        let theirs = catalog.within(&other.scopes);
        for name in &other.permissions {
            let Some((scope, permission)) = theirs.permission(name.as_str()) else {
                continue;
            };
            match scope.filter(|scope| this.scopes.position(&scope.name).is_none()) {
                Some(scope) => found.impossible.push(ImpossiblePermission {
                    permission: permission.clone(),
                    scope: scope.name.clone(),
                }),
                None if this.holds(&permission.name) => found.common.push(permission.name.clone()),
                None => found.missing.push(permission.clone()),
            }
        }
        let only_here = this
            .permissions
            .iter()
            .map(ToString::to_string)
            .filter(|name| !found.common.contains(name));
        found.only_here = only_here.collect();
        found
    }

    /// Whether the other client has a permission that this client has or may have.
    #[must_use]
    pub fn other_has(&self, name: &str) -> bool {
        self.common.iter().any(|common| common == name)
            || self.missing.iter().any(|missing| missing.name == name)
    }

    /// In how many permissions they differ.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.missing.len() + self.impossible.len() + self.only_here.len()
    }
}

/// Since when a client holds its permissions, and when it last exercised them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionHistory {
    /// What it holds, by name.
    pub grants: HashMap<String, PermissionGrant>,
    /// When it last passed a verification that required a permission, by name.
    pub uses: HashMap<String, Time>,
    /// Whether this is known for any client: APIs may do without verification, and then an absence says nothing.
    pub is_known: bool,
}

impl PermissionHistory {
    /// When a permission was last exercised, unless that was before it was granted again.
    #[must_use]
    pub fn exercised(&self, name: &str) -> Option<Time> {
        let used = self.uses.get(name).copied()?;
        // The clocks of two nodes may differ, and a use is known to the minute.
        let grant = self.grants.get(name)?;
        (used + chrono::TimeDelta::minutes(1) > grant.granted_at).then_some(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_before_the_grant_does_not_count() {
        let granted_at: Time = "2026-11-23T12:00:00Z".parse().unwrap();
        let history = |used: &str| PermissionHistory {
            grants: HashMap::from([(
                "blogs.read".to_owned(),
                PermissionGrant {
                    permission: "blogs.read".to_owned(),
                    granted_at,
                    granted_by: "shell:ada".to_owned(),
                },
            )]),
            uses: HashMap::from([("blogs.read".to_owned(), used.parse().unwrap())]),
            is_known: true,
        };
        let exercised = |used| history(used).exercised("blogs.read").is_some();
        assert!(exercised("2026-11-23T12:00:00Z"));
        assert!(exercised("2026-11-23T11:59:30Z"));
        assert!(!exercised("2026-11-23T11:58:00Z"));
        assert_eq!(
            history("2026-11-23T13:00:00Z").exercised("blogs.write"),
            None
        );
    }
}
