//! What the stream of live updates says, as the server writes it and a page reads it.

use serde::{Deserialize, Serialize};

/// A change that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentUpdate {
    /// Who made it.
    pub by: String,
    /// Whether that is whoever looks at the page.
    pub mine: bool,
    /// What was changed.
    pub about: String,
    /// The version of the directory that it made; none of an act that is no change.
    pub version: Option<i64>,
}

/// The use of a client as its page shows it, in markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseCells {
    /// The client's id.
    pub client: String,
    /// When it was last used.
    pub last_used: String,
    /// Its requests of the last days.
    pub requests: String,
}
