//! What the overview shows: the busiest clients, and those that need somebody.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber, Version};
use claviger::domain::secret::SecretKind;
use claviger::domain::usage::{Counts, HourCounts, PermissionUse, SecretUse, day_of};
use claviger::store::{EndingSecret, FilledClient, RefusedDay, Store, StoredSecret, Tx};

use super::permissions::grant;
use super::{fill, filled, moment, stamp, tick};

/// So many days after the moment, or before it.
fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

fn numbers(clients: &[ClientNumber]) -> Vec<i64> {
    clients.iter().map(|number| number.0).collect()
}

/// Counts a client's requests of a day, so many of them refused.
async fn count(tx: &mut Tx, days_ago: i64, client: i64, [requests, refused]: [i64; 2]) {
    let row = HourCounts {
        hour: (day_of(moment()) - days_ago) * 24,
        client: ClientNumber(client),
        counts: Counts {
            issued: requests - refused,
            introspected: 0,
            refused,
        },
        live_until: (day_of(moment()) - days_ago) * 24,
    };
    tx.add_usage(&[row]).await.unwrap();
}

/// Notes when clients were used, each with the secret of its number.
async fn used(store: &Store, uses: &[(i64, Time)]) {
    let rows: Vec<SecretUse> = uses
        .iter()
        .map(|(number, used_at)| SecretUse {
            client: ClientNumber(*number),
            secret: SecretNumber(*number),
            used_at: *used_at,
            network: None,
        })
        .collect();
    let mut tx = store.write().await.unwrap();
    tx.advance_secret_uses(&rows).await.unwrap();
    tx.commit().await.unwrap();
}

/// A live client, and one of each kind that needs nobody any more, under the numbers that follow.
fn one_of_each(number: i64) -> [FilledClient; 4] {
    let named = |offset: i64| filled(number + offset, &format!("Client {}", number + offset));
    [
        named(0),
        FilledClient {
            suspended_at: Some(moment()),
            ..named(1)
        },
        FilledClient {
            revoked_at: Some(moment()),
            ..named(2)
        },
        FilledClient {
            expires_at: Some(moment()),
            ..named(3)
        },
    ]
}

on_both!(
    the_busiest_clients_are_those_of_all_days,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        assert_eq!(tx.list_busiest_clients(moment(), 3).await.unwrap(), []);
        // The third is never the busiest of a day; the fourth was too long ago.
        for ago in [0, 13] {
            count(&mut tx, ago, 3, [60, 0]).await;
        }
        count(&mut tx, 0, 1, [100, 0]).await;
        count(&mut tx, 13, 2, [110, 0]).await;
        count(&mut tx, 14, 4, [900, 0]).await;
        count(&mut tx, 5, 5, [1, 0]).await;
        let found = tx.list_busiest_clients(moment(), 3).await.unwrap();
        assert_eq!(numbers(&found), [3, 2, 1]);
    }
);

on_both!(
    clients_that_expire_are_listed_by_their_end,
    async |database| {
        let ends = |number: i64, at: Time| FilledClient {
            expires_at: Some(at),
            ..filled(number, "Client")
        };
        let suspended = FilledClient {
            suspended_at: Some(moment()),
            ..ends(5, moment() + days(1))
        };
        let clients = [
            ends(1, moment() + days(3)),
            ends(2, moment()),
            ends(3, moment() + tick()),
            ends(4, moment() + days(14)),
            suspended,
            ends(6, moment() + days(2)),
        ];
        fill(&database.store, &clients).await;
        let mut tx = database.store.read().await.unwrap();
        let soon = moment()..moment() + days(14);
        let found = tx.list_expiring_clients(soon.clone(), 9).await.unwrap();
        assert_eq!(numbers(&found), [3, 6, 1]);
        let found = tx.list_expiring_clients(soon, 2).await.unwrap();
        assert_eq!(numbers(&found), [3, 6]);
    }
);

on_both!(clients_that_were_never_used_are_listed, async |database| {
    let made = |number: i64, ago| FilledClient {
        created_at: moment() - ago,
        ..filled(number, "Client")
    };
    let mut clients = vec![
        made(1, days(9)),
        made(2, days(8)),
        made(3, days(7)),
        made(4, days(9)),
    ];
    clients.extend(one_of_each(10).map(|client| FilledClient {
        created_at: moment() - days(10),
        ..client
    }));
    fill(&database.store, &clients).await;
    used(&database.store, &[(4, moment())]).await;
    let mut tx = database.store.read().await.unwrap();
    let before = moment() - days(7);
    let found = tx.list_never_used_clients(before, moment(), 9).await;
    assert_eq!(numbers(&found.unwrap()), [2, 1, 10]);
    let found = tx.list_never_used_clients(before, moment(), 1).await;
    assert_eq!(numbers(&found.unwrap()), [2]);
});

on_both!(clients_without_use_for_long_are_listed, async |database| {
    let clients: Vec<FilledClient> = one_of_each(1)
        .into_iter()
        .chain([filled(5, "Another"), filled(6, "The last")])
        .collect();
    fill(&database.store, &clients).await;
    let long_ago = moment() - days(91);
    let uses = [
        (1, long_ago),
        (2, long_ago),
        (3, long_ago),
        (4, long_ago),
        (5, long_ago + tick()),
        (6, moment() - days(90)),
    ];
    used(&database.store, &uses).await;
    let mut tx = database.store.read().await.unwrap();
    let before = moment() - days(90);
    let found = tx.list_unused_clients(before, moment(), 9).await;
    assert_eq!(numbers(&found.unwrap()), [5, 1]);
    let found = tx.list_unused_clients(before, moment(), 1).await;
    assert_eq!(numbers(&found.unwrap()), [5]);
});

