//! A record of the audit log as it is stored, and the hashes that chain it.
//!
//! `digest = SHA-256(content)` and `hash = SHA-256(hash before ‖ digest ‖ head)`, where content and head are compact
//! JSON: `[actor, address, target, organization_id, data, version]` and `[sequence, microseconds since 1970, kind]`, as
//! they are stored. Before the first record the hash is 32 zero bytes. A sweep deletes the content of a record and
//! keeps what the chain needs; only old records of kinds in [`SHORT_LIVED`] may be without content.

use sha2::{Digest, Sha256};

use crate::domain::Time;
use crate::domain::event::{ActorRef, Entry, Event, Record, Recorded, SHORT_LIVED, Target};
use crate::domain::ids::{OrganizationId, Sequence, Version};
use crate::domain::visible::visible;

use super::types::read_from_row;

/// The columns of a record; the caller appends the rest of the statement.
macro_rules! select_events {
    ($rest:literal) => {
        concat!(
            "SELECT sequence, at, kind, actor, address, target, organization_id, data, version, digest, hash
             FROM audit_events ",
            $rest
        )
    };
}
pub(super) use select_events;

/// The hash before the first record.
pub(super) const FIRST: [u8; 32] = [0; 32];

/// A record as it is stored. Swept records have no optional columns but address, organization and version.
pub(super) struct StoredRecord {
    pub(super) sequence: Sequence,
    pub(super) at: Time,
    pub(super) kind: String,
    pub(super) actor: Option<String>,
    pub(super) address: Option<String>,
    pub(super) target: Option<String>,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) data: Option<String>,
    pub(super) version: Option<Version>,
    pub(super) digest: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

read_from_row!(StoredRecord {
    sequence,
    at,
    kind,
    actor,
    address,
    target,
    organization_id,
    data,
    version,
    digest,
    hash
});

impl StoredRecord {
    pub(super) fn after(previous: &[u8], sequence: Sequence, record: &Record) -> Self {
        let mut row = Self {
            sequence,
            at: record.at,
            kind: record.event.kind().to_owned(),
            actor: Some(record.actor.to_string()),
            address: record.address.map(|address| address.to_string()),
            target: Some(record.target.to_string()),
            organization_id: record.organization_id,
            data: Some(record.event.data()),
            version: record.version,
            digest: Vec::new(),
            hash: Vec::new(),
        };
        row.digest = row.content_digest();
        row.hash = row.hash_after(previous);
        row
    }

    fn content_digest(&self) -> Vec<u8> {
        let content = (
            &self.actor,
            &self.address,
            &self.target,
            self.organization_id,
            &self.data,
            self.version,
        );
        Sha256::digest(json(&content)).to_vec()
    }

    fn hash_after(&self, previous: &[u8]) -> Vec<u8> {
        let head = (self.sequence, self.at.timestamp_micros(), &self.kind);
        let hash = Sha256::new()
            .chain_update(previous)
            .chain_update(&self.digest)
            .chain_update(json(&head));
        hash.finalize().to_vec()
    }

    /// Whether the record directly follows the one with this hash.
    pub(super) fn fits(&self, previous: &[u8], swept_before: Time) -> bool {
        let is_swept = self.data.is_none()
            && SHORT_LIVED.contains(&self.kind.as_str())
            && self.at < swept_before;
        self.hash == self.hash_after(previous) && (is_swept || self.digest == self.content_digest())
    }

    /// The record; none when its content was swept.
    pub(super) fn read(self) -> Option<Recorded> {
        let Entry {
            sequence,
            record,
            hash,
            ..
        } = self.entry();
        Some(Recorded {
            sequence,
            record: record?,
            hash,
        })
    }

    /// The entry.
    pub(super) fn entry(self) -> Entry {
        let record = match (self.actor, self.target, self.data) {
            (Some(actor), Some(target), Some(data)) => Some(Record {
                at: self.at,
                actor: ActorRef::from(visible(&actor)),
                address: self.address.and_then(|address| address.parse().ok()),
                target: Target::from(target),
                organization_id: self.organization_id,
                event: Event::from_stored(&self.kind, &data),
                version: self.version,
            }),
            _ => None,
        };
        Entry {
            sequence: self.sequence,
            at: self.at,
            kind: self.kind,
            record,
            hash: self.hash.try_into().unwrap_or_default(),
        }
    }
}

fn json(fields: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(fields).expect("texts and numbers can be written as JSON")
}
