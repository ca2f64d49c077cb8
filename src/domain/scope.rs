//! Scopes: what a client may ask for at all, chosen when it is made and fixed from then on.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The scope that reaches every organization.
pub const SYSTEM: &str = "system";

/// The scope that the admin pages add to every client of an organization.
pub const PUBLIC: &str = "public";

/// A scope's name: one `scope-token` of RFC 6749 §3.3, limited here to `a–z 0–9 _ . - :`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScopeName(String);

impl ScopeName {
    /// Reads a scope's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text).then(|| Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ScopeName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A client's scopes in the order they were given, without repeats. Its text has a space between names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<ScopeName>);

/// Some of a client's scopes, in the order of a request: their positions among all, as a token carries them. As many as most
/// clients have are in place: each token that was issued has a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(SmallVec<[u8; 16]>);

impl Scopes {
    /// The scopes of a stored text. What is no name is left out.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        text.split(' ').filter_map(ScopeName::parse).collect()
    }

    /// Whether a scope is among them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The position of a scope; none beyond 255, where a token cannot name it.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<u8> {
        let position = self.0.iter().position(|owned| owned.as_str() == name)?;
        u8::try_from(position).ok()
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> ScopeSet {
        ScopeSet((0..=u8::MAX).take(self.0.len()).collect())
    }

    /// Those that a `scope` parameter asks for.
    ///
    /// # Errors
    /// `InvalidScope` when it asks for another one, or for none.
    pub fn select(&self, requested: &str) -> Result<ScopeSet, InvalidScope> {
        let names = split(requested)?.into_iter();
        let positions: Option<SmallVec<_>> = names.map(|name| self.position(name)).collect();
        positions
            .filter(|positions| !positions.is_empty())
            .map(ScopeSet)
            .ok_or(InvalidScope)
    }

    /// Whether every position of a set is one of these scopes.
    #[must_use]
    pub fn fits(&self, set: &ScopeSet) -> bool {
        set.0
            .iter()
            .all(|position| usize::from(*position) < self.0.len())
    }

    /// The text of a set that fits.
    #[must_use]
    pub fn text_of(&self, set: &ScopeSet) -> String {
        let mut text = String::with_capacity(set.0.len() * 12);
        for position in &set.0 {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(self.0[usize::from(*position)].as_str());
        }
        text
    }
}

impl FromIterator<ScopeName> for Scopes {
    fn from_iter<I: IntoIterator<Item = ScopeName>>(names: I) -> Self {
        let mut distinct = Vec::new();
        for name in names {
            if !distinct.contains(&name) {
                distinct.push(name);
            }
        }
        Self(distinct)
    }
}

impl Deref for Scopes {
    type Target = [ScopeName];

    fn deref(&self) -> &[ScopeName] {
        &self.0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(ScopeName::as_str).collect();
        formatter.write_str(&names.join(" "))
    }
}

impl ScopeSet {
    /// The set of these positions.
    #[must_use]
    pub fn of(positions: &[u8]) -> Self {
        Self(SmallVec::from_slice(positions))
    }

    /// The positions, as a token carries them.
    #[must_use]
    pub fn positions(&self) -> &[u8] {
        &self.0
    }
}

/// True for the name of a scope or a permission: 1 to 128 of `a–z 0–9 _ . - :`, beginning with a letter.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-:".contains(&byte)
        })
}

/// Splits a `scope` parameter (RFC 6749 §3.3) into names, in the order given and without repeats.
///
/// # Errors
/// `InvalidScope` when the text holds a character that no scope may have.
pub fn split(text: &str) -> Result<Vec<&str>, InvalidScope> {
    let mut names: Vec<&str> = Vec::new();
    for name in text.split(' ').filter(|name| !name.is_empty()) {
        if !name
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
        {
            return Err(InvalidScope);
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// The `scope` parameter holds a character that no scope may have.
#[derive(Debug, PartialEq, Eq)]
pub struct InvalidScope;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_repeats_are_dropped() {
        assert_eq!(split(" b a  b "), Ok(vec!["b", "a"]));
        assert_eq!(split(""), Ok(vec![]));
    }

    #[test]
    fn a_request_names_some_of_the_scopes() {
        let scopes = Scopes::stored("blogs public blogs proposals");
        assert_eq!(scopes.to_string(), "blogs public proposals");
        let set = scopes.select("proposals blogs").unwrap();
        assert_eq!(set.positions(), [2, 0]);
        assert_eq!(scopes.text_of(&set), "proposals blogs");
        assert_eq!(scopes.text_of(&scopes.all()), scopes.to_string());
        assert!(!scopes.fits(&ScopeSet::of(&[3])));
        for requested in ["", " ", "system", "blogs system", "blogs\tpublic"] {
            assert_eq!(scopes.select(requested), Err(InvalidScope), "{requested:?}");
        }
    }

    #[test]
    fn only_spaces_separate() {
        for text in ["a\tb", "a\nb", "a\"b", "a\\b", "é"] {
            assert_eq!(split(text), Err(InvalidScope), "{text:?}");
        }
    }
}
