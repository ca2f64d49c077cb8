//! What a participant is found by: a nickname and an email address.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::fold::folded;
use crate::domain::admin::check_email;
use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::text::{check_readable, is_unseen};

/// The most characters of a nickname.
pub const NICKNAME_MAX: usize = 64;

/// The name that a participant signs in with: 1 to [`NICKNAME_MAX`] letters, digits, `_` and `-` of any script, in NFC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nickname(String);

/// An email address of a participant, in lower case and NFC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticipantEmail(String);

/// What tells the participants of an organization apart: a folded nickname or a folded email address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParticipantKey {
    /// Of a nickname.
    Nickname(String),
    /// Of an email address.
    Email(String),
}

impl Nickname {
    /// Parses a nickname. Its folded form must be one, too.
    ///
    /// # Errors
    /// [`Complaint::Participant(ParticipantComplaint::NicknameLength)`], [`Complaint::Participant(ParticipantComplaint::NicknameCharacters)`].
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        let text: String = text.trim().nfc().collect();
        check_nickname(&text)?;
        check_nickname(&folded(&text))?;
        Ok(Self(text))
    }

    /// A nickname from the database, where only those that parse are written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The nickname as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that no two participants of an organization share.
    #[must_use]
    pub fn key(&self) -> String {
        folded(&self.0)
    }

    /// The name of a participant who was given none: the words of the nickname, each with a capital letter.
    #[must_use]
    pub fn default_name(&self) -> String {
        let words = self.0.split(['_', '-']).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(capitalized).collect();
        if words.is_empty() {
            self.0.clone()
        } else {
            words.join(" ")
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut rest = word.chars();
    let first = rest.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(rest)
        .collect()
}

fn check_nickname(text: &str) -> Result<(), Complaint> {
    if !(1..=NICKNAME_MAX).contains(&text.chars().count()) {
        return Err(Complaint::Participant(ParticipantComplaint::NicknameLength));
    }
    // Many scripts write vowels as marks, which belong to the letter before.
    let is_mark =
        |character: char| character.general_category_group() == GeneralCategoryGroup::Mark;
    let is_allowed = |character: char| {
        (character.is_alphanumeric() || "_-".contains(character) || is_mark(character))
            && !is_unseen(character)
    };
    let begins_with_mark = text.starts_with(is_mark);
    if begins_with_mark || !text.chars().all(is_allowed) || check_readable(text).is_err() {
        return Err(Complaint::Participant(
            ParticipantComplaint::NicknameCharacters,
        ));
    }
    Ok(())
}

impl ParticipantEmail {
    /// Parses an email address, as roughly as that of an administrator. Its folded form must be one, too.
    ///
    /// # Errors
    /// [`Complaint::EmailInvalid`].
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        let email = check_email(&text.nfc().collect::<String>())?;
        check_email(&folded(&email))?;
        // In lower case a letter and a mark may compose that did not before.
        Ok(Self(email.nfc().collect()))
    }

    /// An address from the database, where only those that parse are written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that no two participants of an organization share.
    #[must_use]
    pub fn key(&self) -> String {
        folded(&self.0)
    }
}

impl ParticipantKey {
    /// The key of a text that is a nickname or an email address; no nickname has an `@`. The key of any other text is
    /// nobody's.
    #[must_use]
    pub fn of(username: &str) -> Self {
        // PostgreSQL accepts no NUL in a text, and no name has one.
        let key = folded(username.trim()).replace('\0', "\u{FFFD}");
        if key.contains('@') {
            Self::Email(key)
        } else {
            Self::Nickname(key)
        }
    }
}

impl From<&Nickname> for ParticipantKey {
    fn from(nickname: &Nickname) -> Self {
        Self::Nickname(nickname.key())
    }
}

impl From<&ParticipantEmail> for ParticipantKey {
    fn from(email: &ParticipantEmail) -> Self {
        Self::Email(email.key())
    }
}

