//! Reading a file of participants.

use csv::{Position, ReaderBuilder, StringRecord};

use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::participant::{IMPORT_BYTES, IMPORT_ROWS, TypedParticipant};
use crate::domain::secret::Secret;

/// The columns that a file may have; the first two it must have.
const COLUMNS: [&str; 5] = ["nickname", "email", "name", "password", "password_hash"];
const NEEDED: usize = 2;

/// A participant as the file has it.
pub(super) struct FileRow {
    /// The number of its first line.
    pub(super) line: usize,
    pub(super) typed: TypedParticipant,
    pub(super) password: Secret,
    pub(super) password_hash: Secret,
    /// What is wrong with the line as such; then it has no values.
    pub(super) complaint: Option<Complaint>,
}

/// The rows of a file. Empty lines are passed over.
pub(super) fn read(content: &[u8]) -> Result<Vec<FileRow>, Complaint> {
    if content.len() > IMPORT_BYTES {
        return Err(Complaint::Participant(ParticipantComplaint::ImportTooLarge));
    }
    let text = std::str::from_utf8(content).map_err(|error| {
        let line = Lines::default().number_at(content, error.valid_up_to());
        Complaint::Participant(ParticipantComplaint::ImportUnreadable { line })
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let columns = columns(
        &records
            .next()
            .ok_or(Complaint::Participant(ParticipantComplaint::ImportEmpty))?,
    )?;
    let (mut rows, mut lines) = (Vec::new(), Lines::default());
    for record in records {
        if rows.len() == IMPORT_ROWS {
            return Err(Complaint::Participant(ParticipantComplaint::ImportTooLong));
        }
        let begin = record.position().map_or(0, Position::byte);
        let line = lines.number_at(
            text.as_bytes(),
            usize::try_from(begin).unwrap_or(usize::MAX),
        );
        rows.push(row(line, &columns, &record));
    }
    if rows.is_empty() {
        return Err(Complaint::Participant(ParticipantComplaint::ImportEmpty));
    }
    Ok(rows)
}

/// The position of each of [`COLUMNS`] among the fields of a line.
type Positions = Vec<&'static str>;

fn columns(header: &StringRecord) -> Result<Positions, Complaint> {
    let mut found = Vec::new();
    for name in header {
        let name = name.trim().to_lowercase();
        let Some(column) = COLUMNS.into_iter().find(|column| *column == name) else {
            return Err(Complaint::Participant(
                ParticipantComplaint::ImportColumnUnknown { column: name },
            ));
        };
        if found.contains(&column) {
            return Err(Complaint::Participant(
                ParticipantComplaint::ImportColumnTwice { column: name },
            ));
        }
        found.push(column);
    }
    match COLUMNS[..NEEDED]
        .iter()
        .find(|column| !found.contains(*column))
    {
        Some(column) => Err(Complaint::Participant(
            ParticipantComplaint::ImportColumnMissing {
                column: (*column).to_owned(),
            },
        )),
        None => Ok(found),
    }
}

fn row(line: usize, columns: &Positions, record: &StringRecord) -> FileRow {
    let field = |name: &str| {
        let place = columns.iter().position(|column| *column == name);
        let text = place.and_then(|place| record.get(place));
        text.unwrap_or_default().to_owned()
    };
    let (found, expected) = (record.len(), columns.len());
    // No value has one. A quotation mark that is not closed makes the lines after it part of the field.
    let has_line_break = record.iter().any(|field| field.contains(['\n', '\r']));
    FileRow {
        line,
        typed: TypedParticipant {
            nickname: field("nickname"),
            email: field("email"),
            name: field("name"),
        },
        password: Secret::new(field("password")),
        password_hash: Secret::new(field("password_hash")),
        complaint: if has_line_break {
            Some(Complaint::Participant(
                ParticipantComplaint::ImportLineBreak,
            ))
        } else {
            (found != expected).then_some(Complaint::Participant(
                ParticipantComplaint::ImportFields { found, expected },
            ))
        },
    }
}

/// Counts lines up to positions that only grow.
#[derive(Default)]
struct Lines {
    position: usize,
    ends: usize,
}

impl Lines {
    /// The number of the line at a position, or of the next that is not empty.
    fn number_at(&mut self, text: &[u8], position: usize) -> usize {
        let is_end = |at: usize| match text.get(at) {
            Some(b'\n') => true,
            // A line may also end in a carriage return alone.
            Some(b'\r') => text.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        while self.position < position || matches!(text.get(self.position), Some(b'\r' | b'\n')) {
            self.ends += usize::from(is_end(self.position));
            self.position += 1;
        }
        self.ends + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(content: &str) -> Vec<(usize, String)> {
        let rows = read(content.as_bytes()).unwrap();
        rows.into_iter()
            .map(|row| (row.line, row.typed.nickname))
            .collect()
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let expected = vec![(2, "ada".to_owned()), (6, "bea".to_owned())];
        for end in ["\n", "\r\n", "\r"] {
            let text = "nickname,email,name\nada,a@b,\"a\nname\"\n\n\nbea,b@b,x".replace('\n', end);
            // The quoted name has two lines; after it, two are empty.
            let found = lines(&text);
            assert_eq!(found, expected, "{end:?}");
            assert_eq!(lines(&format!("\u{FEFF}{text}{end}{end}")), expected);
        }
    }

    #[test]
    fn columns_come_in_any_order() {
        let rows = read(b" Email ,password,NICKNAME\na@b,\"two, \"\"words\"\"\",ada\n").unwrap();
        let row = &rows[0];
        assert_eq!(
            (row.typed.nickname.as_str(), row.typed.email.as_str()),
            ("ada", "a@b")
        );
        assert_eq!(row.password.expose(), "two, \"words\"");
        assert_eq!(
            (row.typed.name.as_str(), row.password_hash.expose()),
            ("", "")
        );
        assert_eq!(row.complaint, None);
    }

    #[test]
    fn a_field_is_in_one_line() {
        for text in [
            "nickname,email,name\nada,a@b,\"Ada\nbea,b@b,x\ncid,c@b,x\n",
            "nickname,email,name\nada,a@b,\"Ada\rLovelace\"\n",
            "nickname,email,name\n\"ada\n\",a@b\n",
        ] {
            let rows = read(text.as_bytes()).unwrap();
            assert_eq!((rows.len(), rows[0].line), (1, 2));
            assert_eq!(
                rows[0].complaint,
                Some(Complaint::Participant(
                    ParticipantComplaint::ImportLineBreak
                ))
            );
        }
    }

    #[test]
    fn a_line_has_as_many_fields_as_the_first() {
        let rows = read(b"nickname,email\nada\nbea,b@b\ncid,c@b,x\n").unwrap();
        let complaints: Vec<_> = rows.into_iter().map(|row| row.complaint).collect();
        let expected = 2;
        assert_eq!(
            complaints,
            [
                Some(Complaint::Participant(ParticipantComplaint::ImportFields {
                    found: 1,
                    expected
                })),
                None,
                Some(Complaint::Participant(ParticipantComplaint::ImportFields {
                    found: 3,
                    expected
                })),
            ]
        );
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        let refused = |content: &[u8]| read(content).err().unwrap();
        let column = |name: &str| name.to_owned();
        assert_eq!(
            refused(b""),
            Complaint::Participant(ParticipantComplaint::ImportEmpty)
        );
        assert_eq!(
            refused(b"nickname,email\n\n"),
            Complaint::Participant(ParticipantComplaint::ImportEmpty)
        );
        assert_eq!(
            refused(b"nickname;email\nada;a@b"),
            Complaint::Participant(ParticipantComplaint::ImportColumnUnknown {
                column: column("nickname;email")
            })
        );
        assert_eq!(
            refused(b"nickname,name\nada,Ada"),
            Complaint::Participant(ParticipantComplaint::ImportColumnMissing {
                column: column("email")
            })
        );
        assert_eq!(
            refused(b"nickname,email,Email\n"),
            Complaint::Participant(ParticipantComplaint::ImportColumnTwice {
                column: column("email")
            })
        );
        assert_eq!(
            refused(b"nickname,email\nada,a@b\nb\xE9a,b@b"),
            Complaint::Participant(ParticipantComplaint::ImportUnreadable { line: 3 })
        );
        assert_eq!(
            refused(&vec![b'a'; IMPORT_BYTES + 1]),
            Complaint::Participant(ParticipantComplaint::ImportTooLarge)
        );
        let many = format!("nickname,email\n{}", "a,b\n".repeat(IMPORT_ROWS + 1));
        assert_eq!(
            refused(many.as_bytes()),
            Complaint::Participant(ParticipantComplaint::ImportTooLong)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), text in "[a,\"\r\n;]{0,40}") {
            let _ = read(&bytes);
            let content = format!("nickname,email\n{text}");
            let lines = 1 + text.split(['\r', '\n']).count();
            if let Ok(rows) = read(content.as_bytes()) {
                prop_assert!(rows.is_sorted_by(|one, next| one.line < next.line));
                prop_assert!(rows.iter().all(|row| (2..=lines).contains(&row.line)));
            }
        }
    }
}
