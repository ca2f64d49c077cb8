//! Counts and last uses, written many rows at a time.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::usage::{Counts, HourCounts, SecretUse, day_of, hour_of};
use claviger::store::{Tx, UsageDay};

use super::{moment, tick};

fn counts(issued: i64, introspected: i64, refused: i64) -> Counts {
    Counts {
        issued,
        introspected,
        refused,
    }
}

/// Adds to the counts of one hour.
async fn add(tx: &mut Tx, hour: i64, clients: &[(i64, Counts)]) {
    let row = |(client, counts): &(i64, Counts)| HourCounts {
        hour,
        client: ClientNumber(*client),
        counts: *counts,
        live_until: hour,
    };
    let rows: Vec<HourCounts> = clients.iter().map(row).collect();
    tx.add_usage(&rows).await.unwrap();
}

async fn days(tx: &mut Tx, clients: &[i64], now: Time) -> Vec<(i64, i64, i64)> {
    let clients: Vec<ClientNumber> = clients.iter().copied().map(ClientNumber).collect();
    let listed = tx.list_client_uses(&[], &clients, now).await.unwrap();
    assert_eq!(listed.secrets, []);
    let mut rows = listed.days;
    rows.sort();
    let ago = |row: UsageDay| (day_of(now) - row.day, row.client.0, row.requests);
    rows.into_iter().map(ago).collect()
}

async fn secret_uses(tx: &mut Tx, clients: &[ClientNumber]) -> Vec<SecretUse> {
    let listed = tx.list_client_uses(clients, &[], moment()).await.unwrap();
    assert_eq!(listed.days, []);
    listed.secrets
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
            live_until: hour,
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
    two_nodes_may_count_a_client_first_at_once,
    async |database| {
        let hour = hour_of(moment());
        let mut one = database.store.write().await.unwrap();
        add(
            &mut one,
            hour,
            &[(1, counts(1, 0, 0)), (2, counts(1, 0, 0))],
        )
        .await;
        let other = async {
            let mut tx = database.store.write().await.unwrap();
            add(
                &mut tx,
                hour,
                &[(1, counts(0, 10, 0)), (3, counts(0, 10, 0))],
            )
            .await;
            tx.commit().await.unwrap();
        };
        let one = async {
            // Time for the other one to come as far as it can.
            tokio::time::sleep(Duration::from_millis(200)).await;
            one.commit().await.unwrap();
        };
        tokio::join!(other, one);
        let mut tx = database.store.read().await.unwrap();
        assert_eq!(
            days(&mut tx, &[1, 2, 3], moment()).await,
            [(0, 1, 11), (0, 2, 1), (0, 3, 10)]
        );
    }
);

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
        add(&mut tx, hour_of(moment()), &all).await;
        tx.advance_secret_uses(&uses).await.unwrap();
        let each: Vec<(i64, i64, i64)> =
            clients.iter().map(|client| (0, *client, *client)).collect();
        assert_eq!(days(&mut tx, &clients, moment()).await, each);
        let numbers: Vec<ClientNumber> = clients.into_iter().map(ClientNumber).collect();
        assert_eq!(secret_uses(&mut tx, &numbers).await, uses);
        let listed = tx.list_client_uses(&numbers, &numbers, moment()).await;
        let listed = listed.unwrap();
        assert_eq!((listed.secrets.len(), listed.days.len()), (117, 117));
    }
);

on_both!(hours_and_days_are_written_apart, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let hour = hour_of(moment());
    let row = HourCounts {
        hour,
        client: ClientNumber(1),
        counts: counts(1, 2, 3),
        live_until: hour,
    };
    tx.add_usage_hours(&[row]).await.unwrap();
    assert_eq!(days(&mut tx, &[1], moment()).await, []);
    let earlier = HourCounts {
        hour: hour - 1,
        ..row
    };
    tx.add_usage_days(&[earlier, row]).await.unwrap();
    assert_eq!(days(&mut tx, &[1], moment()).await, [(0, 1, 12)]);
    let read = tx.list_usage_hours(ClientNumber(1), hour - 2..=hour).await;
    assert_eq!(read.unwrap(), [row]);
});

on_both!(nothing_is_written_for_nobody, async |database| {
    let mut tx = database.store.write().await.unwrap();
    add(&mut tx, hour_of(moment()), &[]).await;
    tx.advance_secret_uses(&[]).await.unwrap();
    tx.rank_usage_days(&[]).await.unwrap();
    assert_eq!(days(&mut tx, &[], moment()).await, []);
    assert_eq!(secret_uses(&mut tx, &[]).await, []);
});

on_both!(
    the_busiest_are_those_when_their_place_was_found_last,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let hour = hour_of(moment());
        let busiest = async |tx: &mut Tx| {
            let found = tx.list_busiest_clients(moment(), 8).await.unwrap();
            found.iter().map(|number| number.0).collect::<Vec<_>>()
        };
        // More than are added up of each day.
        for client in 1..=9 {
            add(&mut tx, hour, &[(client, counts(10 + client, 0, 0))]).await;
        }
        assert_eq!(busiest(&mut tx).await, [9, 8, 7, 6, 5, 4, 3, 2]);
        add(&mut tx, hour, &[(1, counts(100, 0, 0))]).await;
        assert_eq!(busiest(&mut tx).await, [9, 8, 7, 6, 5, 4, 3, 2]);
        let day = day_of(moment());
        tx.rank_usage_days(&[(day, ClientNumber(1))]).await.unwrap();
        assert_eq!(busiest(&mut tx).await, [1, 9, 8, 7, 6, 5, 4, 3]);
        assert_eq!(days(&mut tx, &[1], moment()).await, [(0, 1, 111)]);
    }
);

on_both!(the_hours_of_one_client_are_read, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let hour = hour_of(moment());
    for ago in [0, 1, 719, 720] {
        let clients = [(7, counts(ago + 1, 2, 3)), (8, counts(9, 9, 9))];
        add(&mut tx, hour - ago, &clients).await;
    }
    let client = ClientNumber(7);
    let mut found = tx
        .list_usage_hours(client, hour - 719..=hour)
        .await
        .unwrap();
    found.sort_by_key(|row| -row.hour);
    let expected = [0, 1, 719].map(|ago| HourCounts {
        hour: hour - ago,
        client,
        counts: counts(ago + 1, 2, 3),
        live_until: hour - ago,
    });
    assert_eq!(found, expected);
    let none = tx.list_usage_hours(ClientNumber(9), hour - 5..=hour);
    assert_eq!(none.await.unwrap(), []);
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
        let found = secret_uses(&mut tx, &[ClientNumber(1), ClientNumber(2)]).await;
        assert_eq!(found, [used(5, late), used(6, early)]);
    }
});

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
