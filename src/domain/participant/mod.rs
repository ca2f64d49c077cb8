//! Participants of an organization: the people for whom an API client may act.

use serde::{Deserialize, Serialize};

use super::Time;
use super::client::check_name;
use super::error::FieldComplaint;
use super::ids::{OrganizationId, ParticipantId, Version};
use super::secret::Secret;

mod extra;
mod fold;
mod import;
mod name;

pub use extra::{EXTRA_MAX, Extra};
pub use fold::folded;
pub use import::{
    FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS, IMPORT_BYTES, IMPORT_ROWS, ImportFile, ImportReport,
    ReadLine, WrongLine,
};
pub use name::{NICKNAME_MAX, Nickname, ParticipantEmail, ParticipantKey};

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Its id.
    pub id: ParticipantId,
    /// Its organization.
    pub organization_id: OrganizationId,
    /// The nickname.
    pub nickname: Nickname,
    /// The email address.
    pub email: ParticipantEmail,
    /// The name for people.
    pub name: String,
    /// What the operator keeps about the participant.
    pub extra: Extra,
    /// When it was made.
    pub created_at: Time,
    /// When nickname, address, name, extra or password were last changed.
    pub updated_at: Time,
    /// When the participant accepted the terms of the organization, as far as is known.
    pub accepted_terms_at: Option<Time>,
    /// When the address was confirmed, or taken as confirmed.
    pub confirmed_at: Option<Time>,
    /// Since when the participant is blocked: nobody can get a token for the participant.
    pub blocked_at: Option<Time>,
    /// The generation of tokens for the participant; blocking raises it, so that no older one is valid.
    pub generation: i64,
    /// Whether there is a password. Without one the participant cannot sign in.
    pub has_password: bool,
    /// The directory version that last changed it.
    pub version: Version,
}

/// The typed values of a participant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedParticipant {
    /// The nickname.
    #[serde(default)]
    pub nickname: String,
    /// The email address.
    #[serde(default)]
    pub email: String,
    /// The name for people, or nothing: then it is made of the nickname.
    #[serde(default)]
    pub name: String,
}

/// What is typed to make a participant.
#[derive(Clone, Debug)]
pub struct ParticipantRequest {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The values.
    pub typed: TypedParticipant,
    /// The password, or an empty text.
    pub password: Secret,
}

/// The changeable properties of a participant, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantDetails {
    /// The nickname.
    pub nickname: Nickname,
    /// The email address.
    pub email: ParticipantEmail,
    /// The name for people.
    pub name: String,
}

/// A participant to be added.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The nickname.
    pub nickname: Nickname,
    /// The email address.
    pub email: ParticipantEmail,
    /// The name for people, checked.
    pub name: String,
    /// The hash of the password, a PHC string; without one the participant cannot sign in.
    pub password_hash: Option<Secret>,
    /// What the operator keeps about the participant.
    pub extra: Extra,
    /// Whether the participant accepted the terms.
    pub accepted_terms: bool,
    /// Whether the address counts as confirmed.
    pub confirmed: bool,
}

impl Participant {
    /// The changeable properties.
    #[must_use]
    pub fn details(&self) -> ParticipantDetails {
        ParticipantDetails {
            nickname: self.nickname.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
        }
    }
}

impl TypedParticipant {
    /// The checks that need no look-up.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self) -> Result<ParticipantDetails, Vec<FieldComplaint>> {
        let mut wrong = Vec::new();
        let nickname = Nickname::parse(&self.nickname);
        let email = ParticipantEmail::parse(&self.email);
        let name = Some(self.name.trim()).filter(|name| !name.is_empty());
        let complaints = [
            ("nickname", nickname.as_ref().err().cloned()),
            ("email", email.as_ref().err().cloned()),
            ("name", name.and_then(|name| check_name(name).err())),
        ];
        for (field, complaint) in complaints {
            wrong.extend(complaint.map(|complaint| FieldComplaint::new(field, complaint)));
        }
        match (nickname, email) {
            (Ok(nickname), Ok(email)) if wrong.is_empty() => Ok(ParticipantDetails {
                name: name.map_or_else(|| nickname.default_name(), ToOwned::to_owned),
                nickname,
                email,
            }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(nickname: &str, email: &str, name: &str) -> TypedParticipant {
        TypedParticipant {
            nickname: nickname.to_owned(),
            email: email.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_name_is_optional() {
        for (name, kept) in [("", "Ada L"), (" ", "Ada L"), (" Countess ", "Countess")] {
            let checked = typed("ada_l", "ADA@example.org", name).check().unwrap();
            assert_eq!(checked.name, kept);
            assert_eq!(checked.email.as_str(), "ada@example.org");
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = typed("a b", "ada", "a\u{202E}b").check().unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["nickname", "email", "name"]);
    }
}
