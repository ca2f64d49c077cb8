//! Administrators, and signing in.

use super::sentence::{Detail, EventSentence, moment, several};
use crate::domain::Time;
use crate::domain::role::Role;
use crate::domain::text::cleaned;

pub(super) fn created(role: Role) -> EventSentence {
    EventSentence::about("created", "administrator").and(format!("as {}", role.as_str()))
}

pub(super) fn invited(role: Role, ends_at: Time) -> EventSentence {
    EventSentence::about("invited", "administrator")
        .and(format!("as {}", role.as_str()))
        .with([Detail::fact("The link ends", moment(ends_at))])
}

pub(super) fn withdrawn(role: Role) -> EventSentence {
    EventSentence::about("withdrew the invitation of", "administrator")
        .and(format!("as {}", role.as_str()))
}

pub(super) fn joined(role: Role, invited_by: &str) -> EventSentence {
    EventSentence::alone(format!("joined as {}", role.as_str()))
        .with([Detail::fact("Invited by", cleaned(invited_by))])
}

pub(super) fn role_changed(before: Role, after: Role) -> EventSentence {
    let word = |role: Role| Some(role.as_str().to_owned());
    EventSentence::about("changed the role of", "administrator").with(Detail::changed(
        "Role",
        word(before),
        word(after),
    ))
}

pub(super) fn sessions_ended(sessions: u64) -> EventSentence {
    let sessions = several(sessions, "session");
    EventSentence::about(format!("ended {sessions} of"), "administrator")
}

pub(super) fn password_link(ends_at: Time) -> EventSentence {
    EventSentence::about("made a link to a new password for", "administrator")
        .with([Detail::fact("The link ends", moment(ends_at))])
}

pub(super) fn sign_in_failed(count: u64, network: &str, reason: &str) -> EventSentence {
    let times = several(count, "time");
    // The target may be an unknown address, or the set-up.
    let sentence = EventSentence::about("failed to sign in as", "").and(format!("({times})"));
    sentence.with([
        Detail::fact("Network", cleaned(network)),
        Detail::fact("Last reason", cleaned(reason)),
    ])
}
