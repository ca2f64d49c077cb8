//! Counts, last uses and recent tokens, written many rows at a time.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::token::TokenId;
use claviger::domain::usage::{Counts, RecentToken, SecretUse, day_of, hour_of};
use claviger::store::{Tx, UsageDay};

use super::{moment, tick};

fn counts(issued: i64, introspected: i64, refused: i64) -> Counts {
    Counts {
        issued,
        introspected,
        refused,
    }
}

fn token(byte: u8, issued_at: Time) -> RecentToken {
    RecentToken {
        id: TokenId([byte; 24]),
        issued_at,
        expires_at: issued_at + TimeDelta::hours(2),
        address: Some("192.0.2.7".parse().unwrap()),
    }
}

/// Adds to the counts of one hour.
async fn add(tx: &mut Tx, hour: i64, clients: &[(i64, Counts)]) {
    let hours = BTreeMap::from([(hour, clients.to_vec())]);
    tx.add_usage(&hours).await.unwrap();
}

async fn days(tx: &mut Tx, clients: &[i64], now: Time) -> Vec<(i64, i64, i64)> {
    let mut rows = tx.list_usage_days(clients, now).await.unwrap();
    rows.sort();
    let ago = |row: UsageDay| (day_of(now) - row.day, row.client, row.requests);
    rows.into_iter().map(ago).collect()
}

on_both!(counts_add_up_by_hour_and_by_day, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let hour = hour_of(moment());
    add(&mut tx, hour, &[(1, counts(1, 2, 3)), (2, counts(0, 0, 1))]).await;
    add(&mut tx, hour, &[(1, counts(10, 20, 30))]).await;
    // Two hours of the same day in one go.
    let more = vec![(1, counts(4, 0, 0)), (2, counts(0, 0, 1))];
    let hours = BTreeMap::from([(hour - 1, more.clone()), (hour - 2, more)]);
    tx.add_usage(&hours).await.unwrap();
    assert_eq!(
        days(&mut tx, &[1, 2, 3], moment()).await,
        [(0, 1, 74), (0, 2, 3)]
    );
    tx.commit().await.unwrap();
    let row = format!(
        "usage_hourly WHERE client = 1 AND hour = {hour} AND issued = 11 AND introspected = 22 AND refused = 33"
    );
    assert_eq!(database.count(&row).await, 1);
    assert_eq!(database.count("usage_hourly").await, 6);
});

on_both!(
    more_rows_than_a_statement_takes_are_all_written,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let clients: Vec<i64> = (1..=117).collect();
        let all: Vec<(i64, Counts)> = clients
            .iter()
            .map(|client| (*client, counts(*client, 0, 0)))
            .collect();
        let uses: Vec<SecretUse> = clients
            .iter()
            .map(|client| SecretUse {
                client: *client,
                secret: client * 10,
                used_at: moment() + tick() * i32::try_from(*client).unwrap(),
            })
            .collect();
        let tokens: Vec<(i64, RecentToken)> = clients
            .iter()
            .map(|client| (*client, token(u8::try_from(*client).unwrap(), moment())))
            .collect();
        add(&mut tx, hour_of(moment()), &all).await;
        tx.advance_secret_uses(&uses).await.unwrap();
        tx.insert_recent_tokens(&tokens).await.unwrap();
        let each: Vec<(i64, i64, i64)> =
            clients.iter().map(|client| (0, *client, *client)).collect();
        assert_eq!(days(&mut tx, &clients, moment()).await, each);
        let mut found = tx.list_secret_uses(&clients).await.unwrap();
        found.sort_by_key(|one| one.client);
        assert_eq!(found, uses);
        for (client, token) in tokens {
            let found = tx.list_recent_tokens(client, moment(), 9).await.unwrap();
            assert_eq!(found, [token]);
        }
    }
);

on_both!(nothing_is_written_for_nobody, async |database| {
    let mut tx = database.store.write().await.unwrap();
    add(&mut tx, hour_of(moment()), &[]).await;
    tx.advance_secret_uses(&[]).await.unwrap();
    tx.insert_recent_tokens(&[]).await.unwrap();
    assert_eq!(tx.list_usage_days(&[], moment()).await.unwrap(), []);
    assert_eq!(tx.list_secret_uses(&[]).await.unwrap(), []);
});

on_both!(fourteen_days_are_shown_today_included, async |database| {
    let mut tx = database.store.write().await.unwrap();
    for ago in [0, 13, 14] {
        let hour = hour_of(moment() - TimeDelta::days(ago));
        add(&mut tx, hour, &[(7, counts(ago + 1, 0, 0))]).await;
    }
    let tomorrow = hour_of(moment() + TimeDelta::days(1));
    add(&mut tx, tomorrow, &[(7, counts(9, 0, 0))]).await;
    assert_eq!(
        days(&mut tx, &[7], moment()).await,
        [(13, 7, 14), (0, 7, 1)]
    );
});

on_both!(a_last_use_never_moves_back, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let used = |secret, used_at| SecretUse {
        client: 1,
        secret,
        used_at,
    };
    let (early, late) = (moment(), moment() + tick());
    for (first, then) in [(early, late), (late, early)] {
        tx.advance_secret_uses(&[used(5, first), used(6, early)])
            .await
            .unwrap();
        tx.advance_secret_uses(&[used(5, then)]).await.unwrap();
        let mut found = tx.list_secret_uses(&[1, 2]).await.unwrap();
        found.sort_by_key(|one| one.secret);
        assert_eq!(found, [used(5, late), used(6, early)]);
    }
});

