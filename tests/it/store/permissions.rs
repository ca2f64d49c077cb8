//! What clients hold, in the order it was granted.

use claviger::domain::client::{ClientFilter, ClientSummary};
use claviger::domain::count::Count;
use claviger::domain::ids::{ClientNumber, Version};
use claviger::domain::permission::{PermissionGrant, PermissionName};
use claviger::store::{Error, Holding, PermissionSet, Store};

use super::client_filters::ids;
use super::{add_client, change, checked, fill, filled, id, moment, scopes, stamp, tick};

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

pub(super) async fn grant(store: &Store, client: ClientNumber, names: &[&str]) {
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
    after_the_ninth_permission_comes_the_tenth,
    async |database| {
        let store = &database.store;
        let number = add_client(store, "id_one", &checked("One")).await;
        let names: Vec<String> = ('a'..='l')
            .rev()
            .map(|name| format!("{name}.read"))
            .collect();
        let granted: Vec<&str> = names.iter().map(String::as_str).collect();
        grant(store, number, &granted).await;
        assert_eq!(held(store, "id_one").await, names);
        let mut tx = store.read().await.unwrap();
        let of = |found: ClientSummary| -> Vec<String> {
            let held = found.client.permissions.iter();
            held.map(ToString::to_string).collect()
        };
        let live = tx.list_live_clients(ClientNumber(0), 9).await.unwrap();
        let by_id = tx.list_clients_by_id(&[id("id_one")]).await.unwrap();
        for found in live.into_iter().chain(by_id) {
            assert_eq!(of(found), names);
        }
        // In lists they are sorted by name.
        let listed = tx.list_clients_by_number(&[number]).await.unwrap();
        let by_name: Vec<String> = names.iter().rev().cloned().collect();
        assert_eq!(listed.into_iter().map(of).collect::<Vec<_>>(), [by_name]);
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

on_both!(grants_come_in_order_with_who_and_when, async |database| {
    let client = add_client(&database.store, "id_one", &checked("One")).await;
    grant(&database.store, client, &["zebra.read", "ant.read"]).await;
    let mut tx = database.store.read().await.unwrap();
    let expected = ["zebra.read", "ant.read"].map(|name| PermissionGrant {
        permission: name.to_owned(),
        granted_at: moment() + tick(),
        granted_by: "ada@example.org".to_owned(),
    });
    assert_eq!(tx.list_grants(client).await.unwrap(), expected);
    let nobody = tx.list_grants(ClientNumber(9)).await.unwrap();
    assert!(nobody.is_empty());
});

/// The ids of the clients that hold a permission, the newest first.
async fn holders(store: &Store, permission: &str) -> Vec<String> {
    let filter = ClientFilter {
        permission: Some(permission.to_owned()),
        ..ClientFilter::default()
    };
    ids(store, &filter).await
}

on_both!(clients_are_found_by_what_they_hold, async |database| {
    let store = &database.store;
    let one = add_client(store, "id_one", &checked("One")).await;
    let two = add_client(store, "id_two", &checked("Two")).await;
    grant(store, one, &["blogs.read", "blogs.write"]).await;
    grant(store, two, &["blogs.read", "blogs.read"]).await;
    assert_eq!(holders(store, "blogs.read").await, ["id_two", "id_one"]);
    assert_eq!(holders(store, "blogs.write").await, ["id_one"]);
    for nobody in ["blogs", "blogs.rea", "no name"] {
        assert!(holders(store, nobody).await.is_empty(), "{nobody}");
    }
    let (mut tx, _) = change(store).await;
    tx.delete_permission(two, "blogs.read").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(holders(store, "blogs.read").await, ["id_one"]);
});

on_both!(holders_are_counted_without_the_revoked, async |database| {
    let store = &database.store;
    let mut clients: Vec<_> = (1..=620).map(|number| filled(number, "Name")).collect();
    for client in &mut clients[..4] {
        client.scopes = scopes("blogs");
    }
    clients[0].revoked_at = Some(moment());
    fill(store, &clients).await;
    let set = |names: &str, granted: &str| PermissionSet {
        scopes: scopes(names),
        permissions: vec![PermissionName::parse(granted).unwrap()],
    };
    let (mut tx, _) = change(store).await;
    let sets = [set("blogs", "blogs.read"), set("system", "system.read")];
    tx.insert_permissions(ClientNumber(1)..=ClientNumber(620), &sets)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let names = ["blogs.read", "system.read", "never.held"].map(str::to_owned);
    let mut tx = store.read().await.unwrap();
    let counts = tx
        .count_holders(Holding::Permissions, &names)
        .await
        .unwrap();
    assert_eq!(
        counts,
        [Count::exactly(3), Count::at_least(500), Count::exactly(0)]
    );
    let names = ["system", "blogs"].map(str::to_owned);
    let counts = tx.count_holders(Holding::Scopes, &names).await.unwrap();
    assert_eq!(counts, [Count::at_least(500), Count::exactly(3)]);
    let none = tx.count_holders(Holding::Scopes, &[]).await.unwrap();
    assert!(none.is_empty());
    let held = tx.list_held_permissions(9).await.unwrap();
    assert_eq!(held, ["blogs.read", "system.read"]);
    let first = tx.list_held_permissions(1).await.unwrap();
    assert_eq!(first, ["blogs.read"]);
});
