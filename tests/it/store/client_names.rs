//! The names of an organization's clients differ.

use claviger::domain::client::CheckedClient;
use claviger::domain::ids::{ClientNumber, OrganizationId};
use claviger::store::{ClientUpdate, Error, Result, Store};

use super::{add_client, add_organization, change, checked, fill, filled, id, moment, stamp};

async fn insert(
    store: &Store,
    client: &str,
    organization: Option<OrganizationId>,
    name: Option<&str>,
) -> Result<ClientNumber> {
    let new = CheckedClient {
        organization_id: organization,
        name: name.map(ToOwned::to_owned),
        ..checked("")
    };
    let (mut tx, version) = change(store).await;
    let by = stamp("ada@example.org", moment(), version);
    let number = tx.insert_client(&id(client), &new, &by).await?;
    tx.commit().await?;
    Ok(number)
}

async fn rename(store: &Store, number: ClientNumber, name: &str) -> Result<()> {
    let update = ClientUpdate {
        name: name.to_owned(),
        expires_at: None,
        token_ttl: None,
        generation: 0,
    };
    let (mut tx, version) = change(store).await;
    tx.update_client(number, &update, version).await?;
    tx.commit().await
}

fn assert_taken<T: std::fmt::Debug>(outcome: &Result<T>, what: &str) {
    assert!(
        matches!(outcome, Err(Error::NameTaken)),
        "{what}: {outcome:?}"
    );
}

on_both!(names_that_look_alike_are_one_name, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let lisbon = add_organization(store, "Lisbon", None).await;
    for (place, organization) in [Some(porto), Some(lisbon), None].into_iter().enumerate() {
        let first = insert(
            store,
            &format!("first-{place}"),
            organization,
            Some("\u{C9}cole  du lac"),
        )
        .await;
        for other in [
            "\u{C9}cole  du lac",
            "e\u{301}cole du lac",
            "\u{C9}COLE DU\u{A0}LAC",
        ] {
            let again = insert(store, "again", organization, Some(other)).await;
            assert_taken(&again, other);
        }
        let other = insert(
            store,
            &format!("other-{place}"),
            organization,
            Some("Ecole du lac"),
        )
        .await;
        let renamed = rename(store, other.unwrap(), "\u{E9}cole du lac").await;
        assert_taken(&renamed, "renamed");
        // Its own name is nobody else's.
        rename(store, first.unwrap(), "\u{C9}COLE du lac")
            .await
            .unwrap();
    }
});

on_both!(a_revoked_clients_name_is_free, async |database| {
    let store = &database.store;
    let number = insert(store, "one", None, Some("Archive")).await.unwrap();
    let (mut tx, version) = change(store).await;
    let by = stamp("ada@example.org", moment(), version);
    tx.revoke_client(number, &by).await.unwrap();
    tx.commit().await.unwrap();
    insert(store, "two", None, Some("Archive")).await.unwrap();
    assert_taken(
        &insert(store, "three", None, Some("archive")).await,
        "two has it",
    );
});

on_both!(a_name_made_from_the_id_is_never_taken, async |database| {
    let store = &database.store;
    for client in ["one-test", "two-test", "TEST", "abc", "xabc"] {
        insert(store, client, None, None).await.unwrap();
    }
    // A person who chooses such a name is told that another one has it too, from the second on.
    insert(store, "three", None, Some("API Client ***test"))
        .await
        .unwrap();
    let again = insert(store, "four", None, Some("api client ***test")).await;
    assert_taken(&again, "chosen");
});

on_both!(an_id_that_is_taken_is_told_apart, async |database| {
    let store = &database.store;
    add_client(store, "one", &checked("One")).await;
    let again = insert(store, "one", None, Some("Another")).await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
    let (mut tx, version) = change(store).await;
    let by = stamp("shell:tester", moment(), version);
    let many = tx
        .insert_clients(&[filled(7, "A"), filled(8, "a")], &by)
        .await;
    assert_taken(&many, "many at once");
    drop(tx);
    fill(store, &[filled(7, "A"), filled(8, "B")]).await;
});

on_both!(
    a_client_is_found_by_either_form_of_its_name,
    async |database| {
        let store = &database.store;
        add_client(store, "one", &checked("Neucha\u{302}telois archive")).await;
        for typed in ["neuch\u{E2}t", "neucha\u{302}t", "NEUCH\u{C2}TELOIS"] {
            let filter = claviger::domain::client::ClientFilter {
                search: typed.to_owned(),
                ..Default::default()
            };
            let listing = claviger::store::ClientListing {
                filter: &filter,
                cursor: claviger::domain::page::Cursor::First,
                limit: 26,
                now: moment(),
            };
            let mut tx = store.read().await.unwrap();
            assert_eq!(tx.list_clients(&listing).await.unwrap().len(), 1, "{typed}");
        }
    }
);
