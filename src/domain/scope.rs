//! Scopes: what a client may ask for at all, chosen when it is made and fixed from then on.

use std::fmt;

use serde::{Deserialize, Serialize};

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

impl fmt::Display for ScopeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
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
    fn only_spaces_separate() {
        for text in ["a\tb", "a\nb", "a\"b", "a\\b", "é"] {
            assert_eq!(split(text), Err(InvalidScope), "{text:?}");
        }
    }
}
