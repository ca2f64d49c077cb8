//! Access tokens: their ids, claims and lifetimes.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::Time;
use super::ids::{ClientNumber, OrganizationId, SecretNumber, Version};
use super::scope::ScopeSet;

/// The id of a token, `jti` in answers: the 192 random bits of its nonce.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenId(pub [u8; 24]);

impl fmt::Display for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEXLOWER.encode_display(&self.0).fmt(formatter)
    }
}

impl TokenId {
    /// How many characters people are shown.
    const SHOWN: usize = 8;

    /// The end of the id, for people.
    #[must_use]
    pub fn end(&self) -> String {
        let text = self.to_string();
        text[text.len() - Self::SHOWN..].to_owned()
    }

    /// Whether a text may be the end of an id.
    #[must_use]
    pub fn is_end(text: &str) -> bool {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        text.len() == Self::SHOWN && text.bytes().all(is_digit)
    }

    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The claims that are sealed in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The client that it was issued to.
    pub client: ClientNumber,
    /// The client's generation at that time.
    pub generation: i64,
    /// The secret that it was issued for.
    pub secret: SecretNumber,
    /// The organization of the requested host, otherwise the client's, if there is one.
    pub organization: Option<OrganizationId>,
    /// The participant that it acts for, if any.
    pub participant: Option<Participant>,
    /// Whether it was requested at a tenant host, so that this host is its issuer.
    pub at_host: bool,
    /// The scopes that it was issued for.
    pub scopes: ScopeSet,
    /// When it was issued, Unix seconds.
    pub issued_at: i64,
    /// When it expires, Unix seconds.
    pub expires_at: i64,
    /// The directory version that the node had when it issued the token.
    pub version: Version,
}

/// Why a token is not live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dead {
    /// It was revoked by itself.
    Revoked,
    /// It was revoked with all tokens of its client.
    RevokedWithAll,
    /// Its client is revoked.
    ClientRevoked,
    /// Its client is suspended.
    ClientSuspended,
    /// Its client has expired.
    ClientExpired,
    /// Its client had ended since, and was given more time afterwards.
    ClientHadEnded,
    /// The secret that it was issued for is revoked.
    SecretRevoked,
    /// Its client does not have its scopes.
    ScopesUnknown,
    /// An organization that it belongs to is archived.
    OrganizationArchived,
    /// An organization that it belongs to was archived since, and restored.
    OrganizationRestored,
    /// Its time is over.
    Expired,
    /// Its client may not act for participants in this way now.
    PermissionMissing,
    /// There is no such participant in its organization.
    ParticipantUnknown,
    /// Its participant is blocked, or was since.
    ParticipantBlocked,
}

/// The lifetime of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was issued.
    pub issued_at: Time,
    /// When it expires.
    pub expires_at: Time,
}

impl Lifetime {
    /// Whether another lifetime begins and ends no later than this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.issued_at <= self.issued_at && other.expires_at <= self.expires_at
    }
}

impl Claims {
    /// The lifetime of the token; none when a time is out of the calendar's range.
    #[must_use]
    pub fn lifetime(&self) -> Option<Lifetime> {
        Some(Lifetime {
            issued_at: Time::from_timestamp(self.issued_at, 0)?,
            expires_at: Time::from_timestamp(self.expires_at, 0)?,
        })
    }
}

/// The watermark of a sweep of the denylist: which tokens may have been among the removed entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepWatermark {
    /// The directory version of the sweep. A token that was issued at this version or later was in none of those
    /// entries.
    pub version: Version,
    /// The latest begin and the latest end among the removed entries.
    pub lifetime: Lifetime,
}

impl SweepWatermark {
    /// Whether a sweep may have removed this token's entry.
    #[must_use]
    pub fn covers(&self, claims: &Claims) -> bool {
        let may_be_older = |lifetime| self.lifetime.covers(&lifetime);
        claims.version < self.version && claims.lifetime().is_none_or(may_be_older)
    }
}

/// The participant that a token acts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The participant's number.
    pub number: u64,
    /// The participant's generation when the token was made.
    pub generation: u64,
    /// Whether a client acts on behalf of the participant.
    pub impersonated: bool,
}
