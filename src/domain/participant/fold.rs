//! Texts without differences of letter case and Unicode form.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

/// The key of a text: two texts that differ only in letter case, in composition, or in compatibility forms such as
/// full-width letters have the same (a compatibility caseless match, Unicode Standard §3.13, D146). It is the key of
/// itself.
#[must_use]
pub fn folded(text: &str) -> String {
    let once = UniCase::unicode(text.nfd().collect::<String>()).to_folded_case();
    let twice = UniCase::unicode(once.nfkd().collect::<String>()).to_folded_case();
    // Folding writes Cherokee in capitals, where the search, like everybody else, looks for small letters.
    twice.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_form_make_no_difference() {
        for (one, other) in [
            ("Ada", "aDA"),
            ("ada", "\u{FF21}\u{FF24}\u{FF21}"),
            ("zo\u{EB}", "ZOE\u{308}"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("\u{FB01}nn", "FINN"),
            ("e\u{301}\u{327}", "e\u{327}\u{301}"),
            ("\u{13E3}\u{13B3}", "\u{ABB3}\u{AB83}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [("ada", "adá"), ("ada", "аda"), ("ada", "ada1")] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in any::<String>()) {
            let key = folded(&text);
            prop_assert_eq!(folded(&key), key);
        }

        #[test]
        fn small_letters_and_every_form_have_the_same_key(text in any::<String>()) {
            let key = folded(&text);
            let forms = [
                text.nfc().collect::<String>(),
                text.nfkd().collect::<String>(),
                // A mark that is moved by composing belongs to another letter.
                text.nfd().collect::<String>().to_lowercase(),
            ];
            for form in forms {
                prop_assert_eq!(folded(&form), key.as_str());
            }
        }
    }
}