on_both!(the_newest_tokens_are_kept, async |database| {
    let mut tx = database.store.write().await.unwrap();
    // The second and the third are of the same moment, so their names decide.
    let ages = [(4, 0), (3, 1), (2, 1), (1, 2)];
    let mine = ages.map(|(byte, age)| token(byte, moment() - tick() * age));
    let mut tokens: Vec<(i64, RecentToken)> = mine.iter().map(|token| (1, *token)).collect();
    tokens.push((2, token(9, moment() - tick() * 9)));
    tx.insert_recent_tokens(&tokens).await.unwrap();
    tx.insert_recent_tokens(&tokens[..2]).await.unwrap();
    assert_eq!(tx.list_recent_tokens(1, moment(), 9).await.unwrap(), mine);
    assert_eq!(
        tx.list_recent_tokens(1, moment(), 3).await.unwrap(),
        mine[..3]
    );
    for (kept, left) in [(5, 4), (4, 4), (3, 3), (2, 2)] {
        tx.delete_older_recent_tokens(1, kept).await.unwrap();
        assert_eq!(
            tx.list_recent_tokens(1, moment(), 9).await.unwrap(),
            mine[..left]
        );
    }
    assert_eq!(
        tx.list_recent_tokens(2, moment(), 9).await.unwrap().len(),
        1
    );
});

on_both!(
    tokens_that_ended_are_neither_listed_nor_kept,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let ended = RecentToken {
            expires_at: moment(),
            address: None,
            ..token(1, moment() - TimeDelta::hours(2))
        };
        let live = RecentToken {
            expires_at: moment() + tick(),
            ..ended
        };
        tx.insert_recent_tokens(&[(1, ended), (2, live)])
            .await
            .unwrap();
        assert_eq!(tx.list_recent_tokens(1, moment(), 9).await.unwrap(), []);
        assert_eq!(tx.list_recent_tokens(2, moment(), 9).await.unwrap(), [live]);
        for count in [1, 0] {
            let swept = tx.delete_ended_recent_tokens(1..=2, moment()).await;
            assert_eq!(swept.unwrap(), count);
        }
        assert_eq!(tx.list_recent_tokens(2, moment(), 9).await.unwrap(), [live]);
    }
);

on_both!(
    tokens_that_ended_are_found_some_clients_at_a_time,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        // Each has so many that have ended, and so many that have not.
        let clients = [(1, 2, 0), (2, 0, 1), (5, 1, 3), (9, 0, 2), (1_000, 3, 1)];
        for (client, ended, live) in clients {
            let ages = (0..ended + live).map(|place| if place < ended { 2 } else { 1 });
            let tokens = (1..).zip(ages).map(|(byte, hours)| {
                let issued_at = moment() - TimeDelta::hours(hours);
                (client, token(byte, issued_at))
            });
            let tokens: Vec<(i64, RecentToken)> = tokens.collect();
            tx.insert_recent_tokens(&tokens).await.unwrap();
        }
        // A client is not cut in two, even when it has more than were asked for.
        let parts = [
            (0, Some((2, 2))),
            (2, Some((5, 1))),
            (5, Some((1_000, 3))),
            (1_000, None),
        ];
        for (after, expected) in parts {
            let found = tx.find_ended_recent_tokens(after, moment(), 3).await;
            assert_eq!(found.unwrap(), expected, "after {after}");
        }
        let swept = tx.delete_ended_recent_tokens(3..=5, moment()).await;
        assert_eq!(swept.unwrap(), 1);
        let swept = tx.delete_ended_recent_tokens(6..=1_000, moment()).await;
        assert_eq!(swept.unwrap(), 3);
        tx.commit().await.unwrap();
        let left = async |rows: &str| database.count(&format!("recent_tokens {rows}")).await;
        assert_eq!(left("").await, 2 + 7);
        assert_eq!(left("WHERE client = 1").await, 2, "out of the range");
        assert_eq!(left("WHERE client = 5").await, 3, "not ended");
    }
);

on_both!(old_counts_go_some_rows_at_a_time, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let today = day_of(moment());
    for hour in [
        today * 24 - 49,
        today * 24 - 48,
        today * 24 - 1,
        today * 24,
        today * 24 + 23,
    ] {
        let clients = [(1, counts(1, 0, 0)), (2, counts(1, 0, 0))];
        add(&mut tx, hour, &clients).await;
    }
    // Six rows of three hours, and six of three days.
    for rows in [4 + 4, 2 + 2, 0] {
        assert_eq!(tx.delete_usage_before(today, 4).await.unwrap(), rows);
    }
    tx.commit().await.unwrap();
    for (table, rows) in [("usage_hourly", 4), ("usage_daily", 2)] {
        assert_eq!(database.count(table).await, rows, "{table}");
    }
});

on_both!(the_oldest_counts_go_first, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let today = day_of(moment());
    for day in [today - 1, today - 3, today - 2] {
        add(&mut tx, day * 24, &[(1, counts(1, 0, 0))]).await;
    }
    assert_eq!(tx.delete_usage_before(today, 1).await.unwrap(), 2);
    assert_eq!(days(&mut tx, &[1], moment()).await, [(2, 1, 1), (1, 1, 1)]);
    tx.commit().await.unwrap();
    let oldest = format!("usage_hourly WHERE hour = {}", (today - 3) * 24);
    assert_eq!(database.count(&oldest).await, 0);
});
