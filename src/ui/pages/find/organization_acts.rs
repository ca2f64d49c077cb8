//! What can be done with an organization, by a verb before its name.

use super::acts::SHORTEST_VERB;
use crate::ui::addresses::OrganizationAct;

/// The verbs, each with the words before an organization's name.
const ACTS: [(&str, OrganizationAct, &str); 3] = [
    ("archive", OrganizationAct::Archive, "Archive "),
    ("rename", OrganizationAct::Rename, "Rename "),
    ("host", OrganizationAct::Host, "Change host of "),
];

/// A verb and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationQuery<'a> {
    /// The act.
    pub act: OrganizationAct,
    /// The words before an organization's name.
    pub label: &'static str,
    /// The words that name the organization.
    pub organization: &'a str,
}

impl<'a> OrganizationQuery<'a> {
    /// The act that begins a text, and the rest of it: "archive porto" means the organization "porto". None without a rest.
    #[must_use]
    pub fn split(text: &'a str) -> Option<Self> {
        let (typed, organization) = text.trim().split_once(char::is_whitespace)?;
        let typed = typed.to_lowercase();
        let (_, act, label) = ACTS
            .into_iter()
            .find(|(verb, _, _)| typed.len() >= SHORTEST_VERB && verb.starts_with(&typed))?;
        Some(Self {
            act,
            label,
            organization: organization.trim(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_before_a_name_is_an_act() {
        let split = |text| {
            let found = OrganizationQuery::split(text)?;
            Some((found.act, found.organization))
        };
        assert_eq!(
            split(" Arch  city of porto "),
            Some((OrganizationAct::Archive, "city of porto"))
        );
        assert_eq!(split("rename x"), Some((OrganizationAct::Rename, "x")));
        for text in ["archive", "ar porto", "porto archive", ""] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
