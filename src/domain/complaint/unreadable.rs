//! Why a text is refused that people would read.

use serde::{Deserialize, Serialize};

/// Why a text cannot be shown to other people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// It has controls, invisible characters, or characters that change the direction of text.
    HasHidden,
    /// It has no visible character.
    IsBlank,
}
