//! Search: words are found by their beginnings, and every change is followed.

use claviger::domain::client::{ClientFilter, StatusFilter};
use claviger::domain::ids::{ClientNumber, OrganizationId};
use claviger::domain::page::{Cursor, PAGE_SIZE};
use claviger::domain::scope::Scopes;
use claviger::store::{ClientListing, ClientUpdate, FilledClient, Store};

use super::{add_client, add_organization, change, checked, fill, filled, id, moment};

async fn found(store: &Store, filter: &ClientFilter, cursor: Cursor) -> Vec<String> {
    let listing = ClientListing {
        filter,
        cursor,
        limit: PAGE_SIZE + 1,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    let rows = tx.list_clients(&listing).await.unwrap();
    rows.iter().map(|row| row.client.id.to_string()).collect()
}

async fn search(store: &Store, text: &str) -> Vec<String> {
    let filter = ClientFilter {
        search: text.to_owned(),
        ..ClientFilter::default()
    };
    found(store, &filter, Cursor::First).await
}

on_both!(
    words_and_ids_are_found_by_their_beginnings,
    async |database| {
        let store = &database.store;
        for (client, name) in [
            ("id_1", "Open data portal"),
            ("id_2", "Budget (draft)"),
            ("du_3", "Metadata"),
            ("id_4", "É"),
        ] {
            add_client(store, client, &checked(name)).await;
        }
        for (text, clients) in [
            ("d", vec!["du_3", "id_2", "id_1"]),
            ("da", vec!["id_1"]),
            ("OP", vec!["id_1"]),
            ("(d", vec!["id_2"]),
            ("dr", vec!["id_2"]),
            ("é", vec!["id_4"]),
            ("id", vec!["id_4", "id_2", "id_1"]),
            ("i", vec!["id_4", "id_2", "id_1"]),
            ("at", vec![]),
            ("dat", vec!["id_1"]),
            ("ata", vec![]),
            ("po op", vec!["id_1"]),
            ("o d id_1", vec!["id_1"]),
            ("o m", vec![]),
        ] {
            assert_eq!(search(store, text).await, clients, "{text:?}");
        }
    }
);

on_both!(names_of_every_script_are_found, async |database| {
    let store = &database.store;
    for (client, name) in [
        ("id_1", "Бюджет Участия"),
        ("id_2", "🗳️ Voting 🗳️🗳️🗳️ results"),
        ("id_3", "Say \"hi\" to O’Brien’s AND (OR) NOT list*"),
        ("id_4", "参加型予算の窓口"),
        ("id_5", "two  spaces"),
    ] {
        add_client(store, client, &checked(name)).await;
    }
    for (text, clients) in [
        ("БЮДЖЕТ", vec!["id_1"]),
        ("уч БЮ", vec!["id_1"]),
        ("джет", vec![]),
        ("🗳️🗳️", vec!["id_2"]),
        ("voting 🗳️", vec!["id_2"]),
        ("\"hi\"", vec!["id_3"]),
        ("\"\"\"", vec![]),
        ("AND (or) NOT", vec!["id_3"]),
        ("list*", vec!["id_3"]),
        ("lis*", vec![]),
        ("brien list*", vec!["id_3"]),
        ("参加型予算", vec!["id_4"]),
        ("予算", vec![]),
        ("two spaces", vec!["id_5"]),
    ] {
        assert_eq!(search(store, text).await, clients, "{text:?}");
    }
});

on_both!(
    an_id_is_found_by_its_beginning_however_long,
    async |database| {
        let store = &database.store;
        let (one, other) = ("id_EQs-hU6Der_Sg3tN", "id_EQs-hU6Der_other~");
        for client in [one, other] {
            add_client(store, client, &checked("Name")).await;
        }
        assert_eq!(search(store, one).await, [one]);
        assert_eq!(search(store, "ID_eqs-hu6der_sg").await, [one]);
        assert_eq!(search(store, "id_EQs-hU6De").await, [other, one]);
        assert_eq!(search(store, "id_EQs-hU6Der_").await, [other, one]);
        for middle in ["hU6", "-hu6der_sg3tn", "id_EQs-hU6Der_Sg3tN-and-more"] {
            assert!(search(store, middle).await.is_empty(), "{middle:?}");
        }
    }
);

on_both!(the_index_follows_a_name_there_and_back, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_1", &checked("Before")).await;
    for (name, gone) in [
        ("After", "before"),
        ("After", "before"),
        ("Before", "after"),
    ] {
        let update = ClientUpdate {
            name: name.to_owned(),
            expires_at: None,
            token_ttl: None,
            generation: 1,
        };
        let (mut tx, version) = change(store).await;
        tx.update_client(number, &update, version).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(search(store, name).await, ["id_1"]);
        assert!(search(store, gone).await.is_empty(), "{gone}");
    }
    assert_eq!(search(store, "id_1").await, ["id_1"]);
    assert_eq!(
        database.count("search_words WHERE noun = 0").await,
        i64::try_from("before".len() + "id_1".len()).unwrap()
    );
});

