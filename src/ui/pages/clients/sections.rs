//! The sections of the permissions page.

use super::compare::Beside;
use crate::domain::catalog::{self, Risk};
use crate::domain::scope;
use crate::domain::view::ClientPage;
use crate::ui::components::permission::{Permission, PermissionNote};
use crate::ui::islands::switches::filter::PermissionFilter;
use crate::ui::islands::switches::group::{GroupAction, Member};

/// The kind of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// A scope of the client.
    Scope(String),
    /// Permissions that need no scope.
    Unscoped,
    /// Permissions that the catalogue no longer has.
    Retired,
}

/// A section of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The kind.
    pub kind: SectionKind,
    /// Its heading.
    pub title: String,
    /// Its groups of permissions.
    pub groups: Vec<PermissionGroup>,
}

/// A group of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionGroup {
    /// The id of the heading.
    pub id: String,
    /// The heading; the section's when it has no other group.
    pub title: String,
    /// The permissions.
    pub permissions: Vec<Permission>,
}

impl Section {
    /// The id of the section, without the prefix `scope-` or `h-`.
    #[must_use]
    pub fn key(&self) -> &str {
        match &self.kind {
            SectionKind::Scope(name) => name,
            // Upper case, so that no scope's name can be equal.
            SectionKind::Unscoped => "Participants",
            SectionKind::Retired => "Retired",
        }
    }

    /// The name of its scope, if any, and the class of the scope's chip.
    #[must_use]
    pub fn chip(&self) -> Option<(&str, &'static str)> {
        match &self.kind {
            SectionKind::Scope(name) => Some((
                name,
                if name == scope::SYSTEM {
                    "chip system"
                } else {
                    "chip"
                },
            )),
            SectionKind::Unscoped | SectionKind::Retired => None,
        }
    }

    /// All its permissions.
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.groups.iter().flat_map(|group| &group.permissions)
    }

    /// How many of its permissions are granted, and how many there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        counts(self.permissions())
    }
}

impl PermissionGroup {
    /// How many of its permissions are granted, and how many there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        counts(self.permissions.iter())
    }

    /// Whether the filter hides it.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.permissions
            .iter()
            .all(|permission| permission.is_hidden)
    }

    /// What its button does.
    #[must_use]
    pub fn action(&self) -> GroupAction<&str> {
        let shown = self
            .permissions
            .iter()
            .filter(|permission| !permission.is_hidden);
        GroupAction::of(shown.map(|permission| Member {
            permission: permission.name.as_str(),
            is_granted: permission.is_granted,
            is_risky: permission.risk == Risk::High,
        }))
    }
}

fn counts<'a>(permissions: impl Iterator<Item = &'a Permission>) -> (usize, usize) {
    permissions.fold((0, 0), |(granted, total), permission| {
        (granted + usize::from(permission.is_granted), total + 1)
    })
}

/// The sections of a client's page, with what a filter hides and what is said beside each permission.
#[must_use]
pub fn sections(page: &ClientPage, filter: &PermissionFilter, beside: &Beside) -> Vec<Section> {
    let read = |permission: &catalog::Permission| {
        let is_granted = page.client.holds(&permission.name);
        Permission {
            name: permission.name.clone(),
            label: permission.label.clone(),
            risk: permission.risk,
            is_granted,
            is_retired: false,
            is_hidden: !filter.lets_through(&permission.name, &permission.label, is_granted),
            note: beside.note(&permission.name, is_granted),
        }
    };
    let scopes = page.catalog.scopes.iter().map(|scope| {
        let group = |(index, group): (usize, &catalog::Group)| PermissionGroup {
            id: format!("g-{}-{index}", scope.name),
            title: group.label.clone(),
            permissions: group.permissions.iter().map(read).collect(),
        };
        let groups = match scope.groups.as_slice() {
            [] => Vec::new(),
            [only] => vec![alone(
                &scope.name,
                &scope.label,
                only.permissions.iter().map(read).collect(),
            )],
            several => several.iter().enumerate().map(group).collect(),
        };
        Section {
            kind: SectionKind::Scope(scope.name.clone()),
            title: scope.label.clone(),
            groups,
        }
    });
    let mut sections: Vec<Section> = scopes.collect();
    let other = |kind: SectionKind, title: &str, permissions: Vec<Permission>| {
        let mut section = Section {
            kind,
            title: title.to_owned(),
            groups: Vec::new(),
        };
        section.groups = vec![alone(section.key(), title, permissions)];
        section
    };
    if !page.catalog.unscoped.is_empty() {
        let permissions = page.catalog.unscoped.iter().map(read).collect();
        sections.push(other(SectionKind::Unscoped, "Participants", permissions));
    }
    if !page.retired.is_empty() {
        let retired = page.retired.iter().map(|name| Permission {
            name: name.clone(),
            label: name.clone(),
            risk: Risk::Normal,
            is_granted: true,
            is_retired: true,
            is_hidden: !filter.lets_through(name, name, true),
            // It opens nothing, so nothing can exercise it.
            note: PermissionNote {
                exercised: None,
                ..beside.note(name, true)
            },
        });
        sections.push(other(SectionKind::Retired, "Retired", retired.collect()));
    }
    sections
}

/// The only group of a section, with the section's heading.
fn alone(key: &str, title: &str, permissions: Vec<Permission>) -> PermissionGroup {
    PermissionGroup {
        id: format!("h-{key}"),
        title: title.to_owned(),
        permissions,
    }
}
