//! The import of many participants from a file.

use super::name::{Nickname, ParticipantEmail};
use crate::domain::error::FieldComplaint;
use crate::domain::ids::OrganizationId;

/// The most participants of one file.
pub const IMPORT_ROWS: usize = 10_000;

/// The most bytes of one file.
pub const IMPORT_BYTES: usize = 8 * 1024 * 1024;

/// The most bytes of a file that a form carries.
pub const FORM_IMPORT_BYTES: usize = 256 * 1024;

/// The most plain passwords of such a file. They are hashed while the browser waits for its answer.
pub const FORM_IMPORT_PASSWORDS: usize = 500;

/// A file of participants.
#[derive(Clone, Copy)]
pub struct ImportFile<'a> {
    /// The organization that they join.
    pub organization_id: OrganizationId,
    /// The file: CSV (RFC 4180) in UTF-8, with a line of column names.
    pub content: &'a [u8],
    /// Whether the file is only checked.
    pub is_dry_run: bool,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// How many participants the file has.
    pub participants: usize,
    /// Those whose names and addresses are right as such, by line.
    pub read: Vec<ReadLine>,
    /// How many plain passwords are to be hashed.
    pub passwords: usize,
    /// What is wrong, by line. If anything is, nothing was written.
    pub wrong: Vec<WrongLine>,
    /// Whether the participants were written.
    pub is_written: bool,
}

/// A participant in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// The number of the line.
    pub line: usize,
    /// The nickname.
    pub nickname: Nickname,
    /// The email address.
    pub email: ParticipantEmail,
    /// The name for people.
    pub name: String,
    /// Whether the line has a password or a hash.
    pub has_password: bool,
}

/// Something wrong in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// The number of the line, from 1; the first has the names of the columns.
    pub line: usize,
    /// The column, and what is wrong with it.
    pub wrong: FieldComplaint,
}
