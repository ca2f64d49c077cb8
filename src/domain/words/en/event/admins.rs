//! Administrators, and signing in.

use super::told::{Detail, Told, several};
use crate::domain::role::Role;
use crate::domain::text::cleaned;

pub(super) fn created(role: Role) -> Told {
    Told::around("created administrator", format!("as {}", role.as_str()))
}

pub(super) fn sign_in_failed(count: u64, network: &str, reason: &str) -> Told {
    let times = several(count, "time");
    Told::around("failed to sign in as", format!("({times})")).with([
        Detail::fact("Network", cleaned(network)),
        Detail::fact("Reason of the last", cleaned(reason)),
    ])
}