on_both!(a_long_term_is_compared_as_a_whole, async |database| {
    let store = &database.store;
    for (client, name) in [
        ("id_1", "Open participation"),
        ("id_2", "Participatory budget"),
        ("participa-app", "Budget (participation)"),
    ] {
        add_client(store, client, &checked(name)).await;
    }
    for (text, clients) in [
        ("particip", vec!["participa-app", "id_2", "id_1"]),
        ("PARTICIPATI", vec!["participa-app", "id_1"]),
        ("participa-a", vec!["participa-app"]),
        ("participatory participation", vec![]),
        ("open participation", vec!["id_1"]),
        ("p_rticipation", vec![]),
    ] {
        assert_eq!(search(store, text).await, clients, "{text:?}");
    }
});

on_both!(
    a_name_of_many_words_is_found_by_all_of_them,
    async |database| {
        let store = &database.store;
        let words: Vec<String> = ('a'..='z')
            .map(|letter| format!("{letter}{letter}"))
            .collect();
        let name = words.join(" ");
        add_client(store, "id_1", &checked(&name)).await;
        assert_eq!(search(store, &name).await, ["id_1"]);
        assert!(search(store, &name.replace("zz", "zy")).await.is_empty());
        let filter = ClientFilter {
            search: name,
            scope: Some("system".to_owned()),
            ..ClientFilter::default()
        };
        assert_eq!(found(store, &filter, Cursor::First).await, ["id_1"]);
        let single: Vec<String> = ('A'..='z').map(|letter| letter.to_string()).collect();
        assert!(search(store, &single.join(" ")).await.is_empty());
    }
);

on_both!(a_common_term_is_paged_through, async |database| {
    let store = &database.store;
    let clients: Vec<FilledClient> = (1..=3 * PAGE_SIZE)
        .map(|number| {
            filled(
                number,
                if number % 3 == 0 {
                    "Budget"
                } else {
                    "Open data"
                },
            )
        })
        .collect();
    fill(store, &clients).await;
    let wanted: Vec<String> = (1..=3 * PAGE_SIZE)
        .rev()
        .filter(|number| number % 3 > 0)
        .map(|number| format!("id_{number}"))
        .collect();
    let filter = ClientFilter {
        search: "data".to_owned(),
        ..ClientFilter::default()
    };
    let page = usize::try_from(PAGE_SIZE).unwrap();
    let first = found(store, &filter, Cursor::First).await;
    assert_eq!(first, wanted[..=page]);
    let key: i64 = wanted[page - 1][3..].parse().unwrap();
    let second = found(store, &filter, Cursor::After(key)).await;
    assert_eq!(second, wanted[page..]);
    let key: i64 = wanted[page][3..].parse().unwrap();
    let mut back = found(store, &filter, Cursor::Before(key)).await;
    back.reverse();
    assert_eq!(back, wanted[..page]);
});

on_both!(search_and_the_other_filters_add_up, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let mut clients = Vec::new();
    for number in 1..=48 {
        let mut client = filled(
            number,
            ["Open data", "Budget"][usize::from(number % 2 == 0)],
        );
        client.organization_id = (number % 3 == 0).then_some(porto);
        client.suspended_at = (number % 4 < 2).then(moment);
        if number % 16 > 7 {
            client.scopes = Scopes::stored("public blogs");
        }
        clients.push(client);
    }
    clients.push(FilledClient {
        id: id("data-49"),
        ..filled(49, "Budget")
    });
    fill(store, &clients).await;
    for text in ["", "data", "d", "nowhere"] {
        for status in [
            StatusFilter::All,
            StatusFilter::Active,
            StatusFilter::Suspended,
        ] {
            for organization in [None, Some(porto), Some(OrganizationId(99))] {
                for scope in [None, Some("blogs")] {
                    let filter = ClientFilter {
                        search: text.to_owned(),
                        status,
                        organization,
                        scope: scope.map(ToOwned::to_owned),
                        permission: None,
                    };
                    let fits = |client: &&FilledClient| {
                        let is_suspended = client.suspended_at.is_some();
                        let state = match status {
                            StatusFilter::Active => !is_suspended,
                            StatusFilter::Suspended => is_suspended,
                            _ => true,
                        };
                        let named = match text {
                            "" => true,
                            "nowhere" => false,
                            _ => client.name == "Open data" || client.number == ClientNumber(49),
                        };
                        state
                            && named
                            && organization.is_none_or(|id| client.organization_id == Some(id))
                            && scope.is_none_or(|scope| client.scopes.has(scope))
                    };
                    let wanted: Vec<String> = clients
                        .iter()
                        .rev()
                        .filter(fits)
                        .map(|client| client.id.to_string())
                        .take(usize::try_from(PAGE_SIZE + 1).unwrap())
                        .collect();
                    assert_eq!(
                        found(store, &filter, Cursor::First).await,
                        wanted,
                        "{filter:?}"
                    );
                }
            }
        }
    }
});
