//! Administrators, and signing in.

use super::told::{Detail, Told, moment, several};
use crate::domain::Time;
use crate::domain::role::Role;
use crate::domain::text::cleaned;

pub(super) fn created(role: Role) -> Told {
    Told::about("created", "administrator").and(format!("as {}", role.as_str()))
}

pub(super) fn invited(role: Role, ends_at: Time) -> Told {
    Told::about("invited", "administrator")
        .and(format!("as {}", role.as_str()))
        .with([Detail::fact("The link ends", moment(ends_at))])
}

pub(super) fn withdrawn(role: Role) -> Told {
    Told::about("withdrew the invitation of", "administrator").and(format!("as {}", role.as_str()))
}

pub(super) fn joined(role: Role, invited_by: &str) -> Told {
    Told::alone(format!("joined as {}", role.as_str()))
        .with([Detail::fact("Invited by", cleaned(invited_by))])
}

pub(super) fn role_changed(before: Role, after: Role) -> Told {
    let word = |role: Role| Some(role.as_str().to_owned());
    Told::about("changed the role of", "administrator").with(Detail::changed(
        "Role",
        word(before),
        word(after),
    ))
}

pub(super) fn sessions_ended(sessions: u64) -> Told {
    let sessions = several(sessions, "session");
    Told::about(format!("ended {sessions} of"), "administrator")
}

pub(super) fn password_link(ends_at: Time) -> Told {
    Told::about("made a link to a new password for", "administrator")
        .with([Detail::fact("The link ends", moment(ends_at))])
}

pub(super) fn sign_in_failed(count: u64, network: &str, reason: &str) -> Told {
    let times = several(count, "time");
    // The target may be an unknown address, or the set-up.
    let told = Told::about("failed to sign in as", "").and(format!("({times})"));
    told.with([
        Detail::fact("Network", cleaned(network)),
        Detail::fact("Reason of the last", cleaned(reason)),
    ])
}
