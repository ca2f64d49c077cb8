//! The checks of a file of participants: line by line, against itself, and against the directory.

use std::collections::HashMap;

use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::participant::{
    ImportFile, ImportReport, ParticipantDetails, ParticipantKey, ReadLine, WrongLine,
};
use crate::domain::secret::Secret;
use crate::service::auth::hash_queue::is_usable_hash;
use crate::service::console::participants::file::{FileRow, read};
use crate::service::console::participants::password::check_new_password;
use crate::service::console::participants::{is_taken, keys};
use crate::store::Tx;

/// A row that is right as far as it can be told without the directory.
pub(super) struct CheckedRow {
    pub(super) line: usize,
    pub(super) details: ParticipantDetails,
    pub(super) password: RowPassword,
}

pub(super) enum RowPassword {
    Missing,
    /// A plain one, to be hashed.
    Plain(Secret),
    /// Hashed elsewhere.
    Hash(Secret),
}

impl CheckedRow {
    /// Whether its password is to be hashed.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.password, RowPassword::Plain(_))
    }
}

/// The checks of a file that need no look-up.
pub(super) fn check_file(content: &[u8]) -> Result<(ImportReport, Vec<CheckedRow>), Complaint> {
    let rows = read(content)?;
    let participants = rows.len();
    let mut wrong = Vec::new();
    let checked: Vec<CheckedRow> = rows
        .into_iter()
        .filter_map(|row| check(row, &mut wrong))
        .collect();
    wrong.extend(repeated(&checked));
    let read_line = |row: &CheckedRow| ReadLine {
        line: row.line,
        nickname: row.details.nickname.clone(),
        email: row.details.email.clone(),
        name: row.details.name.clone(),
        has_password: !matches!(row.password, RowPassword::Missing),
    };
    let report = ImportReport {
        participants,
        read: checked.iter().map(read_line).collect(),
        passwords: checked.iter().filter(|row| row.is_plain()).count(),
        wrong,
        is_written: false,
    };
    Ok((report, checked))
}

/// The checks of one row that need no look-up. A row with a wrong password is checked further.
fn check(row: FileRow, wrong: &mut Vec<WrongLine>) -> Option<CheckedRow> {
    let line = row.line;
    let mut complain = |why| wrong.push(WrongLine { line, wrong: why });
    if let Some(complaint) = row.complaint {
        complain(FieldComplaint::new("line", complaint));
        return None;
    }
    let details = row.typed.check();
    let password = check_row_password(row).unwrap_or_else(|why| {
        complain(why);
        RowPassword::Missing
    });
    match details {
        Ok(details) => Some(CheckedRow {
            line,
            details,
            password,
        }),
        Err(why) => {
            why.into_iter().for_each(complain);
            None
        }
    }
}

fn check_row_password(row: FileRow) -> Result<RowPassword, FieldComplaint> {
    let hash = row.password_hash.expose().trim();
    if hash.is_empty() {
        let password = check_new_password(&row.password, &row.typed);
        let password = password.map_err(|why| FieldComplaint::new("password", why))?;
        return Ok(password.map_or(RowPassword::Missing, RowPassword::Plain));
    }
    let wrong = |complaint| Err(FieldComplaint::new("password_hash", complaint));
    if !row.password.expose().is_empty() {
        return wrong(Complaint::Participant(ParticipantComplaint::PasswordTwice));
    }
    if !is_usable_hash(hash) {
        return wrong(Complaint::Participant(
            ParticipantComplaint::PasswordHashInvalid,
        ));
    }
    Ok(RowPassword::Hash(Secret::new(hash.to_owned())))
}

/// Names and addresses that an earlier line has.
fn repeated(rows: &[CheckedRow]) -> Vec<WrongLine> {
    let mut first: HashMap<ParticipantKey, usize> = HashMap::new();
    let mut wrong = Vec::new();
    for row in rows {
        for key in keys(&row.details) {
            let field = match &key {
                ParticipantKey::Nickname(_) => "nickname",
                ParticipantKey::Email(_) => "email",
            };
            let line = *first.entry(key).or_insert(row.line);
            if line == row.line {
                continue;
            }
            let complaint = if field == "email" {
                Complaint::Participant(ParticipantComplaint::EmailTwice { line })
            } else {
                Complaint::Participant(ParticipantComplaint::NicknameTwice { line })
            };
            wrong.push(WrongLine {
                line: row.line,
                wrong: FieldComplaint::new(field, complaint),
            });
        }
    }
    wrong
}

/// Names and addresses that participants of the organization have.
pub(super) async fn taken(
    tx: &mut Tx,
    file: &ImportFile<'_>,
    rows: &[CheckedRow],
) -> Result<Vec<WrongLine>, Error> {
    let every: Vec<ParticipantKey> = rows.iter().flat_map(|row| keys(&row.details)).collect();
    let taken = tx
        .list_taken_participant_keys(file.organization_id, &every)
        .await?;
    let wrong = rows.iter().flat_map(|row| {
        let keys = keys(&row.details).into_iter();
        let taken = keys.filter(|key| taken.contains_key(key));
        taken.map(|key| WrongLine {
            line: row.line,
            wrong: is_taken(&key, &row.details),
        })
    });
    Ok(wrong.collect())
}
