//! Organizations.

use super::told::{Detail, Told, moment};
use crate::domain::Time;
use crate::domain::host::Host;

const NAME: &str = "Name";
const HOST: &str = "Host";

pub(super) fn created(name: &str, host: Option<&Host<'_>>) -> Told {
    let host = host.map(|host| Detail::fact(HOST, host.to_string()));
    Told::about("created", "organization")
        .with([Detail::fact(NAME, name)])
        .with(host)
}

pub(super) fn archived(name: &str, host: Option<&Host<'_>>) -> Told {
    let name = Detail::fact(NAME, name);
    let host = Detail::changed(HOST, host.map(ToString::to_string), None);
    Told::about("archived", "organization").with([Some(name), host].into_iter().flatten())
}

pub(super) fn restored(archived_at: Option<Time>) -> Told {
    let since = archived_at.map(|at| Detail::fact("Archived", moment(at)));
    Told::about("restored", "organization").with(since)
}

pub(super) fn renamed(before: &str, after: &str) -> Told {
    let name = |name: &str| Some(name.to_owned());
    Told::about("renamed", "organization").with(Detail::changed(NAME, name(before), name(after)))
}

pub(super) fn host_changed(before: Option<&Host<'_>>, after: Option<&Host<'_>>) -> Told {
    let host = |host: Option<&Host<'_>>| host.map(ToString::to_string);
    Told::about("changed the host of", "organization").with(Detail::changed(
        HOST,
        host(before),
        host(after),
    ))
}
