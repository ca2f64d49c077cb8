//! Stored text, escaped for display.

use std::fmt::Write;

use super::text::is_disguising;

/// The text with escapes such as `\n` and `\u{1b}` for every character that a terminal would interpret, or that is
/// invisible or changes the order of others. The stored text stays as it is.
#[must_use]
pub fn visible(text: &str) -> String {
    escaped(text, |character, escaped_text| {
        escaped_text.extend(character.escape_default());
    })
}

/// Whether a text that was given in a wrong position may be a secret, so that no message may repeat it: a URL, a part
/// of one with a login in it, or 32 random bytes in base64 or hex.
#[must_use]
pub fn is_likely_secret(text: &str) -> bool {
    let text = text.trim();
    let has_login = || matches!(text.split_once('@'), Some((login, _)) if login.contains(':'));
    text.contains("://") || has_login() || is_likely_key(text)
}

fn is_likely_key(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    let has = |is_so: fn(&u8) -> bool| text.as_bytes().iter().any(is_so);
    let is_mixed =
        has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    text.len() >= 40
        && !text.starts_with('/')
        && text.bytes().all(is_digit)
        && (is_mixed || text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The escapes of [`visible`] in a JSON document, as in RFC 8259 §7: a parser gets the same strings.
#[must_use]
pub fn visible_json(json: &str) -> String {
    escaped(json, |character, escaped_text| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Inside a JSON string every character can be escaped.
            let _ = write!(escaped_text, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, escape: impl Fn(char, &mut String)) -> String {
    let mut escaped_text = String::with_capacity(text.len());
    for character in text.chars() {
        if is_disguising(character) {
            escape(character, &mut escaped_text);
        } else {
            escaped_text.push(character);
        }
    }
    escaped_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_controls_are_escaped() {
        for (text, escaped_text) in [
            ("Žofie 東京 👩‍🔧", "Žofie 東京 👩‍🔧"),
            ("x\u{1b}[31m\n\ty\0", "x\\u{1b}[31m\\n\\ty\\u{0}"),
            ("a\u{7f}b\u{9b}31mc", "a\\u{7f}b\\u{9b}31mc"),
            (
                "a\u{202e}b\u{2028}c\u{2069}",
                "a\\u{202e}b\\u{2028}c\\u{2069}",
            ),
        ] {
            assert_eq!(visible(text), escaped_text);
        }
    }

    #[test]
    fn likely_secrets_are_recognized() {
        for text in [
            "postgres://ada:hunter2@db/x",
            "postgres:ada:hunter2@db",
            "ada:hunter2@db",
            "9c41f7d03be85a2614ad6f90c27e8b35518d0ef4a3b96c7207d1e84f5a3c9b60",
            "nEH30DvoWiYUrW+Qwn6LNVGNDvSjuWxyB9HoT1o8m2A=",
            " nEH30DvoWiYUrW-Qwn6LNVGNDvSjuWxyB9HoT1o8m2A\n",
        ] {
            assert!(is_likely_secret(text), "{text}");
        }
        for text in [
            "ada@example.org",
            "frobnicate",
            "127.0.0.1:3000",
            "/run/secrets/claviger/Master-key/of-2026/abcdefgh",
            "vault/the-key-of-claviger-as-of-2026-11-28.key",
        ] {
            assert!(!is_likely_secret(text), "{text}");
        }
    }

    #[test]
    fn json_keeps_its_strings() {
        let text = "x\u{1b}\u{7f}\u{9b}\u{202e}\u{2029}é";
        let escaped_text = visible_json(&serde_json::to_string(text).unwrap());
        assert!(
            !escaped_text.chars().any(char::is_control),
            "{escaped_text:?}"
        );
        assert!(escaped_text.contains("\\u009b"), "{escaped_text}");
        assert_eq!(serde_json::from_str::<String>(&escaped_text).unwrap(), text);
    }
}
