//! Access tokens: what one says, and what it is called.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::Time;

/// The name of a token, `jti` on the wire: the 192 random bits it was sealed with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenId(pub [u8; 24]);

impl fmt::Display for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEXLOWER.encode_display(&self.0).fmt(formatter)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What is sealed inside a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The client it was made for.
    pub client: u64,
    /// The client's generation at that time.
    pub generation: u64,
    /// The secret it was made with.
    pub secret: u64,
    /// The organization whose host was used, else the client's, when it has one.
    pub organization: Option<u64>,
    /// The participant it acts as, when it does.
    pub participant: Option<Participant>,
    /// Whether it was asked for at the organization's own host, so that its issuer is that host.
    pub at_host: bool,
    /// Places in the client's list of scopes, in the order asked for.
    pub scopes: Vec<u8>,
    /// When it was made, Unix seconds.
    pub issued_at: u64,
    /// When it ends, Unix seconds.
    pub expires_at: u64,
    /// The directory's version that was known when it was made.
    pub version: u64,
}

/// From when to when a token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was made.
    pub issued_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

impl Lifetime {
    /// Whether another begins and ends no later than this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.issued_at <= self.issued_at && other.expires_at <= self.expires_at
    }
}

impl Claims {
    /// From when to when the token lives; none for a moment that no calendar has.
    #[must_use]
    pub fn lifetime(&self) -> Option<Lifetime> {
        let moment = |second: u64| Time::from_timestamp(i64::try_from(second).ok()?, 0);
        Some(Lifetime {
            issued_at: moment(self.issued_at)?,
            expires_at: moment(self.expires_at)?,
        })
    }
}

/// What a sweep of denied tokens left in their place: which tokens may have been among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepWatermark {
    /// The directory's version since the sweep. What was made when that was known was denied by none of those.
    pub version: u64,
    /// The latest beginning and the latest end of a token whose denial was swept away.
    pub lifetime: Lifetime,
}

impl SweepWatermark {
    /// Whether a token's denial may have been swept away.
    #[must_use]
    pub fn covers(&self, claims: &Claims) -> bool {
        let may_be_older = |lifetime| self.lifetime.covers(&lifetime);
        claims.version < self.version && claims.lifetime().is_none_or(may_be_older)
    }
}

/// Who a token acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The participant's number.
    pub number: u64,
    /// The participant's generation when the token was made.
    pub generation: u64,
    /// Whether a client acts in the participant's stead.
    pub impersonated: bool,
}