impl fmt::Display for Nickname {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for ParticipantEmail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_nickname_has_letters_and_digits_of_any_script() {
        for text in [
            "a",
            "7",
            "_",
            "ada_lovelace-2",
            "Žofie",
            "東京",
            "नमस्ते",
            "\u{FF21}\u{FF44}\u{FF41}",
            "мария",
            &"é".repeat(NICKNAME_MAX),
        ] {
            assert_eq!(Nickname::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Nickname::parse(" zoe\u{308} ").unwrap().as_str(), "zoë");
    }

    #[test]
    fn what_nobody_could_type_or_read_is_no_nickname() {
        for text in ["", " ", &"x".repeat(NICKNAME_MAX + 1)] {
            let refused = Nickname::parse(text);
            assert_eq!(
                refused,
                Err(Complaint::Participant(ParticipantComplaint::NicknameLength)),
                "{text:?}"
            );
        }
        for text in [
            "a b",
            "a.b",
            "a@b",
            "a/b",
            "\u{301}a",
            "a\u{200B}b",
            "a\u{200D}b",
            "a\u{FE0F}",
            "a\u{202E}b",
            "a\0b",
            "\u{3164}",
            "\u{115F}",
            "👩",
            // The folded forms are `1⁄2` and a sentence.
            "½",
            "\u{FDFA}",
        ] {
            let refused = Nickname::parse(text);
            assert_eq!(
                refused,
                Err(Complaint::Participant(
                    ParticipantComplaint::NicknameCharacters
                )),
                "{text:?}"
            );
        }
    }

    #[test]
    fn an_email_address_has_one_spelling() {
        let email = ParticipantEmail::parse(" ADA@Example.org ").unwrap();
        assert_eq!(email.as_str(), "ada@example.org");
        let wide = ParticipantEmail::parse("\u{FF21}da@example.org").unwrap();
        assert_eq!((wide.key(), wide == email), (email.key(), false));
        for text in ["ada", "@", "ada@", "a\u{FF20}b@example.org", "a b@c"] {
            assert!(ParticipantEmail::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_username_is_a_nickname_or_an_address() {
        for (username, key) in [
            (" Ada ", ParticipantKey::Nickname("ada".to_owned())),
            ("\u{FF21}DA", ParticipantKey::Nickname("ada".to_owned())),
            ("ADA@x", ParticipantKey::Email("ada@x".to_owned())),
            ("ada\u{FF20}x", ParticipantKey::Email("ada@x".to_owned())),
            ("a\0", ParticipantKey::Nickname("a\u{FFFD}".to_owned())),
            ("", ParticipantKey::Nickname(String::new())),
        ] {
            assert_eq!(ParticipantKey::of(username), key, "{username:?}");
        }
    }

    #[test]
    fn a_name_is_made_of_a_nickname() {
        for (nickname, name) in [
            ("ada", "Ada"),
            ("ada_lovelace", "Ada Lovelace"),
            ("éa--b_", "Éa B"),
            ("-_-", "-_-"),
            ("ßa", "SSa"),
        ] {
            let nickname = Nickname::parse(nickname).unwrap();
            assert_eq!(nickname.default_name(), name);
        }
    }

    proptest! {
        #[test]
        fn whoever_has_a_name_is_found_by_it(text in "\\PC{1,8}|[\\w-]{1,8}") {
            if let Ok(nickname) = Nickname::parse(&text) {
                let key = ParticipantKey::from(&nickname);
                prop_assert_eq!(ParticipantKey::of(&text), key.clone());
                prop_assert_eq!(ParticipantKey::of(&nickname.as_str().to_lowercase()), key);
                prop_assert_eq!(Nickname::parse(nickname.as_str()), Ok(nickname));
            }
            let text = format!("{text}@example.org");
            if let Ok(email) = ParticipantEmail::parse(&text) {
                prop_assert_eq!(ParticipantKey::of(&text), ParticipantKey::from(&email));
                prop_assert_eq!(ParticipantEmail::parse(email.as_str()), Ok(email));
            }
        }
    }
}
