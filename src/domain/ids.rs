//! The numbers that identify rows, each with a type of its own, so that none is taken for another.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares identifying numbers. Each is written and parsed as its number, also in JSON.
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// An organization, as in `--organization-id 2`; from 1.
    OrganizationId,
    /// A client: what tokens carry, and the key of lists; from 1.
    ClientNumber,
    /// A secret of a client: what tokens carry; from 1.
    SecretNumber,
    /// An administrator; from 1.
    AdminId,
    /// A participant of an organization; from 1 and never given out again.
    ParticipantId,
    /// A version of the directory: every change raises it and stamps the rows that it writes. 0 is the empty directory.
    Version,
    /// A record of the audit log, in the order of commits; from 1 and without gaps.
    Sequence,
}

impl Version {
    /// Below every version.
    pub const BEFORE_ALL: Self = Self(-1);
}

impl Sequence {
    /// The number of the record after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
