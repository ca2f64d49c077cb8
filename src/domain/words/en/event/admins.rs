//! Administrators, and signing in.

use super::told::{Detail, Told, several};
use crate::domain::role::Role;
use crate::domain::text::cleaned;

pub(super) fn created(role: Role) -> Told {
    Told::about("created", "administrator").and(format!("as {}", role.as_str()))
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
