//! What clients hold, in the order it was granted.

use claviger::domain::ids::{ClientNumber, Version};
use claviger::store::{Error, Store};

use super::{add_client, change, checked, id, moment, stamp, tick};

async fn held(store: &Store, client: &str) -> Vec<String> {
    let found = store
        .read()
        .await
        .unwrap()
        .find_client(&id(client))
        .await
        .unwrap()
        .unwrap();
    found
        .client
        .permissions
        .iter()
        .map(ToString::to_string)
        .collect()
}

async fn grant(store: &Store, client: ClientNumber, names: &[&str]) {
    let (mut tx, _) = change(store).await;
    for name in names {
        tx.insert_permission(
            client,
            name,
            &stamp("ada@example.org", moment() + tick(), Version(0)),
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}

on_both!(
    permissions_come_in_the_order_of_granting,
    async |database| {
        let store = &database.store;
        let (one, two) = (
            add_client(store, "id_one", &checked("One")).await,
            add_client(store, "id_two", &checked("Two")).await,
        );
        grant(store, one, &["zebra.read", "ant.read"]).await;
        grant(store, two, &["bee.read"]).await;
        grant(store, one, &["midge.read"]).await;
        assert_eq!(
            held(store, "id_one").await,
            ["zebra.read", "ant.read", "midge.read"]
        );
        assert_eq!(
            held(store, "id_two").await,
            ["bee.read"],
            "each client holds its own"
        );
    }
);

on_both!(
    a_permission_that_is_held_keeps_its_place,
    async |database| {
        let store = &database.store;
        let client = add_client(store, "id_one", &checked("One")).await;
        grant(store, client, &["first.read", "second.read"]).await;
        grant(store, client, &["first.read"]).await;
        assert_eq!(held(store, "id_one").await, ["first.read", "second.read"]);
    }
);

on_both!(a_permission_granted_again_comes_last, async |database| {
    let store = &database.store;
    let client = add_client(store, "id_one", &checked("One")).await;
    grant(store, client, &["first.read", "second.read", "third.read"]).await;
    let (mut tx, _) = change(store).await;
    tx.delete_permission(client, "first.read").await.unwrap();
    tx.delete_permission(client, "never.held").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(held(store, "id_one").await, ["second.read", "third.read"]);
    grant(store, client, &["first.read"]).await;
    assert_eq!(
        held(store, "id_one").await,
        ["second.read", "third.read", "first.read"]
    );
});

on_both!(
    a_removed_permission_stays_with_other_clients,
    async |database| {
        let store = &database.store;
        let one = add_client(store, "id_one", &checked("One")).await;
        let two = add_client(store, "id_two", &checked("Two")).await;
        grant(store, one, &["blogs.read"]).await;
        grant(store, two, &["blogs.read"]).await;
        let (mut tx, _) = change(store).await;
        tx.delete_permission(one, "blogs.read").await.unwrap();
        tx.commit().await.unwrap();
        assert!(held(store, "id_one").await.is_empty());
        assert_eq!(held(store, "id_two").await, ["blogs.read"]);
    }
);

on_both!(
    nobody_that_does_not_exist_is_granted_anything,
    async |database| {
        let (mut tx, _) = change(&database.store).await;
        let granted = tx
            .insert_permission(
                ClientNumber(9),
                "blogs.read",
                &stamp("shell:tester", moment(), Version(0)),
            )
            .await;
        assert!(matches!(granted, Err(Error::Defect(_))), "{granted:?}");
    }
);

on_both!(
    who_granted_a_permission_and_when_is_kept,
    async |database| {
        let client = add_client(&database.store, "id_one", &checked("One")).await;
        grant(&database.store, client, &["blogs.read"]).await;
        let row = "client_permissions WHERE granted_by = 'ada@example.org' AND granted_at = '2026-11-23T12:00:00.123457+00:00'";
        assert_eq!(database.count(row).await, 1);
    }
);
