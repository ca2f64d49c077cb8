//! Every status: which clients it lists, and how many they are.

use chrono::TimeDelta;
use claviger::domain::client::{CheckedClient, ClientState, StatusCounts, StatusFilter};
use claviger::domain::count::{COUNT_BOUND, Count};
use claviger::domain::page::Cursor;
use claviger::store::Store;

use super::client_filters::{ids, list, with_status};
use super::organization_lists::by_name;
use super::{add_client, add_organization, change, checked, fill, filled, moment, tick};

async fn counts(store: &Store) -> StatusCounts {
    let mut tx = store.read().await.unwrap();
    tx.count_clients(moment()).await.unwrap()
}

/// A client for each way to be suspended, revoked and ended, around every border.
async fn add_every_state(store: &Store) {
    let month = TimeDelta::days(30);
    let some = |end: TimeDelta| Some(moment() + end);
    let ends = [
        None,
        some(-tick()),
        some(TimeDelta::zero()),
        some(tick()),
        some(month - tick()),
        some(month),
    ];
    for (place, expires_at) in ends.into_iter().enumerate() {
        for (suspended, revoked) in [(false, false), (true, false), (false, true), (true, true)] {
            let new = CheckedClient {
                expires_at,
                ..checked("Name")
            };
            let number =
                add_client(store, &format!("id_{place}_{suspended}_{revoked}"), &new).await;
            let (mut tx, version) = change(store).await;
            if suspended {
                tx.update_client_suspension(number, Some(moment()), version)
                    .await
                    .unwrap();
            }
            if revoked {
                let stamp = super::stamp("shell:tester", moment(), version);
                tx.revoke_client(number, &stamp).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
    }
}

/// Whether a client in a state belongs under a status.
fn belongs(status: StatusFilter, state: ClientState) -> bool {
    match status {
        StatusFilter::All => state != ClientState::Revoked,
        StatusFilter::Active => matches!(state, ClientState::Active | ClientState::Expiring { .. }),
        StatusFilter::Expiring => matches!(state, ClientState::Expiring { .. }),
        StatusFilter::Expired => state == ClientState::Expired,
        StatusFilter::Suspended => state == ClientState::Suspended,
        StatusFilter::Revoked => state == ClientState::Revoked,
    }
}

on_both!(
    every_status_lists_what_the_clients_say_of_themselves,
    async |database| {
        let store = &database.store;
        add_every_state(store).await;
        let mut everyone = list(store, &with_status(StatusFilter::All)).await;
        everyone.extend(list(store, &with_status(StatusFilter::Revoked)).await);
        everyone.sort_by_key(|row| -row.client.number.0);
        assert_eq!(everyone.len(), 24);
        for status in StatusFilter::EVERY {
            let wanted = everyone
                .iter()
                .filter(|row| belongs(status, row.client.lifecycle.state(moment())));
            let wanted: Vec<String> = wanted.map(|row| row.client.id.to_string()).collect();
            assert!(!wanted.is_empty(), "{status:?}");
            assert_eq!(ids(store, &with_status(status)).await, wanted, "{status:?}");
        }
    }
);

on_both!(every_status_is_counted, async |database| {
    let store = &database.store;
    add_every_state(store).await;
    let all = StatusCounts {
        all: Count::exactly(12),
        active: Count::exactly(4),
        expiring: Count::exactly(2),
        expired: Count::exactly(2),
        suspended: Count::exactly(6),
        revoked: Count::exactly(12),
    };
    assert_eq!(counts(store).await, all);
});

on_both!(the_next_status_change_is_found, async |database| {
    let store = &database.store;
    let next = async |now| {
        let mut tx = store.read().await.unwrap();
        tx.find_next_status_change(now).await.unwrap()
    };
    assert_eq!(next(moment()).await, None);
    add_every_state(store).await;
    let month = TimeDelta::days(30);
    assert_eq!(next(moment() - month).await, Some(moment() - month));
    assert_eq!(next(moment() - tick()).await, Some(moment() - tick()));
    assert_eq!(next(moment()).await, Some(moment()));
    assert_eq!(
        next(moment() + tick()).await,
        Some(moment() + month - tick())
    );
    assert_eq!(next(moment() + month).await, None);
});

on_both!(counts_end_at_a_bound, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let ends = Some(moment() + TimeDelta::days(1));
    let mut clients = Vec::new();
    for number in 1..=COUNT_BOUND {
        let mut client = filled(number, "Reader");
        client.organization_id = Some(porto);
        client.expires_at = ends;
        clients.push(client);
    }
    fill(store, &clients).await;
    let found = counts(store).await;
    let all = Count::exactly(COUNT_BOUND);
    assert_eq!((found.all, found.active, found.expiring), (all, all, all));
    assert_eq!(found.expired, Count::exactly(0));

    let mut late = filled(COUNT_BOUND + 1, "Reader");
    late.revoked_at = Some(moment());
    let mut more = filled(COUNT_BOUND + 2, "Writer");
    more.organization_id = Some(porto);
    more.expires_at = ends;
    fill(store, &[late, more]).await;
    let found = counts(store).await;
    let many = Count::at_least(COUNT_BOUND);
    assert_eq!(
        (found.all, found.active, found.expiring),
        (many, many, many)
    );
    assert_eq!(
        (found.revoked, found.expired),
        (Count::exactly(1), Count::exactly(0))
    );
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_live_clients().await.unwrap(), many);
    let listing = by_name("", Cursor::First);
    let summaries = tx.list_organization_summaries(&listing).await.unwrap();
    assert_eq!(summaries[0].active_clients, many);
});
