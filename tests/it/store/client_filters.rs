//! Lists of clients under filters: search, status, organization, scope, permission.

use claviger::domain::client::{
    CheckedClient, ClientFilter, ClientSummary, ID_MAX, NAME_MAX, StatusFilter,
};
use claviger::domain::ids::OrganizationId;
use claviger::domain::page::{Cursor, PAGE_SIZE};
use claviger::store::{ClientListing, ClientUpdate, Store};

use super::{add_client, add_organization, change, checked, moment, scopes};

/// The clients under a filter.
pub(super) async fn list(store: &Store, filter: &ClientFilter) -> Vec<ClientSummary> {
    let listing = ClientListing {
        filter,
        cursor: Cursor::First,
        limit: PAGE_SIZE + 1,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    tx.list_clients(&listing).await.unwrap()
}

/// The ids under a filter, in the list's order.
pub(super) async fn ids(store: &Store, filter: &ClientFilter) -> Vec<String> {
    let rows = list(store, filter).await;
    rows.iter().map(|row| row.client.id.to_string()).collect()
}

async fn search(store: &Store, text: &str) -> Vec<String> {
    let filter = ClientFilter {
        search: text.to_owned(),
        ..ClientFilter::default()
    };
    ids(store, &filter).await
}

pub(super) fn with_status(status: StatusFilter) -> ClientFilter {
    ClientFilter {
        status,
        ..ClientFilter::default()
    }
}

on_both!(
    a_search_finds_words_of_a_name_in_any_case,
    async |database| {
        let store = &database.store;
        for (client, name) in [
            ("id_1", "ZÜRICH Übersicht"),
            ("id_2", "Straße am See"),
            ("id_3", "Łódź"),
        ] {
            add_client(store, client, &checked(name)).await;
        }
        for (text, found) in [
            ("zürich", vec!["id_1"]),
            ("ÜBER", vec!["id_1"]),
            ("übersichten", vec![]),
            ("rich", vec![]),
            ("straße", vec!["id_2"]),
            ("łÓDŹ", vec!["id_3"]),
            ("  am see  ", vec!["id_2"]),
            ("", vec!["id_3", "id_2", "id_1"]),
            ("nowhere", vec![]),
            ("a\0b", vec![]),
        ] {
            assert_eq!(search(store, text).await, found, "{text:?}");
        }
    }
);

on_both!(a_search_follows_a_changed_name, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_1", &checked("Before")).await;
    let update = ClientUpdate {
        name: "ÉTÉ".to_owned(),
        expires_at: None,
        token_ttl: None,
        generation: 1,
    };
    let (mut tx, version) = change(store).await;
    tx.update_client(number, &update, version).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(search(store, "été").await, ["id_1"]);
    assert!(search(store, "before").await.is_empty());
});

on_both!(a_search_finds_the_beginning_of_an_id, async |database| {
    let store = &database.store;
    for client in ["id_Abc", "id_bc", "my-Abc"] {
        add_client(store, client, &checked("Name")).await;
    }
    assert_eq!(search(store, "id_").await, ["id_bc", "id_Abc"]);
    assert_eq!(search(store, "ID_ABC").await, ["id_Abc"]);
    assert!(
        search(store, "bc").await.is_empty(),
        "the middle of an id is not searched"
    );
});

on_both!(a_search_takes_wild_cards_literally, async |database| {
    let store = &database.store;
    for (client, name) in [
        ("id_1", "100 % sure!"),
        ("id_2", "a_b"),
        ("id_3", "axb 1000 sure"),
    ] {
        add_client(store, client, &checked(name)).await;
    }
    for (text, found) in [
        ("100 %", vec!["id_1"]),
        ("0 %", vec![]),
        ("%", vec!["id_1"]),
        ("a_b", vec!["id_2"]),
        ("sure!", vec!["id_1"]),
        ("!", vec![]),
        ("id%1", vec![]),
        ("i__1", vec![]),
        (r"\", vec![]),
        ("'", vec![]),
    ] {
        assert_eq!(search(store, text).await, found, "{text:?}");
    }
});

on_both!(
    a_search_longer_than_any_name_finds_nothing,
    async |database| {
        let store = &database.store;
        add_client(store, "id_1", &checked(&"a".repeat(NAME_MAX))).await;
        assert_eq!(search(store, &"a".repeat(NAME_MAX)).await, ["id_1"]);
        for length in [NAME_MAX + 1, ID_MAX + 1, 60_000] {
            assert!(
                search(store, &"a".repeat(length)).await.is_empty(),
                "{length}"
            );
        }
    }
);

on_both!(a_list_can_be_of_one_organization, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let bern = add_organization(store, "Bern", None).await;
    for (client, organization_id) in [("id_1", Some(porto)), ("id_2", Some(bern)), ("id_3", None)] {
        add_client(
            store,
            client,
            &CheckedClient {
                organization_id,
                ..checked("Name")
            },
        )
        .await;
    }
    for (organization, found) in [
        (porto, vec!["id_1"]),
        (bern, vec!["id_2"]),
        (OrganizationId(99), vec![]),
    ] {
        let filter = ClientFilter {
            organization: Some(organization),
            ..ClientFilter::default()
        };
        assert_eq!(ids(store, &filter).await, found);
    }
});

on_both!(
    a_list_can_be_of_one_scope_as_a_whole_word,
    async |database| {
        let store = &database.store;
        for (client, names) in [
            ("id_1", "public proposals"),
            ("id_2", "proposals"),
            ("id_3", "my_proposals public2"),
        ] {
            add_client(
                store,
                client,
                &CheckedClient {
                    scopes: scopes(names),
                    ..checked("Name")
                },
            )
            .await;
        }
        for (scope, found) in [
            ("proposals", vec!["id_2", "id_1"]),
            ("public", vec!["id_1"]),
            ("publi", vec![]),
            ("my.proposals", vec![]),
            ("myxproposals", vec![]),
            ("PUBLIC", vec![]),
            ("public proposals", vec![]),
            ("%", vec![]),
            ("a\0b", vec![]),
            ("", vec!["id_3", "id_2", "id_1"]),
        ] {
            let filter = ClientFilter {
                scope: Some(scope.to_owned()),
                ..ClientFilter::default()
            };
            assert_eq!(ids(store, &filter).await, found, "{scope:?}");
        }
    }
);

on_both!(filters_add_up, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let new = CheckedClient {
        organization_id: Some(porto),
        scopes: scopes("public blogs"),
        ..checked("Reader")
    };
    add_client(store, "id_1", &new).await;
    add_client(
        store,
        "id_2",
        &CheckedClient {
            scopes: scopes("public"),
            ..new.clone()
        },
    )
    .await;
    add_client(
        store,
        "id_3",
        &CheckedClient {
            name: Some("Writer".to_owned()),
            ..new.clone()
        },
    )
    .await;
    add_client(
        store,
        "id_4",
        &CheckedClient {
            organization_id: None,
            ..new
        },
    )
    .await;
    let filter = ClientFilter {
        search: "read".to_owned(),
        status: StatusFilter::Active,
        organization: Some(porto),
        scope: Some("blogs".to_owned()),
        permission: None,
    };
    assert_eq!(ids(store, &filter).await, ["id_1"]);
});
