//! What every grant is given, and what it decides.

use crate::domain::token::Participant;

/// The `grant_type` of client credentials (RFC 6749 §4.4.2).
pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";

/// The parameters of a token request, beside the client's credentials.
#[derive(Clone, Copy, Debug)]
pub struct TokenRequest<'a> {
    /// The `grant_type`, as sent.
    pub grant_type: &'a str,
    /// The `scope`, as sent.
    pub scope: Option<&'a str>,
}

impl<'a> TokenRequest<'a> {
    /// A request for the client credentials grant.
    #[must_use]
    pub fn client_credentials(scope: Option<&'a str>) -> Self {
        Self {
            grant_type: CLIENT_CREDENTIALS,
            scope,
        }
    }
}

/// What a grant decides of a token; everything else is decided the same way for all grants.
pub(super) struct Approval<'a> {
    /// The scopes that are asked for; none means all that the client has.
    pub(super) scope: Option<&'a str>,
    /// For whom the client acts, if not for itself.
    pub(super) participant: Option<Participant>,
}
