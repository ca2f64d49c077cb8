//! The counts of all clients by hour, and when each was last used.

use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::usage::{Counts, HourCounts, SecretUse, day_of, hour_of};
use claviger::store::{Tx, UsageTotal};

use super::{moment, tick};

fn counts(issued: i64, introspected: i64, refused: i64) -> Counts {
    Counts {
        issued,
        introspected,
        refused,
    }
}

on_both!(the_counts_of_all_clients_add_up_by_hour, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let hour = hour_of(moment());
    let row = |hour, client, counts| HourCounts {
        hour,
        client: ClientNumber(client),
        counts,
        live_until: hour,
    };
    tx.add_usage_totals(&[]).await.unwrap();
    tx.add_usage_totals(&[
        row(hour - 1, 1, counts(1, 1, 1)),
        row(hour, 1, counts(1, 2, 3)),
        row(hour, 2, counts(10, 20, 30)),
    ])
    .await
    .unwrap();
    tx.add_usage_totals(&[row(hour, 3, counts(100, 0, 0))])
        .await
        .unwrap();
    let found = async |tx: &mut Tx, hours, span| {
        let rows = tx.list_usage_totals(hours, span).await.unwrap();
        let row = |row: &UsageTotal| (row.span, row.counts);
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let all = hour - 50..hour + 1;
    assert_eq!(
        found(&mut tx, all.clone(), 1).await,
        [(hour - 1, counts(1, 1, 1)), (hour, counts(111, 22, 33))]
    );
    assert_eq!(
        found(&mut tx, hour - 50..hour, 1).await,
        [(hour - 1, counts(1, 1, 1))]
    );
    // Both hours are of one day.
    assert_eq!(
        found(&mut tx, all, 24).await,
        [(day_of(moment()), counts(112, 23, 34))]
    );
    let today = day_of(moment());
    assert_eq!(tx.delete_usage_before(today + 1, 1).await.unwrap(), 1);
    assert_eq!(tx.delete_usage_before(today + 1, 1).await.unwrap(), 1);
    assert_eq!(tx.delete_usage_before(today + 1, 1).await.unwrap(), 0);
});

on_both!(
    a_client_was_used_when_one_of_its_secrets_was,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let used = |secret, ticks: i32| SecretUse {
            client: ClientNumber(1),
            secret: SecretNumber(secret),
            used_at: moment() + tick() * ticks,
            network: None,
        };
        tx.advance_secret_uses(&[used(5, 7), used(6, 2)])
            .await
            .unwrap();
        tx.advance_secret_uses(&[used(6, 3)]).await.unwrap();
        tx.commit().await.unwrap();
        let last = (moment() + tick() * 7).timestamp_micros();
        let row = format!("client_uses WHERE client = 1 AND used_at = {last}");
        assert_eq!(database.count(&row).await, 1);
        assert_eq!(database.count("client_uses").await, 1);
    }
);
