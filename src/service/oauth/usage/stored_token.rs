//! Recent tokens in the form in which they are stored.

use crate::domain::usage::RecentToken;
use crate::service::crypto::claims::encode;
use crate::store::StoredToken;

/// A recent token as it is stored.
pub(super) fn stored(token: &RecentToken) -> StoredToken {
    let mut claims = Vec::with_capacity(48);
    encode(&token.claims, &mut claims);
    StoredToken {
        id: token.id,
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        address: token.address,
        grant: token.grant,
        claims,
    }
}
