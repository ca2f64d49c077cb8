//! Many rows at once: the same rows as one by one.

use claviger::domain::client::ClientFilter;
use claviger::domain::client::Lifecycle;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::page::{Cursor, PAGE_SIZE};
use claviger::domain::permission::PermissionName;
use claviger::domain::secret::SecretKind;
use claviger::store::{ClientListing, Error, FilledClient, PermissionSet, StoredSecret};

use super::{
    add_client, add_organization, change, checked, fill, filled, id, moment, scopes, stamp, tick,
};

fn permissions(names: &[&str]) -> Vec<PermissionName> {
    names
        .iter()
        .map(|name| PermissionName::parse(name).unwrap())
        .collect()
}

on_both!(clients_come_back_whole, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let client = FilledClient {
        organization_id: Some(porto),
        scopes: scopes("public blogs"),
        expires_at: Some(moment() + tick()),
        suspended_at: Some(moment()),
        revoked_at: Some(moment()),
        ..filled(7, "Été")
    };
    fill(store, &[client, filled(8, "Other")]).await;
    let mut tx = store.read().await.unwrap();
    let found = tx.find_client(&id("id_7")).await.unwrap().unwrap();
    assert_eq!(found.organization.as_deref(), Some("Porto"));
    let found = found.client;
    assert_eq!(
        (found.number, found.name.as_str()),
        (ClientNumber(7), "Été")
    );
    let revoked = Lifecycle::Revoked {
        at: moment(),
        by: "shell:tester".to_owned(),
    };
    assert_eq!(found.lifecycle, revoked);
    assert_eq!((found.generation, found.created_at), (1, moment()));
    assert_eq!(found.created_by, "shell:tester");
    let other = tx
        .find_client_by_number(ClientNumber(8))
        .await
        .unwrap()
        .unwrap()
        .client;
    assert_eq!((other.generation, other.lifecycle.is_revoked()), (0, false));
    drop(tx);
    // The next one is numbered after them, and search knows them.
    assert_eq!(
        add_client(store, "id_next", &checked("Name")).await,
        ClientNumber(9)
    );
    let filter = ClientFilter {
        search: "other".to_owned(),
        ..ClientFilter::default()
    };
    let listing = ClientListing {
        filter: &filter,
        cursor: Cursor::First,
        limit: PAGE_SIZE + 1,
        now: moment(),
    };
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.list_clients(&listing).await.unwrap().len(), 1);
});

on_both!(a_number_or_an_id_is_taken_once, async |database| {
    let store = &database.store;
    fill(store, &[filled(1, "Name")]).await;
    let same_id = FilledClient {
        number: ClientNumber(2),
        ..filled(1, "Another")
    };
    for client in [filled(1, "A third"), same_id] {
        let (mut tx, version) = change(store).await;
        let again = tx
            .insert_clients(&[client], &stamp("shell:tester", moment(), version))
            .await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
    }
});

on_both!(secrets_come_back_whole, async |database| {
    let store = &database.store;
    fill(store, &[filled(1, "One"), filled(2, "Two")]).await;
    let row = |number, client| StoredSecret {
        number: SecretNumber(number),
        client: ClientNumber(client),
        kind: SecretKind::Generated,
        digest: vec![7; 32],
        sealed: (number == 5).then(|| vec![1, 2, 3]),
        hint: (number == 5).then(|| "abcd".to_owned()),
        label: None,
        created_at: moment(),
        created_by: "shell:tester".to_owned(),
        expires_at: (number == 5).then(|| moment() + tick()),
        revoked_at: (number == 6).then(moment),
        pending_grace: None,
    };
    let rows = [row(5, 1), row(6, 2)];
    let (mut tx, _) = change(store).await;
    tx.insert_secrets(&rows).await.unwrap();
    assert_eq!(tx.list_secrets(ClientNumber(1)).await.unwrap(), rows[..1]);
    assert_eq!(tx.list_secrets(ClientNumber(2)).await.unwrap(), rows[1..]);
});

on_both!(permissions_go_by_scopes_and_in_order, async |database| {
    let store = &database.store;
    let scoped = |number, names: &str| FilledClient {
        scopes: scopes(names),
        ..filled(number, "Name")
    };
    let clients = [
        scoped(1, "blogs"),
        scoped(2, "public blogs"),
        scoped(3, "blogs"),
        scoped(4, "blogs"),
    ];
    fill(store, &clients).await;
    let set = |names: &str, granted: &[&str]| PermissionSet {
        scopes: scopes(names),
        permissions: permissions(granted),
    };
    let sets = [
        set("blogs", &["blogs.write", "blogs.read"]),
        set("public blogs", &["blogs.read"]),
        set("system", &["oauth.login"]),
    ];
    let (mut tx, _) = change(store).await;
    tx.insert_permissions(ClientNumber(1)..=ClientNumber(3), &sets)
        .await
        .unwrap();
    let mut held = Vec::new();
    for number in 1..=4 {
        let found = tx
            .find_client_by_number(ClientNumber(number))
            .await
            .unwrap()
            .unwrap();
        held.push(found.client.permissions);
    }
    let both = permissions(&["blogs.write", "blogs.read"]);
    let one = permissions(&["blogs.read"]);
    assert_eq!(held, [both.clone(), one, both, Vec::new()]);
});

on_both!(a_directory_tells_what_it_holds, async |database| {
    let store = &database.store;
    let mut tx = store.write().await.unwrap();
    tx.enlarge_cache().await.unwrap();
    assert_eq!(tx.find_content().await.unwrap(), None);
    drop(tx);
    add_organization(store, "Porto", None).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.find_content().await.unwrap(), Some("organizations"));
    drop(tx);
    add_client(store, "id_1", &checked("Name")).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.find_content().await.unwrap(), Some("clients"));
});
