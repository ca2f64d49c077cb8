//! The sections of the permissions page, and its filter.

use crate::domain::catalog::{Permission, Risk};
use crate::domain::scope;
use crate::domain::view::ClientPage;
use crate::ui::components::permission::PermissionWords;

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
    pub permissions: Vec<PermissionWords>,
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

    /// The names of all its permissions.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.groups
            .iter()
            .flat_map(PermissionGroup::names)
            .collect()
    }
}

impl PermissionGroup {
    /// The names of its permissions.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.permissions.iter().map(|words| words.name.clone())
    }
}

/// The sections of a client's page.
#[must_use]
pub fn sections(page: &ClientPage) -> Vec<Section> {
    let scopes = page.catalog.scopes.iter().map(|scope| {
        let group = |(index, group): (usize, &crate::domain::catalog::Group)| PermissionGroup {
            id: format!("g-{}-{index}", scope.name),
            title: group.label.clone(),
            permissions: group.permissions.iter().map(words).collect(),
        };
        let groups = match scope.groups.as_slice() {
            [] => Vec::new(),
            [only] => vec![alone(
                &scope.name,
                &scope.label,
                only.permissions.iter().map(words).collect(),
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
    let other = |kind: SectionKind, title: &str, permissions: Vec<PermissionWords>| {
        let mut section = Section {
            kind,
            title: title.to_owned(),
            groups: Vec::new(),
        };
        section.groups = vec![alone(section.key(), title, permissions)];
        section
    };
    if !page.catalog.unscoped.is_empty() {
        sections.push(other(
            SectionKind::Unscoped,
            "Participants",
            page.catalog.unscoped.iter().map(words).collect(),
        ));
    }
    if !page.retired.is_empty() {
        let retired = page.retired.iter().map(|name| PermissionWords {
            name: name.clone(),
            label: None,
            risk: Risk::Normal,
        });
        sections.push(other(SectionKind::Retired, "Retired", retired.collect()));
    }
    sections
}

/// The only group of a section, with the section's heading.
fn alone(key: &str, title: &str, permissions: Vec<PermissionWords>) -> PermissionGroup {
    PermissionGroup {
        id: format!("h-{key}"),
        title: title.to_owned(),
        permissions,
    }
}

fn words(permission: &Permission) -> PermissionWords {
    PermissionWords {
        name: permission.name.clone(),
        label: Some(permission.label.clone()),
        risk: permission.risk,
    }
}

/// A filter by whether permissions are granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GrantedFilter {
    /// All of them.
    #[default]
    All,
    /// Granted permissions.
    Granted,
    /// Permissions that are not granted.
    Off,
}

impl GrantedFilter {
    /// Every choice, with its label.
    pub const EVERY: [(Self, &'static str); 3] = [
        (Self::All, "All"),
        (Self::Granted, "Granted"),
        (Self::Off, "Not granted"),
    ];

    /// The value in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Granted => "granted",
            Self::Off => "off",
        }
    }

    /// Parses the value in an address; anything else means all.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::EVERY
            .into_iter()
            .map(|(show, _)| show)
            .find(|show| show.as_str() == text)
            .unwrap_or_default()
    }
}

/// A filter of permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionFilter {
    /// Part of a label or a name.
    pub text: String,
    /// By whether they are granted.
    pub show: GrantedFilter,
    /// The permissions that were granted when the filter was set, so that a row does not disappear when its switch is moved.
    pub granted: Vec<String>,
}

impl PermissionFilter {
    /// Whether any criterion is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.text.trim().is_empty() || self.show != GrantedFilter::All
    }

    /// Whether a permission matches.
    #[must_use]
    pub fn lets_through(&self, words: &PermissionWords) -> bool {
        let term = self.text.trim().to_lowercase();
        let matches = |text: &str| text.to_lowercase().contains(&term);
        let is_granted = self.granted.contains(&words.name);
        let by_state = match self.show {
            GrantedFilter::All => true,
            GrantedFilter::Granted => is_granted,
            GrantedFilter::Off => !is_granted,
        };
        by_state && (matches(&words.name) || words.label.as_deref().is_some_and(matches))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, label: &str) -> PermissionWords {
        PermissionWords {
            name: name.to_owned(),
            label: Some(label.to_owned()),
            risk: Risk::Normal,
        }
    }

    #[test]
    fn a_filter_reads_labels_and_names() {
        let filter = |text: &str| PermissionFilter {
            text: text.to_owned(),
            ..PermissionFilter::default()
        };
        let write = words("blogs.write", "Write and edit blog posts");
        for text in ["", "  ", "BLOGS.", "edit blog", "Write"] {
            assert!(filter(text).lets_through(&write), "{text}");
        }
        assert!(!filter("delete").lets_through(&write));
    }

    #[test]
    fn a_filter_keeps_to_what_was_granted_when_it_was_set() {
        let granted = vec!["blogs.read".to_owned()];
        let read = words("blogs.read", "Read blog posts");
        let shown = |show| {
            PermissionFilter {
                show,
                granted: granted.clone(),
                ..PermissionFilter::default()
            }
            .lets_through(&read)
        };
        assert_eq!(
            [
                GrantedFilter::All,
                GrantedFilter::Granted,
                GrantedFilter::Off
            ]
            .map(shown),
            [true, true, false]
        );
    }
}
