//! Entries: records as the audit log keeps them, whole or without their content.

use super::Record;
use crate::domain::Time;
use crate::domain::ids::Sequence;

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the log.
    pub sequence: Sequence,
    /// When it was committed.
    pub at: Time,
    /// The kind of its event.
    pub kind: String,
    /// The record; none after its content was swept.
    pub record: Option<Record>,
    /// SHA-256 over the hash of the entry before and this entry.
    pub hash: [u8; 32],
}
