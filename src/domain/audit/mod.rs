//! The audit log as it is read: which entries, with which names, and how far its chain was verified.

use super::Time;
use super::event::{Entry, ExportedFilter, Target};
use super::ids::{OrganizationId, Sequence};
use super::organization::OrganizationChoice;
use super::page::Page;

mod row;
mod topic;

pub use row::{EXPORT_COLUMNS, ExportRow};
pub use topic::{Action, Topic};

/// How many entries a page has.
pub const AUDIT_PAGE_SIZE: i64 = 50;

/// For how many days the content of short-lived entries is kept.
pub const CONTENT_DAYS: i64 = 90;

/// Which entries are listed; what is empty or none chooses everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The actor, as typed: an email address, `visitor`, the text of an actor such as `shell:ada`, or what identifies a
    /// client or a shell.
    pub actor: String,
    /// What was done.
    pub action: Option<Action>,
    /// The client that it was done to, as typed: an id, or beginnings of words in its name.
    pub client: String,
    /// What it was done to, exactly.
    pub target: Option<Target>,
    /// The organization that it concerns.
    pub organization: Option<OrganizationId>,
    /// The first moment.
    pub since: Option<Time>,
    /// The moment after the last.
    pub until: Option<Time>,
}

/// The names of what an entry mentions, where it is still there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryNames {
    /// Of the client that acted.
    pub actor: Option<String>,
    /// Of the target: a client, an organization or a participant.
    pub target: Option<String>,
    /// Of the organization.
    pub organization: Option<String>,
}

/// An entry with the names of what it mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// The entry.
    pub entry: Entry,
    /// The names.
    pub names: EntryNames,
}

/// A page of the audit log, the newest entries first.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The entries.
    pub page: Page<AuditRow>,
    /// Whether there may be more on this page's side of `after`: several filters are combined, and the search stopped after
    /// so many entries that fit one of them.
    pub is_partial: bool,
    /// When the page was made.
    pub now: Time,
}

/// What the filters of the audit log offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditChoices {
    /// Administrators, by email address.
    pub admins: Vec<String>,
    /// Organizations: the first by name, and the chosen one.
    pub organizations: Vec<OrganizationChoice>,
    /// Whether there are more.
    pub has_more_organizations: bool,
}

/// How far the chain of the audit log was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// The number of the newest entry.
    pub newest: Sequence,
    /// The number up to which every entry fits.
    pub verified: Sequence,
    /// When that was found; none before the first time.
    pub at: Option<Time>,
    /// When the whole log was last verified again from its beginning.
    pub reread_at: Option<Time>,
    /// The first number that does not fit.
    pub broken: Option<Sequence>,
}

impl AuditFilter {
    /// The texts of the actors that are meant; none when any is.
    #[must_use]
    pub fn actors(&self) -> Vec<String> {
        let text = self.actor.trim();
        if text.is_empty() {
            Vec::new()
        } else if text == "visitor" || text.contains(':') {
            vec![text.to_owned()]
        } else if text.contains('@') {
            vec![format!("admin:{}", text.to_lowercase())]
        } else {
            vec![format!("client:{text}"), format!("shell:{text}")]
        }
    }

    /// What an export of these entries tells of the choice.
    #[must_use]
    pub fn exported(&self) -> ExportedFilter {
        let typed = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ExportedFilter {
            actor: typed(&self.actor),
            action: self.action.map(|action| action.as_str().to_owned()),
            client: typed(&self.client),
            organization: self.organization,
            since: self.since,
            until: self.until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_meant_by_what_identifies_it() {
        for (typed, meant) in [
            ("", &[][..]),
            (" Ada@Example.org ", &["admin:ada@example.org"]),
            ("visitor", &["visitor"]),
            ("shell:root", &["shell:root"]),
            ("galaxy:9", &["galaxy:9"]),
            ("root", &["client:root", "shell:root"]),
        ] {
            let filter = AuditFilter {
                actor: typed.to_owned(),
                ..AuditFilter::default()
            };
            assert_eq!(filter.actors(), meant, "{typed}");
        }
    }
}
