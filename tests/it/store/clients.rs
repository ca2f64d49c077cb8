//! Clients, one by one: every column comes back as it went in.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::client::Lifecycle;
use claviger::domain::client::{CheckedClient, Client, ClientSummary};
use claviger::domain::ids::{ClientNumber, OrganizationId, Version};
use claviger::store::{ClientUpdate, Error, Store};

use super::{add_client, add_organization, change, checked, id, moment, scopes, stamp, tick};

async fn find(store: &Store, client: &str) -> Client {
    store
        .read()
        .await
        .unwrap()
        .find_client(&id(client))
        .await
        .unwrap()
        .unwrap()
        .client
}

fn live(suspended_at: Option<Time>, expires_at: Option<Time>) -> Lifecycle {
    Lifecycle::Live {
        suspended_at,
        expires_at,
    }
}

on_both!(a_client_comes_back_whole, async |database| {
    let store = &database.store;
    let organization = add_organization(store, "Canton of Neuchâtel", None).await;
    let new = CheckedClient {
        organization_id: Some(organization),
        scopes: scopes("proposals public blogs"),
        expires_at: Some(moment() + TimeDelta::days(90) + tick()),
        ..checked("Übersicht “Zürich” 🗝")
    };
    let (mut tx, version) = change(store).await;
    let number = tx
        .insert_client(
            &id("id_one"),
            &new,
            &stamp("ada@example.org", moment(), version),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let client = Client {
        id: id("id_one"),
        number,
        name: "Übersicht “Zürich” 🗝".to_owned(),
        organization_id: Some(organization),
        scopes: scopes("proposals public blogs"),
        permissions: Vec::new(),
        token_ttl: None,
        lifecycle: live(None, Some(moment() + TimeDelta::days(90) + tick())),
        generation: 0,
        tokens_since: Version(0),
        created_at: moment(),
        created_by: "ada@example.org".to_owned(),
        version,
    };
    let summary = ClientSummary {
        client,
        organization: Some("Canton of Neuchâtel".to_owned()),
    };
    let mut tx = store.read().await.unwrap();
    assert_eq!(
        tx.find_client(&id("id_one")).await.unwrap().as_ref(),
        Some(&summary)
    );
    assert_eq!(
        tx.find_client_by_number(number).await.unwrap(),
        Some(summary)
    );
});

on_both!(
    a_client_may_have_no_organization_and_no_end,
    async |database| {
        let store = &database.store;
        add_client(store, "id_bare", &checked("Bare")).await;
        let found = store
            .read()
            .await
            .unwrap()
            .find_client(&id("id_bare"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.organization, None);
        assert_eq!(found.client.organization_id, None);
        assert_eq!(found.client.lifecycle.expires_at(), None);
        assert_eq!(found.client.permissions, []);
    }
);

on_both!(a_lifetime_of_its_own_comes_back, async |database| {
    add_client(&database.store, "id_one", &checked("One")).await;
    database
        .execute("UPDATE api_clients SET token_ttl = 600")
        .await;
    assert_eq!(find(&database.store, "id_one").await.token_ttl, Some(600));
});

on_both!(
    without_a_name_a_client_is_called_after_its_id,
    async |database| {
        let new = CheckedClient {
            name: None,
            ..checked("")
        };
        add_client(&database.store, "id_7Qm2xVd9LrKp-t4W", &new).await;
        assert_eq!(
            find(&database.store, "id_7Qm2xVd9LrKp-t4W").await.name,
            "API Client ***-t4W"
        );
    }
);

on_both!(
    nobody_is_found_under_an_id_that_nobody_has,
    async |database| {
        add_client(&database.store, "id_one", &checked("One")).await;
        let mut tx = database.store.read().await.unwrap();
        assert_eq!(tx.find_client(&id("id_two")).await.unwrap(), None);
        assert_eq!(
            tx.find_client(&id("ID_ONE")).await.unwrap(),
            None,
            "case matters"
        );
        assert_eq!(
            tx.find_client_by_number(ClientNumber(2)).await.unwrap(),
            None
        );
    }
);

on_both!(an_id_is_given_out_once, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_one", &checked("One")).await;
    let (mut tx, version) = change(store).await;
    tx.revoke_client(number, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let (mut tx, version) = change(store).await;
    let again = tx
        .insert_client(
            &id("id_one"),
            &checked("Two"),
            &stamp("shell:tester", moment(), version),
        )
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(
    a_client_belongs_to_an_organization_that_exists,
    async |database| {
        let new = CheckedClient {
            organization_id: Some(OrganizationId(9)),
            ..checked("Stray")
        };
        let (mut tx, version) = change(&database.store).await;
        let stray = tx
            .insert_client(
                &id("id_stray"),
                &new,
                &stamp("shell:tester", moment(), version),
            )
            .await;
        assert!(matches!(stray, Err(Error::Defect(_))), "{stray:?}");
    }
);

on_both!(numbers_follow_one_another, async |database| {
    for (place, client) in (1..).zip(["id_one", "id_two", "id_three"]) {
        assert_eq!(
            add_client(&database.store, client, &checked("Name")).await,
            ClientNumber(place)
        );
    }
});

on_both!(
    an_update_changes_name_end_and_generation_alone,
    async |database| {
        let store = &database.store;
        let number = add_client(store, "id_one", &checked("Before")).await;
        add_client(store, "id_two", &checked("Other")).await;
        let (before, other) = (find(store, "id_one").await, find(store, "id_two").await);

        for (expires_at, generation) in [(Some(moment() + tick()), 1), (None, 2)] {
            let update = ClientUpdate {
                name: "Après".to_owned(),
                expires_at,
                token_ttl: Some(90),
                generation,
            };
            let (mut tx, version) = change(store).await;
            tx.update_client(number, &update, version).await.unwrap();
            tx.commit().await.unwrap();
            let after = Client {
                name: "Après".to_owned(),
                lifecycle: live(None, expires_at),
                token_ttl: Some(90),
                generation,
                version,
                ..before.clone()
            };
            assert_eq!(find(store, "id_one").await, after);
        }
        assert_eq!(find(store, "id_two").await, other);
    }
);

on_both!(a_suspension_comes_and_goes, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_one", &checked("One")).await;
    let before = find(store, "id_one").await;
    for suspended_at in [Some(moment() + tick()), None] {
        let (mut tx, version) = change(store).await;
        tx.update_client_suspension(number, suspended_at, version)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            find(store, "id_one").await,
            Client {
                lifecycle: live(suspended_at, None),
                version,
                ..before.clone()
            }
        );
    }
});

on_both!(
    a_revocation_says_who_and_when_and_moves_the_generation_on,
    async |database| {
        let store = &database.store;
        let number = add_client(store, "id_one", &checked("One")).await;
        let before = find(store, "id_one").await;
        let at = moment() + TimeDelta::days(1);
        let (mut tx, version) = change(store).await;
        tx.revoke_client(number, &stamp("ada@example.org", at, version))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let after = Client {
            lifecycle: Lifecycle::Revoked {
                at,
                by: "ada@example.org".to_owned(),
            },
            generation: 1,
            version,
            ..before
        };
        assert_eq!(find(store, "id_one").await, after);
    }
);

on_both!(
    all_tokens_end_with_the_version_of_the_change,
    async |database| {
        let store = &database.store;
        let number = add_client(store, "id_one", &checked("One")).await;
        let before = find(store, "id_one").await;
        let (mut tx, version) = change(store).await;
        tx.revoke_client_tokens(number, version).await.unwrap();
        tx.commit().await.unwrap();
        let after = Client {
            tokens_since: version,
            version,
            ..before
        };
        assert_eq!(find(store, "id_one").await, after);
    }
);

on_both!(a_stamp_changes_the_version_alone, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_one", &checked("One")).await;
    let before = find(store, "id_one").await;
    let (mut tx, version) = change(store).await;
    tx.stamp_client(number, version).await.unwrap();
    tx.commit().await.unwrap();
    assert!(version > before.version);
    assert_eq!(find(store, "id_one").await, Client { version, ..before });
});

on_both!(several_clients_are_found_by_their_ids, async |database| {
    let store = &database.store;
    for client in ["id_1", "id_2", "id_3"] {
        add_client(store, client, &checked("Name")).await;
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.list_clients_by_id(&[]).await.unwrap(), []);
    let asked = [id("id_3"), id("id_1"), id("id_9")];
    let found = tx.list_clients_by_id(&asked);
    let mut found: Vec<i64> = found
        .await
        .unwrap()
        .iter()
        .map(|row| row.client.number.0)
        .collect();
    found.sort_unstable();
    assert_eq!(found, [1, 3]);
});

on_both!(an_expiry_is_set_with_its_generation, async |database| {
    let store = &database.store;
    let number = add_client(store, "id_1", &checked("Name")).await;
    let (mut tx, version) = change(store).await;
    let end = moment() + TimeDelta::days(3);
    tx.update_client_expiry(number, Some(end), 7, version)
        .await
        .unwrap();
    let found = tx.find_client_by_number(number).await.unwrap().unwrap();
    let client = found.client;
    assert_eq!(client.lifecycle.expires_at(), Some(end));
    assert_eq!((client.generation, client.version), (7, version));
});
