//! The use of the clients that pages show.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::usage::{Counts, DAYS, HourCounts, SecretUse, hour_of};
use claviger::store::{KnownUse, Tx};

use super::{moment, tick};

/// A client that is known to have been used at a moment, or never, and to have made so many requests today.
fn known(client: i64, used_at: Option<Time>, today: i64) -> KnownUse {
    KnownUse {
        client: ClientNumber(client),
        used_at: used_at.map_or(0, |at| at.timestamp_micros()),
        today,
    }
}

/// Writes a use, and how many requests there were in its hour.
async fn used(tx: &mut Tx, client: i64, used_at: Time, requests: i64) {
    let used = SecretUse {
        client: ClientNumber(client),
        secret: SecretNumber(client),
        used_at,
        network: None,
    };
    let counted = HourCounts {
        hour: hour_of(used_at),
        client: ClientNumber(client),
        counts: Counts {
            issued: requests,
            ..Counts::default()
        },
        live_until: hour_of(used_at),
    };
    tx.add_usage(&[counted]).await.unwrap();
    tx.advance_secret_uses(&[used]).await.unwrap();
}

on_both!(only_what_is_newer_is_read, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let now = moment();
    let yesterday = now - TimeDelta::days(1);
    used(&mut tx, 2, yesterday, 3).await;
    used(&mut tx, 2, now, 5).await;
    used(&mut tx, 1, now - TimeDelta::days(20), 7).await;
    used(&mut tx, 4, now, 1).await;
    let all = [known(1, None, 0), known(2, None, 0), known(3, None, 0)];
    let uses = tx.list_uses_after(&all, now).await.unwrap();
    let clients: Vec<i64> = uses.iter().map(|used| used.client.0).collect();
    assert_eq!(clients, [1, 2], "the unused and the others are left out");
    assert_eq!(uses[0].days, [0; DAYS as usize]);
    assert_eq!(
        (uses[1].used_at, uses[1].days[12..].to_vec()),
        (Some(now), vec![3, 5])
    );

    let before = now - tick();
    let newer = [known(2, Some(before), 5), known(4, Some(now), 1)];
    let uses = tx.list_uses_after(&newer, now).await.unwrap();
    let clients: Vec<i64> = uses.iter().map(|used| used.client.0).collect();
    assert_eq!(clients, [2]);
    assert!(tx.list_uses_after(&[], now).await.unwrap().is_empty());
});

on_both!(requests_without_a_newer_use_are_read, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let now = moment();
    used(&mut tx, 1, now, 2).await;
    let refused = HourCounts {
        hour: hour_of(now),
        client: ClientNumber(2),
        counts: Counts {
            refused: 4,
            ..Counts::default()
        },
        live_until: hour_of(now),
    };
    tx.add_usage(&[refused]).await.unwrap();
    let known_before = [known(1, Some(now), 1), known(2, None, 0)];
    let uses = tx.list_uses_after(&known_before, now).await.unwrap();
    let read: Vec<_> = uses
        .iter()
        .map(|used| (used.used_at, used.days[13]))
        .collect();
    assert_eq!(read, [(Some(now), 2), (None, 4)]);
    let known_now = [known(1, Some(now), 2), known(2, None, 4)];
    assert_eq!(tx.list_uses_after(&known_now, now).await.unwrap(), []);
    let tomorrow = now + TimeDelta::days(1);
    let uses = tx.list_uses_after(&known_now, tomorrow).await.unwrap();
    let moved: Vec<_> = uses.iter().map(|used| used.days[12..].to_vec()).collect();
    assert_eq!(moved, [[2, 0], [4, 0]], "the days move on at midnight");
});
