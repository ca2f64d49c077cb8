//! Texts that some people type and others read, such as names and addresses: one rule for their characters.

use super::complaint::Unreadable;
use context::{helper_applies, is_helper};
use seen::is_visible;

mod context;
mod seen;

pub use seen::is_disguising;

/// The flags of England, Scotland and Wales, the only tag sequences recommended for general interchange (UTS #51,
/// `emoji-sequences.txt`).
const TAGGED_FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Checks a text that other people will read, without white space around it.
///
/// # Errors
/// Why it cannot be read.
pub fn check_readable(text: &str) -> Result<(), Unreadable> {
    let plain = TAGGED_FLAGS.iter().fold(text.to_owned(), |text, flag| {
        text.replace(flag, "\u{1F3F4}")
    });
    let characters: Vec<char> = plain.chars().collect();
    let is_misplaced = |(index, character): (usize, &char)| {
        let before = index.checked_sub(1).map(|index| characters[index]);
        let after = characters.get(index + 1).copied();
        is_helper(*character) && !helper_applies(*character, before, after)
    };
    if characters.iter().copied().any(is_disguising)
        || characters.iter().enumerate().any(is_misplaced)
    {
        return Err(Unreadable::HasHidden);
    }
    if !characters.iter().copied().any(is_visible) {
        return Err(Unreadable::IsBlank);
    }
    Ok(())
}

/// True for characters that a text for signing in may not have: white space and invisible characters.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_whitespace() || is_disguising(character) || is_helper(character)
}

/// A text of unknown origin, shortened and cleaned for a message.
#[must_use]
pub fn cleaned(text: &str) -> String {
    let clean = |character| {
        if is_disguising(character) {
            '\u{FFFD}'
        } else {
            character
        }
    };
    text.chars().take(80).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_may_name_something() {
        for text in [
            "Mobile app, iOS and Android",
            "Canton of Neuchâtel",
            "x",
            "—",
            "7",
            "東京都\u{3000}区",
            "葛\u{E0100}城市",
            "داشبورد",
            "می\u{200C}خواهم",
            "ක්\u{200D}රමය",
            "അവന്\u{200D} x അവന്\u{200D}",
            "नई दिल्ली",
            "e\u{301}cole",
            "PDF\u{200C}ها",
            "क्\u{200D}ष",
            "শ\u{200D}্য",
            "👩\u{200D}💻 laptop",
            "👩\u{1F3FD}\u{200D}⚕\u{FE0F}",
            "👁\u{FE0F}\u{200D}🗨\u{FE0F}",
            "🙂\u{200D}↔\u{FE0F}",
            "👨\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨",
            "❤\u{FE0E} ‼\u{FE0F} ℹ\u{FE0F} ©\u{FE0F}",
            "#\u{FE0F}\u{20E3}",
            "直\u{FE00}、\u{FE00}",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} team",
            "🇵🇹 Porto",
            "\u{0600}123",
            "ᠮᠣᠩ\u{180B}ᠭᠣᠯ",
            "Caf\u{E9}\u{A0}bar",
            "</title><script>",
        ] {
            assert_eq!(check_readable(text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_are_refused() {
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{1B}',
            '\u{7F}',
            '\u{85}',
            '\u{9B}',
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{1160}',
            '\u{17B4}',
            '\u{180E}',
            '\u{200B}',
            '\u{200E}',
            '\u{200F}',
            '\u{2028}',
            '\u{2029}',
            '\u{202A}',
            '\u{202D}',
            '\u{202E}',
            '\u{2060}',
            '\u{2064}',
            '\u{2065}',
            '\u{2066}',
            '\u{2069}',
            '\u{206F}',
            '\u{3164}',
            '\u{FDD0}',
            '\u{FEFF}',
            '\u{FFA0}',
            '\u{FFF0}',
            '\u{FFF9}',
            '\u{FFFB}',
            '\u{FFFE}',
            '\u{FFFF}',
            '\u{1BCA0}',
            '\u{1D173}',
            '\u{1FFFE}',
            '\u{E0001}',
            '\u{E0041}',
            '\u{E007F}',
            '\u{E0080}',
            '\u{E0FFF}',
            '\u{10FFFF}',
        ] {
            for text in [
                format!("{hidden}"),
                format!("a{hidden}b"),
                format!("{hidden}a"),
                format!("a{hidden}"),
            ] {
                let refused = check_readable(&text);
                assert_eq!(refused, Err(Unreadable::HasHidden), "{text:?}");
            }
            assert!(
                !cleaned(&format!("a{hidden}b")).contains(hidden),
                "{hidden:?}"
            );
        }
    }

    #[test]
    fn something_is_seen() {
        for text in [
            "\u{2800}",
            "\u{1D159}",
            "\u{301}",
            "\u{378}",
            "\u{E000}",
            "\u{2800}\u{A0}\u{301}",
            " ",
            "",
        ] {
            assert_eq!(check_readable(text), Err(Unreadable::IsBlank), "{text:?}");
        }
    }

    #[test]
    fn joiners_and_selectors_are_allowed_where_they_apply() {
        for text in [
            "\u{200D}",
            "\u{200C}\u{200D}",
            "\u{FE0F}",
            "\u{200C}a",
            "a\u{200C}",
            "a\u{200D} b",
            "a \u{200D}b",
            "a\u{200C}\u{200C}b",
            "a\u{FE0F}\u{FE0F}",
            " \u{FE0F}a",
            "ad\u{200D}min",
            "ad\u{200C}min",
            "ad\u{200C}7",
            "a\u{301}\u{200D}dmin",
            "a\u{301}\u{200C}",
            "администратор\u{200D}ы",
            "διαχειρ\u{200C}ιστής",
            "東\u{200D}京",
            "か\u{200D}な",
            "שלו\u{200C}ם",
            "👩\u{200C}💻",
            "👩\u{200D}x",
            "x\u{200D}👩",
            "admin\u{FE0F}",
            "admin\u{FE0E}",
            "admin\u{FE00}",
            "7\u{FE0F}",
            "7\u{FE0F}x",
            "*\u{FE0F}",
            "x-\u{FE0F}y",
            "$\u{FE0F}",
            "a\u{301}\u{FE0F}",
            "а\u{FE0F}",
            "می\u{FE0F}",
            "東\u{FE0F}",
            "か\u{E0100}",
            "a\u{E0100}",
            "a\u{180B}",
            "a\u{E0100}\u{E0101}\u{E0102}",
            "🏴\u{E0067}\u{E0062}",
            "x\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ] {
            assert!(check_readable(text).is_err(), "{text:?}");
        }
    }
}
