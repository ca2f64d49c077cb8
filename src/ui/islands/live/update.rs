//! What the stream says of a change.

use serde::Deserialize;

/// One update.
#[derive(Clone, Deserialize)]
pub struct Update {
    /// Who made the change.
    pub by: String,
    /// Whether that is whoever looks at the page.
    pub mine: bool,
    /// What was changed.
    pub about: String,
}
