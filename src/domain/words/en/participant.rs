//! What is wrong with participants.

use std::fmt::{Formatter, Result};

use super::import;
use crate::domain::complaint::ParticipantComplaint;
use crate::domain::participant::{EXTRA_MAX, IMPORT_BYTES, IMPORT_ROWS, NICKNAME_MAX};
use crate::domain::text::cleaned;

/// The sentence of a complaint about participants.
pub(super) fn complaint(complaint: &ParticipantComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        ParticipantComplaint::NicknameLength => {
            write!(to, "A nickname has 1 to {NICKNAME_MAX} characters.")
        }
        ParticipantComplaint::NicknameCharacters => write!(
            to,
            "A nickname consists of letters, digits, hyphen and underscore."
        ),
        ParticipantComplaint::NicknameTaken { nickname } => {
            let nickname = cleaned(nickname);
            write!(to, "Another participant has the nickname “{nickname}”.")
        }
        ParticipantComplaint::EmailTaken { email } => {
            let email = cleaned(email);
            write!(to, "Another participant has the email address “{email}”.")
        }
        ParticipantComplaint::ParticipantUnknown { id } => {
            write!(to, "There is no participant {id}.")
        }
        ParticipantComplaint::BlockedAlready { id } => write!(
            to,
            "Participant {id} was blocked before. Nothing else to do."
        ),
        ParticipantComplaint::NotBlocked { id } => {
            write!(to, "Participant {id} is not blocked. Nothing else to do.")
        }
        ParticipantComplaint::ParticipantsArchived { id } => write!(
            to,
            "Organization {id} is archived, so its participants cannot be changed. Restore it first."
        ),
        ParticipantComplaint::ExtraTooLarge => write!(
            to,
            "What is kept about a participant takes at most {EXTRA_MAX} bytes as JSON."
        ),

        ParticipantComplaint::ImportUnreadable { line } => {
            write!(
                to,
                "The file is not UTF-8 text: line {line} cannot be read."
            )
        }
        ParticipantComplaint::ImportTooLarge => {
            let most = IMPORT_BYTES / (1024 * 1024);
            write!(to, "The file has more than {most} MiB. Split it.")
        }
        ParticipantComplaint::ImportTooLong => {
            write!(
                to,
                "The file has more than {IMPORT_ROWS} participants. Split it."
            )
        }
        ParticipantComplaint::ImportTooLongForForm => import::too_long(to),
        ParticipantComplaint::ImportEmpty => write!(to, "The file has no participant."),
        ParticipantComplaint::ImportColumnUnknown { column } => write!(
            to,
            "“{}” is no column of participants. Separate columns by commas: nickname, email, name, password, password_hash.",
            cleaned(column)
        ),
        ParticipantComplaint::ImportColumnTwice { column } => {
            write!(to, "The column “{column}” is there twice.")
        }
        ParticipantComplaint::ImportColumnMissing { column } => {
            write!(
                to,
                "The first line names the columns, and has no “{column}”."
            )
        }
        ParticipantComplaint::ImportFields { found, expected } => {
            write!(to, "The line does not have {expected} fields but {found}.")
        }
        ParticipantComplaint::ImportLineBreak => write!(
            to,
            "A field has a line break in it. Is a quotation mark not closed?"
        ),
        ParticipantComplaint::NicknameTwice { line } => {
            write!(to, "Line {line} has this nickname, too.")
        }
        ParticipantComplaint::EmailTwice { line } => {
            write!(to, "Line {line} has this email address, too.")
        }
        ParticipantComplaint::PasswordHashInvalid => write!(
            to,
            "A password_hash is an Argon2id hash as $argon2id$v=19$m=19456,t=2,p=1$…, neither weaker than that nor more than twice as costly."
        ),
        ParticipantComplaint::PasswordTwice => {
            write!(to, "Give a password or a password_hash, not both.")
        }
    }
}
