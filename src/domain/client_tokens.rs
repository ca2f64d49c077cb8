//! What the pages show of a client's tokens.

use serde::{Deserialize, Serialize};

use super::Time;
use super::client::ClientId;
use super::ids::ParticipantId;
use super::refusal::CountedRefusal;
use super::token::{Dead, TokenId};
use super::usage::{Counts, RECENT_TOKENS, TokenGrant};

/// The time that the chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsagePeriod {
    /// The last 24 hours, by hour.
    Day,
    /// Two weeks, by day.
    #[default]
    TwoWeeks,
    /// A month, by day.
    Month,
}

impl UsagePeriod {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::TwoWeeks, Self::Month];

    /// How many days it has; none when it is shown by the hour.
    #[must_use]
    pub fn days(self) -> Option<u8> {
        match self {
            Self::Day => None,
            Self::TwoWeeks => Some(14),
            Self::Month => Some(30),
        }
    }
}

/// The requests of one hour or one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageBar {
    /// When it began.
    pub begin: Time,
    /// How many there were.
    pub counts: Counts,
}

/// What is on the page of a client's tokens, beside the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientTokens {
    /// Requests over time, the oldest first, without gaps.
    pub usage: Vec<UsageBar>,
    /// The last tokens, the newest first.
    pub recent: Vec<RecentTokenRow>,
    /// How many of all its tokens are live.
    pub live_tokens: LiveCount,
    /// Refused requests, the newest first.
    pub refusals: Vec<RefusalRow>,
}

/// How many tokens of a client are live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveCount {
    /// So many: the recent tokens are all that it had.
    Exactly(i64),
    /// So many at most: those that were issued and have not expired.
    AtMost(i64),
}

impl LiveCount {
    /// What the recent tokens and the number of those that have not expired tell.
    #[must_use]
    pub fn of(recent: &[RecentTokenRow], at_most: i64) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        if recent.len() < RECENT_TOKENS.into() && at_most <= count(recent.len()) {
            let live = recent.iter().filter(|row| row.dead.is_none());
            Self::Exactly(count(live.count()))
        } else {
            Self::AtMost(at_most)
        }
    }
}

/// For whom a token acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActsAs {
    /// For its client.
    Client,
    /// For a participant.
    Participant {
        /// The participant's id.
        id: ParticipantId,
        /// The nickname; none of one who is not known.
        nickname: Option<String>,
        /// Whether the participant did not sign in.
        is_impersonated: bool,
    },
}

/// A token in the list of recent ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentTokenRow {
    /// Its id.
    pub id: TokenId,
    /// For whom it acts.
    pub acts_as: ActsAs,
    /// How it was asked for.
    pub grant: TokenGrant,
    /// Its scopes, separated by spaces.
    pub scope: String,
    /// The network address of the request.
    pub address: Option<std::net::IpAddr>,
    /// When it was issued.
    pub issued_at: Time,
    /// When it expires.
    pub expires_at: Time,
    /// Why it is not live, if it is not.
    pub dead: Option<Dead>,
    /// What a form sends to revoke it.
    pub handle: String,
}

/// Refused requests of a client, with what belongs to the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalRow {
    /// The refusals.
    pub refusal: CountedRefusal,
    /// The ended secret that was shown.
    pub secret: Option<EndedSecret>,
    /// The name of the organization whose host was used.
    pub organization: Option<String>,
}

/// A secret that has ended, and that was proven to be this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedSecret {
    /// Its last four characters; none when a person chose it.
    pub hint: Option<String>,
    /// When it ended.
    pub ended_at: Option<Time>,
}

/// What a token is that somebody has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminedToken {
    /// The client that it was issued to.
    pub client_id: ClientId,
    /// The client's name.
    pub client_name: String,
    /// Its id.
    pub id: TokenId,
    /// For whom it acts.
    pub acts_as: ActsAs,
    /// Its scopes, separated by spaces.
    pub scope: String,
    /// When it was issued.
    pub issued_at: Time,
    /// When it expires.
    pub expires_at: Time,
    /// Why it is not live, if it is not.
    pub dead: Option<Dead>,
    /// What a form sends to revoke it.
    pub handle: String,
}
