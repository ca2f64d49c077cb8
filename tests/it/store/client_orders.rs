//! Lists of clients by name and by last use.

use chrono::TimeDelta;
use claviger::domain::client::{ClientFilter, ClientOrder, ClientPlace, StatusFilter};
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::page::{Cursor, Page};
use claviger::domain::usage::SecretUse;
use claviger::store::{OrderedListing, PlacedClient, Store};

use super::{add_client, change, checked, moment, stamp};

const LENGTH: i64 = 3;

/// A page of three, with the numbers of its clients.
async fn page(store: &Store, filter: &ClientFilter, place: ClientPlace) -> Page<PlacedClient> {
    let listing = OrderedListing {
        filter,
        place,
        limit: LENGTH + 1,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    let rows = tx.list_clients_in_order(&listing).await.unwrap();
    Page::from_rows(rows, LENGTH, place.cursor, |row| {
        row.summary.client.number.0
    })
}

fn numbers(page: &Page<PlacedClient>) -> Vec<i64> {
    let rows = page.items.iter();
    rows.map(|row| row.summary.client.number.0).collect()
}

/// Every page, forwards and then back to the first, each as its numbers.
async fn walk(store: &Store, filter: &ClientFilter, order: ClientOrder) -> Vec<Vec<i64>> {
    let mut place = ClientPlace {
        order,
        ..ClientPlace::default()
    };
    let mut forwards = Vec::new();
    let mut last = loop {
        let found = page(store, filter, place).await;
        forwards.push(numbers(&found));
        let Some(after) = found.after else {
            break found;
        };
        place.cursor = Cursor::After(after);
        place.used_at = found.items.last().unwrap().used_at;
    };
    let mut backwards = vec![numbers(&last)];
    while let Some(before) = last.before {
        place.cursor = Cursor::Before(before);
        place.used_at = last.items.first().unwrap().used_at;
        last = page(store, filter, place).await;
        backwards.insert(0, numbers(&last));
    }
    assert_eq!(backwards, forwards, "{filter:?} {order:?}");
    forwards
}

/// Eight clients; every second one was used, the first of them last; the eighth is revoked.
async fn filled(store: &Store) {
    for (client, name) in (1..).zip([
        "Beta", "alpha", "Gamma", "Alpha", "delta", "Eta", "Beta", "Zeta",
    ]) {
        add_client(store, &format!("id_{client}"), &checked(name)).await;
    }
    let (mut tx, version) = change(store).await;
    let stamp = stamp("shell:tester", moment(), version);
    tx.revoke_client(ClientNumber(8), &stamp).await.unwrap();
    let uses: Vec<SecretUse> = [2, 4, 6, 8]
        .map(|client| SecretUse {
            client: ClientNumber(client),
            secret: SecretNumber(client),
            used_at: moment() - TimeDelta::minutes(client),
            network: None,
        })
        .into();
    tx.advance_secret_uses(&uses).await.unwrap();
    tx.commit().await.unwrap();
}

on_both!(names_come_in_their_order, async |database| {
    let store = &database.store;
    filled(store).await;
    let all = walk(store, &ClientFilter::default(), ClientOrder::Name).await;
    assert_eq!(all, [vec![2, 4, 1], vec![7, 5, 6], vec![3]]);
    for (search, found) in [
        ("beta", vec![vec![1, 7]]),
        ("alpha", vec![vec![2, 4]]),
        ("x", vec![vec![]]),
    ] {
        let filter = ClientFilter {
            search: search.to_owned(),
            ..ClientFilter::default()
        };
        assert_eq!(walk(store, &filter, ClientOrder::Name).await, found);
    }
    let revoked = ClientFilter {
        status: StatusFilter::Revoked,
        ..ClientFilter::default()
    };
    assert_eq!(walk(store, &revoked, ClientOrder::Name).await, [[8]]);
});

on_both!(
    the_most_recently_used_come_first_and_the_never_used_last,
    async |database| {
        let store = &database.store;
        filled(store).await;
        let all = walk(store, &ClientFilter::default(), ClientOrder::Used).await;
        assert_eq!(all, [vec![2, 4, 6], vec![7, 5, 3], vec![1]]);
        // Few clients are sorted, and come out in the same order.
        let searched = ClientFilter {
            search: "id_".to_owned(),
            ..ClientFilter::default()
        };
        assert_eq!(walk(store, &searched, ClientOrder::Used).await, all);
        let revoked = ClientFilter {
            status: StatusFilter::Revoked,
            ..ClientFilter::default()
        };
        assert_eq!(walk(store, &revoked, ClientOrder::Used).await, [[8]]);
    }
);

on_both!(
    a_use_moves_a_client_to_the_front_and_never_back,
    async |database| {
        let store = &database.store;
        filled(store).await;
        let (mut tx, _) = change(store).await;
        let used = |client, secret, minutes| SecretUse {
            client: ClientNumber(client),
            secret: SecretNumber(secret),
            used_at: moment() - TimeDelta::minutes(minutes),
            network: None,
        };
        // Two secrets of one client at once, and an older use of another.
        let newest = [used(3, 30, 9), used(3, 31, 0), used(4, 4, 60)];
        tx.advance_secret_uses(&newest).await.unwrap();
        tx.commit().await.unwrap();
        let all = walk(store, &ClientFilter::default(), ClientOrder::Used).await;
        assert_eq!(all, [vec![3, 2, 4], vec![6, 7, 5], vec![1]]);
    }
);
