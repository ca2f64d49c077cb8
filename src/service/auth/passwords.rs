//! The canonical spelling of passwords and email addresses.

use unicode_normalization::UnicodeNormalization;

use crate::domain::secret::Secret;

/// A password in the one spelling that is hashed and compared, whatever keyboard or system it came from: every space is
/// U+0020, and the rest is in NFC. This is the profile `OpaqueString` (RFC 8265 §4.2.2).
/// [`check_password`](crate::domain::admin::check_password) says which characters a password may have.
#[must_use]
pub fn opaque_string(typed: &Secret) -> Secret {
    let text = typed.expose().chars().map(plain_space).nfc().collect();
    Secret::new(text)
}

/// Maps the spaces of Unicode's category `Zs` to U+0020.
fn plain_space(character: char) -> char {
    match character {
        '\u{00A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => ' ',
        other => other,
    }
}

/// An email address in NFC, so that one address is found however it was typed.
pub(in crate::service) fn composed(email: &str) -> String {
    email.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_has_one_spelling() {
        for (typed, kept) in [
            ("correct horse", "correct horse"),
            ("zu\u{308}rich", "z\u{fc}rich"),
            ("a\u{323}\u{307}", "\u{1ea1}\u{307}"),
            ("a\u{307}\u{323}", "\u{1ea1}\u{307}"),
            ("\u{1100}\u{1161}", "\u{ac00}"),
            ("two\u{a0}\u{3000}spaces\u{2009}", "two  spaces "),
            // Compatibility forms and letter case stay distinct.
            ("\u{fb01}\u{ff21}B", "\u{fb01}\u{ff21}B"),
        ] {
            let kept_now = opaque_string(&Secret::new(typed.to_owned()));
            assert_eq!(kept_now.expose(), kept, "{typed:?}");
            assert_eq!(opaque_string(&kept_now).expose(), kept, "{typed:?}");
        }
    }
}
