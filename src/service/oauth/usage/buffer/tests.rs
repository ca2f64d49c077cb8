//! What the buffer takes, writes and drops.

use chrono::DateTime;

use super::*;
use crate::domain::Time;
use crate::domain::refusal::{CountedRefusal, RefusedFor};
use crate::domain::usage::RecentToken;
use crate::service::oauth::usage::RequestKind;
use crate::service::oauth::usage::buffered_tokens::tests::token;

const SEVEN: ClientNumber = ClientNumber(7);
const ONE: SecretNumber = SecretNumber(1);

fn at(second: i64) -> Time {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn seen(second: i64) -> SeenUse {
    SeenUse {
        at: at(second),
        network: 7,
    }
}

fn issued(issued: i64) -> CountedHour {
    let counts = Counts {
        issued,
        ..Counts::default()
    };
    CountedHour {
        counts,
        // In the first hour of 1970, valid for two.
        live_until: 2,
    }
}

#[test]
fn taken_counters_are_dropped_and_the_newest_tokens_are_buffered() {
    let mut buffer = UsageBuffer::default();
    let counters = |client| {
        let secrets = std::iter::once(SecretNumber(client));
        Arc::new(ClientCounters::new(
            ClientNumber(client),
            Some(OrganizationId(client % 100)),
            secrets,
        ))
    };
    let clients: Vec<Arc<ClientCounters>> = (1..=12_000).map(counters).collect();
    for second in [100, 200, 300] {
        for (client, counters) in (1..).zip(&clients) {
            counters.used(SecretNumber(client), seen(second));
            for issued_at in [second - 1, second] {
                counters.count(RequestKind::Issued, at(second));
                counters.issued(token(issued_at), 50);
            }
        }
        buffer.gather(clients.clone(), at(0));
        let mut counters = clients.iter();
        assert!(counters.all(|counters| Arc::strong_count(counters) == 1));
        let tokens = buffer.tokens.first_part();
        assert!(!tokens.is_empty());
        let mut tokens = tokens.values().flatten();
        assert!(tokens.all(|token| token.issued_at == at(second)));
    }
    assert_eq!((buffer.counts.len(), buffer.uses.len()), (12_000, 12_000));
    assert!(buffer.counts.values().all(|counts| *counts == issued(6)));
    assert!(buffer.uses.values().all(|last| *last == seen(300)));
    assert_eq!(buffer.dropped, 0);
    let organizations = (0..100).map(OrganizationId);
    let requests = organizations.clone().map(|id| ((0, id), 120 * 6));
    assert_eq!(buffer.organization_requests, requests.collect());
    let uses = organizations.map(|id| (id, at(300)));
    assert_eq!(buffer.organization_uses, uses.collect());
}

#[test]
fn a_grant_for_participants_has_one_last_use_and_refusals_add_up() {
    let mut buffer = UsageBuffer::default();
    for second in [300, 100, 200] {
        let counters = ClientCounters::new(SEVEN, None, std::iter::empty());
        for grant in [TokenGrant::Login, TokenGrant::ClientCredentials] {
            let token = RecentToken {
                grant,
                ..token(second)
            };
            counters.issued(token, 50);
        }
        let network = "192.0.2.0/24".to_owned();
        let reason = RefusedFor::ScopeNotOwned;
        counters.refused(CountedRefusal::one(reason, network, at(second)));
        buffer.gather(vec![Arc::new(counters)], at(0));
    }
    let login = ((SEVEN, TokenGrant::Login), at(300));
    assert_eq!(buffer.grants, BTreeMap::from([login]));
    assert_eq!(buffer.refusals.first_part()[&SEVEN][0].count, 3);
    buffer.remove_written();
    assert!(buffer.is_empty());
}

#[test]
fn a_client_that_is_loaded_again_and_again_has_one_count_and_one_last_use() {
    let mut buffer = UsageBuffer::default();
    for second in 101..=300 {
        let counters = ClientCounters::new(SEVEN, None, [ONE, SecretNumber(2)].into_iter());
        counters.used(ONE, seen(second));
        counters.count(RequestKind::Issued, at(second));
        counters.issued(token(second), 50);
        buffer.gather(vec![Arc::new(counters)], at(0));
    }
    assert_eq!(buffer.counts, BTreeMap::from([((0, SEVEN), issued(200))]));
    assert_eq!(buffer.uses, BTreeMap::from([((SEVEN, ONE), seen(300))]));
    let mut all = BufferedTokens::default();
    all.add(SEVEN, (101..=300).map(token).collect());
    assert_eq!(buffer.tokens, all);
}

#[test]
fn counts_of_hours_wait_where_there_are_many() {
    let mut buffer = UsageBuffer::default();
    let counters = |client| {
        Arc::new(ClientCounters::new(
            ClientNumber(client),
            None,
            std::iter::empty(),
        ))
    };
    let mut flush = |clients: i64, second: i64| {
        let clients = (1..=clients).map(counters);
        let clients: Vec<_> = clients
            .inspect(|counters| counters.count(RequestKind::Issued, at(second)))
            .collect();
        buffer.gather(clients, at(second));
        let are_written = buffer.are_hours_due;
        while !buffer.has_nothing_due() {
            buffer.remove_written();
        }
        (
            are_written,
            buffer.hours.len(),
            buffer
                .hours
                .first_key_value()
                .map(|(_, counted)| counted.counts.issued),
        )
    };
    assert_eq!(flush(1_000, 100), (true, 0, None));
    assert_eq!(flush(1_000, 101), (true, 0, None));
    assert_eq!(flush(6_000, 102), (false, 6_000, Some(1)));
    assert_eq!(flush(6_000, 110), (false, 6_000, Some(2)));
    assert_eq!(flush(1, 111), (true, 0, None));
    assert_eq!(flush(6_000, 112), (false, 6_000, Some(1)));
    // The last flush, and a clock that was set back.
    assert_eq!(flush(0, 50), (true, 0, None));
    assert_eq!(flush(6_000, 55), (false, 6_000, Some(1)));
    buffer.make_hours_due(at(56));
    assert!(!buffer.has_nothing_due());
}

#[test]
fn the_place_among_the_busiest_is_found_once_a_minute() {
    let mut buffer = UsageBuffer::default();
    let counters = Arc::new(ClientCounters::new(SEVEN, None, std::iter::empty()));
    for (second, is_due) in [
        (86_400, true),
        (86_401, false),
        (86_459, false),
        (86_460, true),
    ] {
        counters.count(RequestKind::Issued, at(second));
        buffer.gather(vec![Arc::clone(&counters)], at(second));
        assert_eq!(buffer.ranks.contains(&(1, SEVEN)), is_due, "{second}");
        buffer.remove_written();
        assert!(buffer.is_empty());
    }
}

#[test]
fn a_full_buffer_drops_and_counts_the_oldest() {
    let rows = [
        (1, 1, 1),
        (1, 2, 10),
        (2, 1, 100),
        (4, 1, 1_000),
        (4, 3, 10_000),
    ];
    let rows = rows.map(|(hour, client, count)| ((hour, ClientNumber(client)), issued(count)));
    let mut buffer = UsageBuffer {
        counts: BTreeMap::from(rows),
        permissions: (1..=3)
            .map(|client| ((ClientNumber(client), "blogs.read".into()), at(1)))
            .collect(),
        ..UsageBuffer::default()
    };
    buffer.drop_oldest(5, 3);
    assert_eq!(buffer.counts.len(), 5);
    assert_eq!(buffer.dropped_permissions, 0);
    buffer.drop_oldest(4, 2);
    buffer.drop_oldest(2, 1);
    assert_eq!(buffer.counts, BTreeMap::from([rows[3], rows[4]]));
    let permission = ((ClientNumber(3), "blogs.read".into()), at(1));
    assert_eq!(buffer.permissions, BTreeMap::from([permission]));
    assert_eq!((buffer.dropped, buffer.dropped_permissions), (111, 2));
    buffer.remove_written();
    assert_eq!((buffer.dropped, buffer.dropped_permissions), (0, 0));
}

#[test]
fn a_written_part_is_removed() {
    let clients = 1..=5_001;
    let mut buffer = UsageBuffer {
        are_hours_due: true,
        hours: BTreeMap::from([((0, SEVEN), issued(1))]),
        counts: clients
            .clone()
            .map(|client| ((0, ClientNumber(client)), issued(1)))
            .collect(),
        uses: clients
            .map(|client| ((ClientNumber(client), ONE), seen(1)))
            .collect(),
        permissions: (1..=5_001)
            .map(|client| ((ClientNumber(client), "blogs.read".into()), at(1)))
            .collect(),
        ..UsageBuffer::default()
    };
    let last = vec![token(501)];
    buffer.tokens.add(SEVEN, (1..=500).map(token).collect());
    buffer.tokens.add(SEVEN, last.clone());
    buffer.remove_written();
    assert_eq!(
        buffer.counts,
        BTreeMap::from([((0, ClientNumber(5_001)), issued(1))])
    );
    assert_eq!(
        buffer.uses,
        BTreeMap::from([((ClientNumber(5_001), ONE), seen(1))])
    );
    assert_eq!(
        buffer.permissions,
        BTreeMap::from([((ClientNumber(5_001), "blogs.read".into()), at(1))])
    );
    let mut tokens = BufferedTokens::default();
    tokens.add(SEVEN, last);
    assert_eq!(buffer.tokens, tokens);
    buffer.remove_written();
    assert!(buffer.is_empty());
}

#[test]
fn the_sums_of_organizations_wait_with_the_counts_of_hours() {
    let mut buffer = UsageBuffer::default();
    buffer.live_tokens.add(None, 2, 5);
    assert!(buffer.has_nothing_due());
    buffer.remove_written();
    assert!(!buffer.live_tokens.is_empty());
    assert!(!buffer.is_empty());
    buffer.make_hours_due(at(0));
    assert!(!buffer.has_nothing_due());
    buffer.remove_written();
    assert!(buffer.is_empty() && !buffer.are_hours_due);
}

#[test]
fn of_a_client_the_newest_tokens_are_kept() {
    let counters = ClientCounters::new(SEVEN, None, std::iter::empty());
    let issue = |seconds: std::ops::RangeInclusive<i64>, most| {
        for second in seconds {
            counters.issued(token(second), most);
        }
    };
    let taken = |most| -> Vec<i64> {
        let tokens = counters.take(most, Time::UNIX_EPOCH).tokens;
        tokens
            .iter()
            .map(|token| token.issued_at.timestamp())
            .collect()
    };
    issue(1..=60, 50);
    assert_eq!(taken(50), (11..=60).collect::<Vec<_>>());
    issue(1..=5, 1);
    assert_eq!(taken(50), [5]);
    issue(1..=5, 50);
    issue(6..=7, 3);
    issue(8..=9, 0);
    assert_eq!(taken(2), [6, 7]);
    assert!(taken(2).is_empty());
}
