//! Text that was stored once, made fit to be shown.

use std::fmt::Write;

use super::text::is_disguising;

/// The text with every character that a terminal would obey, or that would hide or turn its neighbours, written as an
/// escape: `\n`, `\u{1b}`. What is stored stays as it is.
#[must_use]
pub fn visible(text: &str) -> String {
    escaped(text, |character, shown| {
        shown.extend(character.escape_default());
    })
}

/// The same in a document that is JSON already, with the escapes of RFC 8259 §7: a reader gets the same strings.
#[must_use]
pub fn visible_json(json: &str) -> String {
    escaped(json, |character, shown| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A string takes everything.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, escape: impl Fn(char, &mut String)) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_disguising(character) {
            escape(character, &mut shown);
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_as_an_escape() {
        for (text, shown) in [
            ("Žofie 東京 👩‍🔧", "Žofie 東京 👩‍🔧"),
            ("x\u{1b}[31m\n\ty\0", "x\\u{1b}[31m\\n\\ty\\u{0}"),
            ("a\u{7f}b\u{9b}31mc", "a\\u{7f}b\\u{9b}31mc"),
            (
                "a\u{202e}b\u{2028}c\u{2069}",
                "a\\u{202e}b\\u{2028}c\\u{2069}",
            ),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn json_keeps_its_strings() {
        let text = "x\u{1b}\u{7f}\u{9b}\u{202e}\u{2029}é";
        let shown = visible_json(&serde_json::to_string(text).unwrap());
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        assert!(shown.contains("\\u009b"), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
