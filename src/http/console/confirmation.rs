//! The name that is typed to confirm that a client is revoked.
//!
//! A browser shows a run of white space as one space, and a keyboard may compose a letter differently than the stored
//! name does. Neither is a difference here.

use unicode_normalization::UnicodeNormalization;

/// Whether the typed text is the name, apart from white space and Unicode normalization.
#[must_use]
pub fn confirms(typed: &str, name: &str) -> bool {
    one_spelling(typed) == one_spelling(name)
}

/// What [`confirms`] accepts, for the attribute `pattern` of an input: an ECMAScript regular expression with the flag
/// `v`, which browsers match against the whole text. A name that is partly composed can be typed as it is stored, in
/// NFC, or in NFD.
#[must_use]
pub fn name_pattern(name: &str) -> String {
    let mut spellings = vec![spelling_pattern(name)];
    let others = [name.nfc().collect::<String>(), name.nfd().collect()];
    for pattern in others.iter().map(|other| spelling_pattern(other)) {
        if !spellings.contains(&pattern) {
            spellings.push(pattern);
        }
    }
    format!(r"\s*(?:{})\s*", spellings.join("|"))
}

/// The name in NFC, with single spaces.
fn one_spelling(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").nfc().collect()
}

/// A pattern for one spelling of a name, with any white space between its words.
fn spelling_pattern(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(escaped).collect();
    words.join(r"\s+")
}

/// A text with every syntax character escaped (ECMA-262 §22.2.1, `SyntaxCharacter`).
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if r"^$\.*+?()[]{}|/".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_confirmed_as_it_is_shown() {
        for (typed, name) in [
            (" Participation dashboard ", "Participation dashboard"),
            ("Open data", "Open  data"),
            ("Open data", "Open\u{A0}data"),
            ("Open\u{A0}data", "Open data"),
            ("東京都 区", "東京都\u{3000}区"),
            ("Neucha\u{302}tel", "Neuch\u{E2}tel"),
            ("Neuch\u{E2}tel", "Neucha\u{302}tel"),
        ] {
            assert!(confirms(typed, name), "{typed:?} {name:?}");
        }
        for (typed, name) in [
            ("", "Open data"),
            ("open data", "Open data"),
            ("Opendata", "Open data"),
            ("Open data", "Opendata"),
            ("Neuchatel", "Neuch\u{E2}tel"),
        ] {
            assert!(!confirms(typed, name), "{typed:?} {name:?}");
        }
    }

    #[test]
    fn a_pattern_takes_the_name_as_text() {
        assert_eq!(name_pattern("Open  data"), r"\s*(?:Open\s+data)\s*");
        assert_eq!(
            name_pattern(r"A.*[b](c)? $^|\ {1}/-_"),
            r"\s*(?:A\.\*\[b\]\(c\)\?\s+\$\^\|\\\s+\{1\}\/-_)\s*"
        );
        assert_eq!(name_pattern("\u{E2}"), "\\s*(?:\u{E2}|a\u{302})\\s*");
        assert_eq!(name_pattern("a\u{302}"), "\\s*(?:a\u{302}|\u{E2})\\s*");
    }
}
