//! Which characters are visible, and which change how others are displayed.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// True for invisible characters that change how a text is displayed: controls, line and paragraph separators, format
/// characters such as bidirectional overrides and the zero width space (general categories Cc, Zl, Zp, Cf), and blanks
/// that count as letters, marks or nothing (`Default_Ignorable_Code_Point`, UAX #44). Joiners and variation selectors,
/// which some scripts need, are not among them.
#[must_use]
pub fn is_disguising(character: char) -> bool {
    match character {
        '\u{200C}' | '\u{200D}'
        // Visible format characters: they enclose the digits after them (Prepended_Concatenation_Mark).
        | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{0890}'..='\u{0891}' | '\u{08E2}'
        | '\u{110BD}' | '\u{110CD}' => false,
        // Grapheme joiner, Hangul fillers, inherent vowels of Khmer.
        '\u{034F}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{3164}' | '\u{FFA0}'
        // Unassigned, and ignored by text renderers.
        | '\u{2065}' | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}'
        // Noncharacters (Unicode Standard §23.7), here and at the end of each plane.
        | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => {
            let is_noncharacter = u32::from(character) & 0xFFFE == 0xFFFE;
            is_noncharacter
                || matches!(
                    character.general_category(),
                    GeneralCategory::Control
                        | GeneralCategory::Format
                        | GeneralCategory::LineSeparator
                        | GeneralCategory::ParagraphSeparator
                )
        }
    }
}

/// True for characters that are visible by themselves.
pub(super) fn is_visible(character: char) -> bool {
    // The blank Braille pattern and the null notehead are symbols by category.
    !matches!(character, '\u{2800}' | '\u{1D159}')
        && !is_disguising(character)
        && matches!(
            character.general_category_group(),
            GeneralCategoryGroup::Letter
                | GeneralCategoryGroup::Number
                | GeneralCategoryGroup::Punctuation
                | GeneralCategoryGroup::Symbol
        )
}
