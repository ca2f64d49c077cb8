//! Which tokens wait, and which are written.

use chrono::DateTime;

use super::*;
use crate::domain::ids::{SecretNumber, Version};
use crate::domain::scope::ScopeSet;
use crate::domain::token::{Claims, TokenId};
use crate::domain::usage::TokenGrant;

/// A token that was issued at a second of 1970.
pub(in crate::service::oauth::usage) fn token(second: i64) -> RecentToken {
    let at = |second| DateTime::from_timestamp(second, 0).unwrap();
    RecentToken {
        id: TokenId([7; 24]),
        issued_at: at(second),
        expires_at: at(second + 7_200),
        address: None,
        grant: TokenGrant::ClientCredentials,
        claims: Claims {
            client: ClientNumber(7),
            generation: 0,
            secret: SecretNumber(1),
            organization: None,
            participant: None,
            at_host: false,
            scopes: ScopeSet::of(&[0]),
            issued_at: second,
            expires_at: second + 7_200,
            version: Version(1),
        },
    }
}

fn tokens(count: usize) -> Vec<RecentToken> {
    (1..).take(count).map(token).collect()
}

#[test]
fn the_oldest_are_written_first_and_dropped_first() {
    let mut waiting = BufferedTokens::default();
    waiting.add(ClientNumber(1), tokens(1));
    waiting.add(ClientNumber(2), tokens(MOST - 1));
    assert!(waiting.first_part().contains_key(&ClientNumber(1)));
    waiting.add(ClientNumber(3), tokens(1));
    let part = waiting.first_part();
    assert_eq!(part.keys().collect::<Vec<_>>(), [&ClientNumber(2)]);
    assert_eq!(part[&ClientNumber(2)].len(), AT_ONCE);
    let mut written = 0;
    while !waiting.is_empty() {
        written += waiting.first_part().values().map(Vec::len).sum::<usize>();
        waiting.remove_first_part();
    }
    assert_eq!(written, MOST);
}

#[test]
fn busy_clients_leave_space_for_the_tokens_of_others() {
    let mut waiting = BufferedTokens::default();
    let (busy, quiet) = (1..=20, ClientNumber(21));
    let mut of_quiet = 0;
    for _ in 0..100 {
        let share = waiting.share(21);
        for client in busy.clone() {
            waiting.add(ClientNumber(client), tokens(share));
        }
        waiting.add(quiet, tokens(1));
        of_quiet += waiting.first_part().get(&quiet).map_or(0, Vec::len);
        waiting.remove_first_part();
        // However many wait, each of so few keeps some.
        assert!((5..=RECENT_TOKENS.into()).contains(&waiting.next_share(21)));
    }
    while !waiting.is_empty() {
        of_quiet += waiting.first_part().get(&quiet).map_or(0, Vec::len);
        waiting.remove_first_part();
    }
    assert_eq!(of_quiet, 100);
}

/// How many tokens each of so many clients keeps in forty flushes together, each of which writes a thousand.
fn kept_of_each(clients: usize) -> usize {
    let mut waiting = BufferedTokens::default();
    let mut kept = 1;
    let mut flush = || {
        let taken = kept.min(waiting.share(clients));
        for client in (1..).take(clients) {
            waiting.add(ClientNumber(client), tokens(taken));
        }
        waiting.remove_first_part();
        waiting.remove_first_part();
        kept = waiting.next_share(clients);
        kept
    };
    (0..40).map(|_| flush()).sum()
}

#[test]
fn what_would_be_dropped_is_not_kept() {
    assert_eq!(kept_of_each(10), 40 * 50);
    // Forty thousand are written, and as many are kept, but for those that wait at the end.
    assert!((10..=12).contains(&kept_of_each(4_000)));
    assert!((3..=4).contains(&kept_of_each(10_000)));
    // Of more clients than there is space for, one of each all the same, once everything is written.
    assert!((3..=4).contains(&kept_of_each(15_000)));
}
