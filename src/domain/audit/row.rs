//! An entry as files and commands have it.

use chrono::SecondsFormat;
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::Value;

use super::AuditRow;
use crate::domain::words::en::event::sentence;

/// The columns of a table of entries, in the order of [`ExportRow::fields`].
pub const EXPORT_COLUMNS: [&str; 11] = [
    "sequence",
    "at",
    "kind",
    "actor",
    "address",
    "target",
    "organization_id",
    "summary",
    "data",
    "version",
    "hash",
];

/// An entry as a JSON object. The order of the members is part of the interface. What was swept is left out, and so is
/// what an entry does not have.
#[derive(Clone, Debug, Serialize)]
pub struct ExportRow {
    sequence: i64,
    at: String,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<i64>,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    hash: String,
}

impl From<&AuditRow> for ExportRow {
    fn from(row: &AuditRow) -> Self {
        let entry = &row.entry;
        let record = entry.record.as_ref();
        let data = record.map(|record| record.event.data());
        Self {
            sequence: entry.sequence.0,
            at: entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            kind: entry.kind.clone(),
            actor: record.map(|record| record.actor.to_string()),
            address: record.and_then(|record| Some(record.address?.to_string())),
            target: record.map(|record| record.target.to_string()),
            organization_id: record.and_then(|record| Some(record.organization_id?.0)),
            summary: sentence(row),
            data: data.and_then(|data| serde_json::from_str(&data).ok()),
            version: record.and_then(|record| Some(record.version?.0)),
            hash: HEXLOWER.encode(&entry.hash),
        }
    }
}

impl ExportRow {
    /// The fields of a table, empty where there is nothing.
    #[must_use]
    pub fn fields(self) -> [String; EXPORT_COLUMNS.len()] {
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        [
            self.sequence.to_string(),
            self.at,
            self.kind,
            self.actor.unwrap_or_default(),
            self.address.unwrap_or_default(),
            self.target.unwrap_or_default(),
            number(self.organization_id).unwrap_or_default(),
            self.summary,
            self.data.map(|data| data.to_string()).unwrap_or_default(),
            number(self.version).unwrap_or_default(),
            self.hash,
        ]
    }
}
