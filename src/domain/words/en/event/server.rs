//! The server and its audit log.

use serde_json::Value;

use super::sentence::{Detail, EventSentence, moment, several};
use super::titles;
use crate::domain::audit::Action;
use crate::domain::event::{ExportFormat, ExportedFilter};
use crate::domain::ids::Sequence;
use crate::domain::text::cleaned;

pub(super) fn demo_filled(clients: i64, organizations: i64) -> EventSentence {
    let count = several(clients.unsigned_abs(), "client");
    EventSentence::alone(format!("filled the empty database with a demo of {count}")).with([
        Detail::fact("Clients", clients.to_string()),
        Detail::fact("Organizations", organizations.to_string()),
    ])
}

pub(super) fn exported(
    format: ExportFormat,
    filter: &ExportedFilter,
    newest: Sequence,
) -> EventSentence {
    let format = match format {
        ExportFormat::Csv => "CSV",
        ExportFormat::Ndjson => "NDJSON",
    };
    let ExportedFilter {
        actor,
        action,
        client,
        organization,
        since,
        until,
    } = filter;
    let facts = [
        ("Up to entry", Some(newest.to_string())),
        ("Actor", actor.clone()),
        ("Action", action.as_deref().map(action_chosen)),
        ("Client", client.clone()),
        ("Organization", organization.map(|id| id.to_string())),
        ("From", since.map(moment)),
        ("Before", until.map(moment)),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(name, value)| Some(Detail::fact(name, value?)));
    EventSentence::alone(format!("exported the audit log as {format}")).with(facts)
}

fn action_chosen(text: &str) -> String {
    Action::parse(text).map_or_else(|| cleaned(text), titles::action)
}

pub(super) fn unknown(kind: &str, data: &Value) -> EventSentence {
    let kind = cleaned(kind);
    let sentence = EventSentence::about("did something to", "");
    let what = format!("that this version of Claviger has no words for: {kind}");
    sentence
        .and(what)
        .with([Detail::fact("Data", cleaned(&data.to_string()))])
}
