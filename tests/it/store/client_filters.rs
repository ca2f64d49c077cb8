//! Lists of clients under filters: search, status, organization, scope; and how many each status has.

use chrono::TimeDelta;
use claviger::domain::client::{
    CheckedClient, ClientFilter, ClientState, ClientSummary, ID_MAX, NAME_MAX, StatusCounts,
    StatusFilter,
};
use claviger::domain::count::{COUNT_BOUND, Count};
use claviger::domain::page::Cursor;
use claviger::store::{ClientListing, ClientUpdate, Store};

use super::{add_client, add_organization, change, checked, fill, filled, moment, scopes, tick};

/// The clients under a filter.
async fn list(store: &Store, filter: &ClientFilter) -> Vec<ClientSummary> {
    let listing = ClientListing {
        filter,
        cursor: Cursor::First,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    tx.list_clients(&listing).await.unwrap()
}

async fn counts(store: &Store) -> StatusCounts {
    let mut tx = store.read().await.unwrap();
    tx.count_clients(moment()).await.unwrap()
}

/// The ids under a filter, in the list's order.
async fn ids(store: &Store, filter: &ClientFilter) -> Vec<String> {
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

fn with_status(status: StatusFilter) -> ClientFilter {
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
    for (organization, found) in [(porto, vec!["id_1"]), (bern, vec!["id_2"]), (99, vec![])] {
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
        everyone.sort_by_key(|row| -row.client.number);
        assert_eq!(everyone.len(), 24);
        for status in StatusFilter::EVERY {
            let wanted = everyone
                .iter()
                .filter(|row| belongs(status, row.client.state(moment())));
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
    };
    assert_eq!(ids(store, &filter).await, ["id_1"]);
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
    let mut more = filled(COUNT_BOUND + 2, "Reader");
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
    let summaries = tx.list_organization_summaries(moment()).await.unwrap();
    assert_eq!(summaries[0].active_clients, many);
});
