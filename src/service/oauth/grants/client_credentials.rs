//! The client credentials grant (RFC 6749 §4.4): a client asks for itself, so its own authentication is all that is
//! required.

use super::request::{Approval, TokenRequest};

pub(super) fn approve<'a>(request: &TokenRequest<'a>) -> Approval<'a> {
    Approval {
        scope: request.scope,
        participant: None,
    }
}
