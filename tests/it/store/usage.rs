//! Counts, last uses and recent tokens, written many rows at a time.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::token::TokenId;
use claviger::domain::usage::{Counts, HourCounts, RecentToken, SecretUse, day_of, hour_of};
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
    let row = |(client, counts): &(i64, Counts)| HourCounts {
        hour,
        client: ClientNumber(*client),
        counts: *counts,
    };
    let rows: Vec<HourCounts> = clients.iter().map(row).collect();
    tx.add_usage(&rows).await.unwrap();
}

/// Puts tokens into the ring of one client.
async fn put(tx: &mut Tx, client: i64, tokens: &[RecentToken]) {
    let tokens = BTreeMap::from([(ClientNumber(client), tokens.to_vec())]);
    tx.put_recent_tokens(&tokens).await.unwrap();
}

async fn days(tx: &mut Tx, clients: &[i64], now: Time) -> Vec<(i64, i64, i64)> {
    let clients: Vec<ClientNumber> = clients.iter().copied().map(ClientNumber).collect();
    let mut rows = tx.list_usage_days(&clients, now).await.unwrap();
    rows.sort();
    let ago = |row: UsageDay| (day_of(now) - row.day, row.client.0, row.requests);
    rows.into_iter().map(ago).collect()
}

on_both!(counts_add_up_by_hour_and_by_day, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let hour = hour_of(moment());
    add(&mut tx, hour, &[(1, counts(1, 2, 3)), (2, counts(0, 0, 1))]).await;
    add(&mut tx, hour, &[(1, counts(10, 20, 30))]).await;
    // Two hours of the same day in one statement.
    let more = [(1, counts(4, 0, 0)), (2, counts(0, 0, 1))];
    let rows = [hour - 2, hour - 1].into_iter().flat_map(|hour| {
        more.map(|(client, counts)| HourCounts {
            hour,
            client: ClientNumber(client),
            counts,
        })
    });
    tx.add_usage(&rows.collect::<Vec<_>>()).await.unwrap();
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
                client: ClientNumber(*client),
                secret: SecretNumber(client * 10),
                used_at: moment() + tick() * i32::try_from(*client).unwrap(),
                network: (client % 2 == 0).then(|| "192.0.2.0/24".to_owned()),
            })
            .collect();
        let tokens: BTreeMap<ClientNumber, Vec<RecentToken>> = clients
            .iter()
            .map(|client| {
                let token = token(u8::try_from(*client).unwrap(), moment());
                (ClientNumber(*client), vec![token])
            })
            .collect();
        add(&mut tx, hour_of(moment()), &all).await;
        tx.advance_secret_uses(&uses).await.unwrap();
        tx.put_recent_tokens(&tokens).await.unwrap();
        let each: Vec<(i64, i64, i64)> =
            clients.iter().map(|client| (0, *client, *client)).collect();
        assert_eq!(days(&mut tx, &clients, moment()).await, each);
        let mut found = tx
            .list_secret_uses(&tokens.keys().copied().collect::<Vec<_>>())
            .await
            .unwrap();
        found.sort_by_key(|one| one.client);
        assert_eq!(found, uses);
        for (client, tokens) in tokens {
            let found = tx.list_recent_tokens(client, moment()).await.unwrap();
            assert_eq!(found, tokens);
        }
    }
);

on_both!(nothing_is_written_for_nobody, async |database| {
    let mut tx = database.store.write().await.unwrap();
    add(&mut tx, hour_of(moment()), &[]).await;
    tx.advance_secret_uses(&[]).await.unwrap();
    tx.put_recent_tokens(&BTreeMap::new()).await.unwrap();
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
        client: ClientNumber(1),
        secret: SecretNumber(secret),
        used_at,
        network: Some(format!("of {used_at}")),
    };
    let (early, late) = (moment(), moment() + tick());
    for (first, then) in [(early, late), (late, early)] {
        tx.advance_secret_uses(&[used(5, first), used(6, early)])
            .await
            .unwrap();
        tx.advance_secret_uses(&[used(5, then)]).await.unwrap();
        let mut found = tx
            .list_secret_uses(&[ClientNumber(1), ClientNumber(2)])
            .await
            .unwrap();
        found.sort_by_key(|one| one.secret);
        assert_eq!(found, [used(5, late), used(6, early)]);
    }
});

on_both!(
    the_last_fifty_tokens_of_a_client_are_kept,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let all: Vec<RecentToken> = (0..=200)
            .map(|number| token(number, moment() + tick() * i32::from(number)))
            .collect();
        put(&mut tx, 2, &all[..1]).await;
        // Also when more come at once than are kept, or fewer than are kept come again and again.
        let mut count = 0;
        for more in [1, 49, 1, 7, 51, 2, 50, 40] {
            put(&mut tx, 1, &all[count..count + more]).await;
            count += more;
            let mut last = all[count.saturating_sub(50)..count].to_vec();
            last.reverse();
            assert_eq!(
                tx.list_recent_tokens(ClientNumber(1), moment())
                    .await
                    .unwrap(),
                last
            );
        }
        let other = tx
            .list_recent_tokens(ClientNumber(2), moment())
            .await
            .unwrap();
        assert_eq!(other, all[..1]);
        tx.commit().await.unwrap();
        assert_eq!(database.count("recent_tokens").await, 51);
    }
);

on_both!(
    recent_tokens_are_listed_the_newest_first,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        // The second and the third are of the same moment, so their ids decide.
        let ages = [(4, 0), (3, 1), (2, 1), (1, 2)];
        let [first, second, third, fourth] =
            ages.map(|(byte, age)| token(byte, moment() - tick() * age));
        put(&mut tx, 1, &[third, first]).await;
        put(&mut tx, 1, &[fourth, second]).await;
        let found = tx
            .list_recent_tokens(ClientNumber(1), moment())
            .await
            .unwrap();
        assert_eq!(found, [first, second, third, fourth]);
    }
);

on_both!(tokens_that_ended_are_not_listed, async |database| {
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
    put(&mut tx, 1, &[ended, live]).await;
    let found = tx
        .list_recent_tokens(ClientNumber(1), moment())
        .await
        .unwrap();
    assert_eq!(found, [live]);
});

on_both!(
    two_nodes_that_write_at_once_share_a_ring,
    async |database| {
        let write = async |byte: u8| {
            for age in 0..20 {
                let mut tx = database.store.write().await.unwrap();
                put(&mut tx, 1, &[token(byte + age, moment())]).await;
                tx.commit().await.unwrap();
            }
        };
        tokio::join!(write(0), write(100));
        assert_eq!(database.count("recent_tokens").await, 40);
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