on_both!(
    permissions_without_use_are_counted_of_clients_that_use_others,
    async |database| {
        let clients: Vec<FilledClient> = one_of_each(1)
            .into_iter()
            .chain([5, 6, 7].map(|number| filled(number, "Another")))
            .collect();
        fill(&database.store, &clients).await;
        let held = ["blogs.read", "blogs.write", "pages.read"];
        let mut exercised = Vec::new();
        for number in 1..=7 {
            grant(&database.store, ClientNumber(number), &held).await;
            used(&database.store, &[(number, moment())]).await;
            let mut exercise = |permission: &str, used_at| {
                exercised.push(PermissionUse {
                    client: ClientNumber(number),
                    permission: permission.into(),
                    used_at,
                });
            };
            let later = moment() + days(91);
            match number {
                // What it exercised is all long ago.
                6 => exercise("blogs.read", moment()),
                // It exercises all but one.
                5 => {
                    exercise("blogs.read", later);
                    exercise("blogs.write", later);
                    exercise("pages.read", moment());
                }
                7 => {}
                _ => exercise("blogs.read", later),
            }
        }
        let mut tx = database.store.write().await.unwrap();
        tx.advance_permission_uses(&exercised).await.unwrap();
        // What was granted lately or is not held any more is neither held long nor exercised.
        let late = moment() + days(91);
        let by_ada = stamp("shell:ada", late, Version(0));
        let client = ClientNumber(5);
        tx.insert_permission(client, "late.read", &by_ada)
            .await
            .unwrap();
        let more = ["late.read", "gone.read"].map(|permission| PermissionUse {
            client,
            permission: permission.into(),
            used_at: late,
        });
        tx.advance_permission_uses(&more).await.unwrap();
        let now = moment() + days(92);
        let found = tx.list_unexercised(now - days(90), now, 9).await.unwrap();
        assert_eq!(found, [(ClientNumber(1), 2), (ClientNumber(5), 1)]);
        let found = tx.list_unexercised(now - days(90), now, 1).await.unwrap();
        assert_eq!(found, [(ClientNumber(1), 2)]);
        let found = tx.list_unexercised(moment(), now, 9).await.unwrap();
        assert_eq!(found, [], "they were granted later");
    }
);

on_both!(
    many_refusals_and_a_high_share_are_listed,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        for (client, counts) in [(1, [100, 20]), (2, [101, 20]), (3, [19, 19]), (4, [50, 50])] {
            count(&mut tx, 0, client, counts).await;
        }
        count(&mut tx, 1, 5, [200, 90]).await;
        count(&mut tx, 2, 6, [200, 90]).await;
        let today = day_of(moment());
        let found = tx.list_often_refused(today, 9).await.unwrap();
        let row = |day, client, [requests, refused]: [i64; 2]| RefusedDay {
            day,
            client: ClientNumber(client),
            requests,
            refused,
        };
        let expected = [
            row(today, 4, [50, 50]),
            row(today, 1, [100, 20]),
            row(today - 1, 5, [200, 90]),
        ];
        assert_eq!(found, expected);
        assert_eq!(
            tx.list_often_refused(today, 1).await.unwrap(),
            expected[..1]
        );
    }
);

on_both!(
    secrets_that_end_are_listed_with_the_newer_one,
    async |database| {
        let store = &database.store;
        let clients: Vec<FilledClient> = (1..=4).map(|number| filled(number, "Client")).collect();
        fill(store, &clients).await;
        let secret = |number, client: i64, expires_at| StoredSecret {
            number: SecretNumber(number),
            client: ClientNumber(client),
            kind: SecretKind::Generated,
            digest: vec![1],
            sealed: None,
            hint: None,
            label: None,
            pending_grace: None,
            created_by: "shell:tester".to_owned(),
            created_at: moment() + tick() * i32::try_from(number).unwrap(),
            expires_at,
            revoked_at: None,
        };
        let end = moment() + days(1);
        let revoked = StoredSecret {
            revoked_at: Some(moment()),
            ..secret(4, 4, Some(end))
        };
        let secrets = [
            secret(1, 1, Some(end)),
            secret(2, 2, Some(end + tick())),
            secret(3, 3, Some(moment())),
            revoked,
            secret(5, 1, None),
            secret(6, 1, None),
        ];
        let mut tx = store.write().await.unwrap();
        tx.insert_secrets(&secrets).await.unwrap();
        tx.commit().await.unwrap();
        let uses: Vec<(i64, Time)> = (1..=4).map(|number| (number, moment())).collect();
        used(store, &uses).await;
        let mut tx = store.read().await.unwrap();
        let soon = moment()..moment() + days(14);
        let ending = |client, ends_at, newer_at| EndingSecret {
            client: ClientNumber(client),
            ends_at,
            used_at: moment(),
            newer_at,
        };
        assert_eq!(
            tx.list_ending_secrets(soon).await.unwrap(),
            [
                ending(1, end, Some(moment() + tick() * 6)),
                ending(2, end + tick(), None),
            ]
        );
    }
);

on_both!(clients_are_read_by_their_numbers, async |database| {
    let store = &database.store;
    fill(store, &[filled(1, "One"), filled(2, "Two")]).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.list_clients_by_number(&[]).await.unwrap(), []);
    let all = [ClientNumber(2), ClientNumber(3), ClientNumber(1)];
    let mut found: Vec<String> = tx
        .list_clients_by_number(&all)
        .await
        .unwrap()
        .into_iter()
        .map(|summary| summary.client.name)
        .collect();
    found.sort();
    assert_eq!(found, ["One", "Two"]);
});
