//! Entries of the audit log, on their way to the database.

use std::net::IpAddr;

use uuid::Uuid;

use crate::domain::Time;
use crate::domain::audit::{Action, Event};
use crate::service::clock::Random;

/// What an entry in the audit log tells, besides who and when.
pub(in crate::service) struct AuditEntry {
    pub(in crate::service) action: Action,
    pub(in crate::service) target: String,
    pub(in crate::service) organization_id: Option<i64>,
    pub(in crate::service) detail: serde_json::Value,
}

impl AuditEntry {
    /// The entry as it is kept, of somebody with this name and address, at a moment.
    pub(in crate::service) fn event(
        self,
        actor: String,
        address: Option<IpAddr>,
        at: Time,
    ) -> Event {
        Event {
            at,
            actor,
            action: self.action,
            target: self.target,
            organization_id: self.organization_id,
            detail: self.detail.to_string(),
            address: address.map(|address| address.to_string()),
        }
    }
}

/// A new id for an entry of this moment.
pub(in crate::service) fn event_id(random: &Random, at: Time) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    // The first of the random bits give way to the microseconds, so that ids follow time that closely (RFC 9562 §6.2).
    let mut bytes: [u8; 10] = random.bytes();
    let [_, _, high, low] = (at.timestamp_subsec_micros() % 1000 * 4).to_be_bytes();
    (bytes[0], bytes[1]) = (high, low | bytes[1] & 3);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
