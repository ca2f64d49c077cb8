//! Organizations.

use super::sentence::{Detail, EventSentence, moment};
use crate::domain::Time;
use crate::domain::host::Host;

const NAME: &str = "Name";
const HOST: &str = "Host";

pub(super) fn created(name: &str, host: Option<&Host<'_>>) -> EventSentence {
    let host = host.map(|host| Detail::fact(HOST, host.to_string()));
    EventSentence::about("created", "organization")
        .with([Detail::fact(NAME, name)])
        .with(host)
}

pub(super) fn archived(name: &str, host: Option<&Host<'_>>) -> EventSentence {
    let name = Detail::fact(NAME, name);
    let host = Detail::changed(HOST, host.map(ToString::to_string), None);
    EventSentence::about("archived", "organization").with([Some(name), host].into_iter().flatten())
}

pub(super) fn restored(archived_at: Option<Time>) -> EventSentence {
    let since = archived_at.map(|at| Detail::fact("Archived", moment(at)));
    EventSentence::about("restored", "organization").with(since)
}

pub(super) fn renamed(before: &str, after: &str) -> EventSentence {
    let name = |name: &str| Some(name.to_owned());
    EventSentence::about("renamed", "organization").with(Detail::changed(
        NAME,
        name(before),
        name(after),
    ))
}

pub(super) fn host_changed(before: Option<&Host<'_>>, after: Option<&Host<'_>>) -> EventSentence {
    let host = |host: Option<&Host<'_>>| host.map(ToString::to_string);
    EventSentence::about("changed the host of", "organization").with(Detail::changed(
        HOST,
        host(before),
        host(after),
    ))
}
