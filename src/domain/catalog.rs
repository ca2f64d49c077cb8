//! The catalogue: every scope and permission, with its description.
//!
//! One catalogue serves the pages, the command line, the OAuth endpoints and the token checks.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::complaint::{Complaint, Unreadable};

/// All scopes and permissions of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The scopes, in the order of the pages.
    #[serde(default, rename = "scope")]
    pub scopes: Vec<Scope>,
    /// Permissions that need no scope.
    #[serde(default)]
    pub unscoped: Vec<Permission>,
}

/// A scope and its permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The name in requests and tokens.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// One sentence.
    pub description: String,
    /// Whether it allows something dangerous.
    #[serde(default)]
    pub risk: Risk,
    /// Its permissions, grouped under headings.
    #[serde(default, rename = "group")]
    pub groups: Vec<Group>,
}

/// Permissions under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The heading.
    pub label: String,
    /// The permissions.
    #[serde(default, rename = "permission")]
    pub permissions: Vec<Permission>,
}

/// A permission that a client may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The name in requests and answers.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// One sentence.
    pub description: String,
    /// Whether it allows something dangerous.
    #[serde(default)]
    pub risk: Risk,
    /// Whether it is for a webhook event.
    #[serde(default)]
    pub event: bool,
}

/// Whether a scope or permission is dangerous.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Not more than usual.
    #[default]
    Normal,
    /// Shown with a warning.
    High,
}

impl Scope {
    /// Its permissions of all groups.
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.groups.iter().flat_map(|group| &group.permissions)
    }
}

impl Catalog {
    /// The scope of this name.
    #[must_use]
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.name == name)
    }

    /// The permission of this name, with its scope, if it needs one.
    #[must_use]
    pub fn permission(&self, name: &str) -> Option<(Option<&Scope>, &Permission)> {
        let scoped = self
            .scopes
            .iter()
            .flat_map(|scope| scope.permissions().map(move |found| (Some(scope), found)));
        scoped
            .chain(self.unscoped.iter().map(|found| (None, found)))
            .find(|(_, found)| found.name == name)
    }

    /// Whether a client with these scopes may be granted a permission.
    ///
    /// # Errors
    /// [`Complaint::PermissionUnknown`], [`Complaint::PermissionNeedsScope`].
    pub fn check_grant<S: AsRef<str>>(&self, name: &str, scopes: &[S]) -> Result<(), Complaint> {
        match self.permission(name) {
            None => Err(Complaint::PermissionUnknown {
                permission: name.to_owned(),
            }),
            Some((Some(scope), _)) if !scopes.iter().any(|owned| owned.as_ref() == scope.name) => {
                Err(Complaint::PermissionNeedsScope {
                    permission: name.to_owned(),
                    scope: scope.name.clone(),
                })
            }
            Some(_) => Ok(()),
        }
    }

    /// The part of the catalogue that a client with these scopes can use.
    #[must_use]
    pub fn within<S: AsRef<str>>(&self, scopes: &[S]) -> Self {
        let owned = |scope: &&Scope| scopes.iter().any(|owned| owned.as_ref() == scope.name);
        Self {
            scopes: self.scopes.iter().filter(owned).cloned().collect(),
            unscoped: self.unscoped.clone(),
        }
    }

    /// How many of these permissions a client with these scopes may use, and how many it could be granted.
    #[must_use]
    pub fn granted<'a, S: AsRef<str>>(
        &self,
        scopes: &[S],
        held: impl Iterator<Item = &'a str>,
    ) -> (usize, usize) {
        let held: HashSet<&str> = held.collect();
        let owned = |scope: &&Scope| scopes.iter().any(|owned| owned.as_ref() == scope.name);
        let usable = self
            .scopes
            .iter()
            .filter(owned)
            .flat_map(Scope::permissions)
            .chain(&self.unscoped);
        usable.fold((0, 0), |(granted, grantable), permission| {
            let is_held = held.contains(permission.name.as_str());
            (granted + usize::from(is_held), grantable + 1)
        })
    }

    /// The number of permissions.
    #[must_use]
    pub fn permission_count(&self) -> usize {
        self.scopes
            .iter()
            .map(|scope| scope.permissions().count())
            .sum::<usize>()
            + self.unscoped.len()
    }
}

/// Why a catalogue cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogError {
    /// Its file cannot be read.
    Unreadable {
        /// The file; none when its name looks like a secret.
        file: Option<String>,
        /// What the system says.
        cause: String,
    },
    /// Something in it is wrong.
    Wrong {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        complaint: CatalogComplaint,
    },
}

/// What can be wrong in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogComplaint {
    /// It is not the TOML of a catalogue, for this reason.
    Syntax(String),
    /// It has no scope.
    NoScope,
    /// It has more scopes than tokens can tell apart.
    TooManyScopes {
        /// How many it may have.
        most: u8,
    },
    /// A scope cannot have this name.
    ScopeName(String),
    /// A scope stands in it twice.
    ScopeTwice(String),
    /// A permission cannot have this name.
    PermissionName(String),
    /// A permission stands in it twice.
    PermissionTwice(String),
    /// A text is empty.
    TextMissing {
        /// Which text.
        text: CatalogText,
        /// The scope or the permission that it is about.
        name: String,
    },
    /// A text has characters that others could not read.
    TextUnreadable {
        /// Which text.
        text: CatalogText,
        /// The scope or the permission that it is about.
        name: String,
        /// Why it cannot be read.
        why: Unreadable,
    },
}

/// A text for people in a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogText {
    /// The name of a scope or a permission for people.
    Label,
    /// What a scope or a permission is for.
    Description,
    /// The heading of a group.
    GroupLabel,
}
