//! Events: what the audit log keeps of every change.

use serde_json::Value;

mod data;
mod entry;
mod kinds;
mod record;

pub use data::{ClientSnapshot, ExportFormat, ExportedFilter, ImpersonationGrant};
pub use entry::Entry;
pub use kinds::Event;
pub use record::{ActorRef, Record, Recorded, Subject, Target};

/// How many revocations of single tokens by one client within an hour of the clock get an event of their own. Those
/// beyond are counted, and their number is one event once the hour is over.
pub const SINGLE_REVOCATIONS: i64 = 100;

/// The kinds of events whose number clients and visitors decide. Their content is swept when they are old.
pub const SHORT_LIVED: [&str; 5] = [
    "token.revoked",
    "tokens.revoked",
    "admin.sign_in_failed",
    "participant.impersonated",
    "participant.extra_changed",
];

/// The kinds of events that do not change the client they are about.
pub const WITHOUT_CHANGE: [&str; 3] = ["secret.revealed", "token.revoked", "tokens.revoked"];

impl Event {
    /// The data in canonical form, as it is stored beside the kind.
    ///
    /// # Panics
    /// Never: an event can be written as JSON.
    #[must_use]
    pub fn data(&self) -> String {
        let json = serde_json::to_string(self).expect("an event can be written as JSON");
        let data = json
            .strip_prefix(&before_data(self.kind()))
            .and_then(|rest| rest.strip_suffix('}'));
        data.expect("the kind comes first").to_owned()
    }

    /// The event of a kind and data that were stored.
    #[must_use]
    pub fn from_stored(kind: &str, data: &str) -> Self {
        let json = format!("{}{data}}}", before_data(kind));
        // Data that is no JSON was damaged.
        serde_json::from_str(&json).unwrap_or_else(|_| Self::Unknown {
            kind: kind.to_owned(),
            data: Value::from(data),
        })
    }
}

/// The beginning of the canonical form, before the data.
fn before_data(kind: &str) -> String {
    format!(r#"{{"kind":{},"data":"#, Value::from(kind))
}
