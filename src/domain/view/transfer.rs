//! How far a file is that is being sent, as the server writes it and the page reads it.

use serde::{Deserialize, Serialize};

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferProgress {
    /// How many rows were sent.
    pub rows: i64,
    /// The part that is done.
    pub thousandths: i64,
    /// What became of it.
    pub state: TransferState,
}

/// What became of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// It goes on.
    Sending,
    /// Everything was sent.
    Complete,
    /// It broke off: the file is not whole.
    Broken,
    /// The page ended it.
    Cancelled,
}
