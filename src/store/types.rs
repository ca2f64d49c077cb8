//! How types of the domain are stored, the same on both engines: numbers as `BIGINT`, words as `TEXT`, and which columns
//! make up what is read as one.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};
use unicode_normalization::UnicodeNormalization;

use crate::domain::admin::Admin;
use crate::domain::ids::{
    AdminId, ClientNumber, OrganizationId, ParticipantId, SecretNumber, Sequence, Version,
};
use crate::domain::role::Role;
use crate::domain::secret::SecretKind;

/// Stores types as another one: how each is written, and how it is read.
macro_rules! stored_as {
    ($stored:ty: $($name:ident, $write:expr, $read:expr;)*) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            $stored: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$stored as Type<DB>>::type_info()
            }

            fn compatible(found: &DB::TypeInfo) -> bool {
                <$stored as Type<DB>>::compatible(found)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            $stored: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn($name) -> $stored = $write;
                write(*self).encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            $stored: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <$stored>::decode(value).map($read)
            }
        }
    )*};
}

stored_as!(i64:
    AdminId, |id| id.0, AdminId;
    ClientNumber, |number| number.0, ClientNumber;
    OrganizationId, |id| id.0, OrganizationId;
    ParticipantId, |id| id.0, ParticipantId;
    SecretNumber, |number| number.0, SecretNumber;
    Sequence, |sequence| sequence.0, Sequence;
    Version, |version| version.0, Version;
);

stored_as!(String:
    // An unknown role gets the fewest rights.
    Role, |role| role.as_str().to_owned(), |word| Role::parse(&word).unwrap_or(Role::Auditor);
    SecretKind, |kind| kind_word(kind).to_owned(), read_kind;
);

fn kind_word(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::Generated => "hmac",
        SecretKind::Chosen => "argon2id",
    }
}

/// An unknown kind is read as the chosen one, so that the check fails on the digest.
fn read_kind(word: String) -> SecretKind {
    if word == kind_word(SecretKind::Generated) {
        SecretKind::Generated
    } else {
        SecretKind::Chosen
    }
}

/// Reads a type from a row of either engine: each field from the column of its name, or as an expression says.
///
/// In place of sqlx's derive, whose crate builds both engines' drivers a second time, for the compiler.
macro_rules! read_from_row {
    ($type:ident { $($field:ident),* $(,)? }) => {
        $crate::store::types::read_from_row!($type, row => $type {
            $($field: row.try_get(stringify!($field))?,)*
        });
    };
    ($type:ty, $row:ident => $read:expr) => {
        $crate::store::types::read_from_row!(sqlx::sqlite::SqliteRow, $type, $row => $read);
        $crate::store::types::read_from_row!(sqlx::postgres::PgRow, $type, $row => $read);
    };
    ($engine:ty, $type:ty, $row:ident => $read:expr) => {
        impl sqlx::FromRow<'_, $engine> for $type {
            fn from_row($row: &$engine) -> sqlx::Result<Self> {
                use sqlx::Row;
                Ok($read)
            }
        }
    };
}
pub(super) use read_from_row;

read_from_row!(Admin {
    id,
    email,
    role,
    created_at,
    disabled_at
});

/// A name in lower case, in NFC and with single spaces: two names with the same key look alike.
pub(super) fn name_key(name: &str) -> String {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").nfc().collect()
}
