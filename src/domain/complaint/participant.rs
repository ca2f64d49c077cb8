//! Complaints about participants.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{OrganizationId, ParticipantId};

complaints! {
    /// What is wrong with a participant, or with a file of them.
    ParticipantComplaint {
        /// A nickname is empty or longer than [`NICKNAME_MAX`](crate::domain::participant::NICKNAME_MAX).
        NicknameLength = "nickname_length",
        /// A nickname has other characters than letters, digits, `_` and `-`.
        NicknameCharacters = "nickname_characters",
        /// Another participant of the organization has this nickname.
        NicknameTaken { nickname: String } = "nickname_taken",
        /// Another participant of the organization has this email address.
        EmailTaken { email: String } = "email_taken",
        /// There is no participant with this id.
        ParticipantUnknown { id: ParticipantId } = "participant_unknown",
        /// The participant cannot be blocked again.
        BlockedAlready { id: ParticipantId } = "blocked_already",
        /// The participant cannot be unblocked.
        NotBlocked { id: ParticipantId } = "not_blocked",
        /// The organization is archived, so its participants cannot be changed.
        ParticipantsArchived { id: OrganizationId } = "participants_archived",
        /// What is kept about a participant is larger than [`EXTRA_MAX`](crate::domain::participant::EXTRA_MAX).
        ExtraTooLarge = "extra_too_large",

        /// A file of participants is not UTF-8, first in this line.
        ImportUnreadable { line: usize } = "import_unreadable",
        /// A file of participants has more than [`IMPORT_BYTES`](crate::domain::participant::IMPORT_BYTES).
        ImportTooLarge = "import_too_large",
        /// A file has more than [`IMPORT_ROWS`](crate::domain::participant::IMPORT_ROWS) participants.
        ImportTooLong = "import_too_long",
        /// A file is longer than a form may carry, or has more passwords.
        ImportTooLongForForm = "import_too_long_for_form",
        /// A file has no participant.
        ImportEmpty = "import_empty",
        /// The first line of a file of participants names a column that there is not.
        ImportColumnUnknown { column: String } = "import_column_unknown",
        /// The first line names a column twice.
        ImportColumnTwice { column: String } = "import_column_twice",
        /// The first line does not name a column that is needed.
        ImportColumnMissing { column: String } = "import_column_missing",
        /// A line has more or fewer fields than the first.
        ImportFields { found: usize, expected: usize } = "import_fields",
        /// A field has a line break in it, perhaps since a quotation mark is not closed.
        ImportLineBreak = "import_line_break",
        /// An earlier line of the file has the same nickname.
        NicknameTwice { line: usize } = "nickname_twice",
        /// An earlier line of the file has the same email address.
        EmailTwice { line: usize } = "email_twice",
        /// A text is not the hash of a password that the server can check.
        PasswordHashInvalid = "password_hash_invalid",
        /// A line has a password and a hash.
        PasswordTwice = "password_twice",
    }
}
