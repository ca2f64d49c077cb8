//! The client credentials grant (RFC 6749 §4.4): a client asks for itself, so its own authentication is all that is
//! required.

use super::request::GrantRules;

pub(super) const RULES: GrantRules = GrantRules {
    permission: None,
    for_participant: false,
    longest: None,
};
