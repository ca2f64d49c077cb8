//! Why the database did not do it.

use crate::domain::start::{DatabaseComplaint, UrlComplaint};
use crate::domain::words::en::start;

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique value is taken.
    #[error("{}", start::VALUE_TAKEN)]
    Taken,
    /// Another client of the organization has the name.
    #[error("{}", start::NAME_TAKEN)]
    NameTaken,
    /// The database cannot be reached, is full, locked or read-only.
    #[error("{}", start::DATABASE_UNAVAILABLE)]
    Unavailable(#[source] sqlx::Error),
    /// A statement or a stored value is invalid: a defect.
    #[error("{}", start::DATABASE_DEFECT)]
    Defect(#[source] sqlx::Error),
    /// The database URL cannot be used, or the database could not be set up.
    #[error("{0}")]
    Open(DatabaseComplaint),
}

/// The result of a store method.
pub type Result<T> = std::result::Result<T, Error>;

impl From<DatabaseComplaint> for Error {
    fn from(complaint: DatabaseComplaint) -> Self {
        Self::Open(complaint)
    }
}

impl From<UrlComplaint> for Error {
    fn from(complaint: UrlComplaint) -> Self {
        Self::Open(complaint.into())
    }
}
/// The index that holds the names of an organization's clients apart.
const CLIENT_NAMES: &str = "api_clients_by_name";

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // SQLite reports an index with an expression by its name alone, so this is how both engines name it.
            sqlx::Error::Database(cause)
                if cause.is_unique_violation() && cause.message().contains(CLIENT_NAMES) =>
            {
                Self::NameTaken
            }
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Self::Taken,
            // Busy, full, read-only, cannot open, input or output fails: SQLite's codes 5, 6, 8, 10, 13, 14 and theirs.
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                Some(code) if is_outage(code) => Self::Unavailable(error),
                _ => Self::Defect(error),
            },
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_) => Self::Defect(error),
            _ => Self::Unavailable(error),
        }
    }
}

/// True for codes that say "not now" rather than "not so": SQLite's primary codes for busy, locked,
/// read-only, I/O error, full and cannot open; PostgreSQL's classes 08, 25, 40, 53, 55, 57 and 58.
fn is_outage(code: &str) -> bool {
    // SQLite's codes are numbers of at most four digits, PostgreSQL's have five characters.
    if code.len() == 5 {
        return ["08", "25", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class));
    }
    code.parse::<u32>()
        .is_ok_and(|number| matches!(number & 0xFF, 5 | 6 | 8 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_differ_from_defects() {
        for code in ["5", "13", "8", "1032", "57P01", "53300", "08006"] {
            assert!(is_outage(code), "{code}");
        }
        for code in ["1", "19", "2067", "23505", "42P01"] {
            assert!(!is_outage(code), "{code}");
        }
    }
}
