//! Characters that are invisible but allowed in a text beside certain other characters: joiners and variation
//! selectors.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::seen::is_visible;

/// Zero width non-joiner and joiner: Persian and Indic spelling, and the parts of one emoji.
const JOINERS: [char; 2] = ['\u{200C}', '\u{200D}'];

/// True for selectors, which choose between shapes of the character before them.
fn is_selector(character: char) -> bool {
    matches!(character, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_mark(character: char) -> bool {
    !is_selector(character) && character.general_category_group() == GeneralCategoryGroup::Mark
}

/// True for joiners and selectors: invisible, and allowed only beside characters that they join or shape.
pub(super) fn is_helper(character: char) -> bool {
    JOINERS.contains(&character) || is_selector(character)
}

/// True for characters of scripts whose letters join or stack, so that a joiner between them is visible: from Arabic to
/// Sinhala, Tibetan, Myanmar and similar scripts (the idea of `CONTEXTJ`, RFC 5892 appendix A.1 and A.2).
fn is_of_joining_script(character: char) -> bool {
    matches!(character,
        '\u{0600}'..='\u{0DFF}' | '\u{0F00}'..='\u{109F}' | '\u{1700}'..='\u{1AAF}' | '\u{1B00}'..='\u{1C7F}'
        | '\u{1CD0}'..='\u{1CFF}' | '\u{A800}'..='\u{A8FF}' | '\u{A930}'..='\u{A95F}' | '\u{A980}'..='\u{AAFF}'
        | '\u{ABC0}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10A00}'..='\u{11FFF}'
        | '\u{1E900}'..='\u{1E95F}')
}

/// True for characters that may be an emoji or a part of one: symbols outside ASCII.
fn is_pictorial(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            character.general_category(),
            GeneralCategory::OtherSymbol
                | GeneralCategory::MathSymbol
                | GeneralCategory::ModifierSymbol
        )
}

fn is_ideograph(character: char) -> bool {
    matches!(character,
        '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a selector chooses a shape of the character before it (`StandardizedVariants.txt`,
/// `emoji-variation-sequences.txt`, UTS #37 for ideographs). After other characters it has no visible effect.
fn selector_applies(selector: char, before: char, after: Option<char>) -> bool {
    match selector {
        '\u{180B}'..='\u{180F}' => matches!(before, '\u{1800}'..='\u{18AF}'),
        '\u{FE0E}'..='\u{FE0F}' => match before {
            // A keycap.
            '0'..='9' | '#' | '*' => after == Some('\u{20E3}'),
            // Emoji that are punctuation, or a letter, by category.
            '\u{203C}' | '\u{2049}' | '\u{2139}' | '\u{3030}' => true,
            _ => is_pictorial(before),
        },
        '\u{FE00}'..='\u{FE0D}' => {
            is_ideograph(before)
                || before.general_category() == GeneralCategory::MathSymbol && !before.is_ascii()
                || matches!(before,
                    '\u{1000}'..='\u{109F}' | '\u{3001}'..='\u{3002}' | '\u{A840}'..='\u{A877}'
                    | '\u{AA60}'..='\u{AA7F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF1F}')
        }
        _ => is_ideograph(before),
    }
}

/// Whether a joiner or a selector is beside characters that it applies to.
pub(super) fn helper_applies(helper: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    if is_selector(helper) {
        return selector_applies(helper, before, after);
    }
    let is_base = |character: char| is_visible(character) || is_mark(character);
    let is_emoji = helper == '\u{200D}'
        && (is_pictorial(before) || is_selector(before))
        && after.is_some_and(is_pictorial);
    // In Indic scripts a word may end in a joiner after the virama. Persian writes one between a word in Latin letters
    // and its ending.
    let joins = (is_base(before) || is_selector(before))
        && (after.is_some_and(is_base) || is_mark(before))
        && (is_of_joining_script(before) || after.is_some_and(is_of_joining_script));
    is_emoji || joins
}
