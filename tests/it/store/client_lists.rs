//! Lists of clients: pages that follow one another, and the live ones in the order of making.

use claviger::domain::client::{CheckedClient, ClientFilter};
use claviger::domain::count::Count;
use claviger::domain::ids::ClientNumber;
use claviger::domain::page::{Cursor, PAGE_SIZE, Page};
use claviger::store::{ClientListing, Store};

use super::{add_client, add_organization, change, checked, moment, stamp};

/// The numbers in a list, in its order.
async fn numbers(store: &Store, cursor: Cursor) -> Vec<i64> {
    let filter = ClientFilter::default();
    let listing = ClientListing {
        filter: &filter,
        cursor,
        limit: PAGE_SIZE + 1,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    let rows = tx.list_clients(&listing).await.unwrap();
    rows.iter().map(|row| row.client.number.0).collect()
}

async fn page(store: &Store, cursor: Cursor) -> Page<i64> {
    Page::from_rows(numbers(store, cursor).await, PAGE_SIZE, cursor, |number| {
        *number
    })
}

on_both!(pages_follow_one_another_and_lead_back, async |database| {
    let store = &database.store;
    for number in 1..=2 * PAGE_SIZE + 10 {
        add_client(store, &format!("id_{number}"), &checked("Name")).await;
    }
    let first = page(store, Cursor::First).await;
    let second = page(store, Cursor::After(first.after.unwrap())).await;
    let third = page(store, Cursor::After(second.after.unwrap())).await;
    let all = [&first.items[..], &second.items, &third.items].concat();
    let newest_first: Vec<i64> = (1..=2 * PAGE_SIZE + 10).rev().collect();
    assert_eq!(all, newest_first);
    assert_eq!((first.before, third.after), (None, None));

    let back = page(store, Cursor::Before(third.before.unwrap())).await;
    assert_eq!(back, second);
    let back = page(store, Cursor::Before(back.before.unwrap())).await;
    assert_eq!(back.items, first.items);
    assert_eq!(back.before, None);
});

on_both!(a_list_holds_one_row_more_than_a_page, async |database| {
    for number in 0..=PAGE_SIZE + 1 {
        add_client(&database.store, &format!("id_{number}"), &checked("Name")).await;
    }
    let beyond = usize::try_from(PAGE_SIZE + 1).unwrap();
    for cursor in [Cursor::First, Cursor::After(i64::MAX), Cursor::Before(0)] {
        assert_eq!(
            numbers(&database.store, cursor).await.len(),
            beyond,
            "{cursor:?}"
        );
    }
});

on_both!(live_clients_come_in_the_order_of_making, async |database| {
    let store = &database.store;
    for client in ["id_1", "id_2", "id_3", "id_4"] {
        add_client(store, client, &checked("Name")).await;
    }
    let (mut tx, version) = change(store).await;
    tx.revoke_client(ClientNumber(2), &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.update_client_suspension(ClientNumber(3), Some(moment()), version)
        .await
        .unwrap();
    let mut list = async |after, limit| {
        let rows = tx
            .list_live_clients(ClientNumber(after), limit)
            .await
            .unwrap();
        rows.into_iter()
            .map(|row| row.client.number.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(list(0, 10).await, [1, 3, 4]);
    assert_eq!(list(0, 2).await, [1, 3]);
    assert_eq!(list(3, 2).await, [4]);
});

on_both!(
    live_clients_are_counted_and_those_without_an_organization,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let bound = CheckedClient {
            organization_id: Some(porto),
            ..checked("Bound")
        };
        for (client, new) in [
            ("id_1", &bound),
            ("id_2", &checked("Free")),
            ("id_3", &bound),
            ("id_4", &checked("Free")),
        ] {
            add_client(store, client, new).await;
        }
        let (mut tx, version) = change(store).await;
        let live = tx.count_live_clients().await.unwrap();
        let unbound = tx.count_unbound_clients().await.unwrap();
        assert_eq!((live, unbound), (Count::exactly(4), Count::exactly(2)));
        for number in [3, 4] {
            tx.revoke_client(
                ClientNumber(number),
                &stamp("shell:tester", moment(), version),
            )
            .await
            .unwrap();
        }
        let live = tx.count_live_clients().await.unwrap();
        let unbound = tx.count_unbound_clients().await.unwrap();
        assert_eq!((live, unbound), (Count::exactly(2), Count::exactly(1)));
    }
);
