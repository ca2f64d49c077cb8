//! The names of what entries of the audit log mention.

use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::domain::organization::CheckedOrganization;
use claviger::domain::role::Role;

use super::{add_client, change, checked, moment, stamp};

on_both!(names_are_found_for_what_is_there, async |database| {
    let store = &database.store;
    add_client(store, "id_one", &checked("Newsletter digest")).await;
    let (mut tx, version) = change(store).await;
    let stamp = stamp("shell:tester", moment(), version);
    let new = CheckedOrganization {
        name: "City of Porto".to_owned(),
        host: None,
    };
    let porto = tx.insert_organization(&new, &stamp).await.unwrap().id;
    tx.insert_admin("bea@example.org", Role::Owner, "x", &stamp)
        .await
        .unwrap();
    tx.insert_admin("ada@example.org", Role::Owner, "x", &stamp)
        .await
        .unwrap();
    let clients = ["id_one", "id_none"].map(ToOwned::to_owned);
    let names = tx.find_client_names(&clients).await.unwrap();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [("id_one".to_owned(), "Newsletter digest".to_owned())]
    );
    assert!(tx.find_client_names(&[]).await.unwrap().is_empty());
    let names = tx
        .find_organization_names(&[porto, OrganizationId(99)])
        .await
        .unwrap();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [(porto, "City of Porto".to_owned())]
    );
    let admins = tx.list_admin_emails(9).await.unwrap();
    assert_eq!(admins, ["ada@example.org", "bea@example.org"]);
    assert_eq!(tx.list_admin_emails(1).await.unwrap().len(), 1);
    tx.commit().await.unwrap();

    database
        .execute(
            "INSERT INTO participants (id, organization_id, nickname, nickname_key, email, email_key, name, name_key,
                 extra, created_at, updated_at, generation, version)
             VALUES (7, 1, 'Ada', 'ada', 'a@b.example', 'a@b.example', 'A', 'a', '{}',
                 '2026-11-23T12:00:00+00:00', '2026-11-23T12:00:00+00:00', 0, 1)",
        )
        .await;
    let mut tx = store.read().await.unwrap();
    let ids = [7, 8].map(ParticipantId);
    let names = tx.find_nicknames(&ids).await.unwrap();
    let names: Vec<_> = names.into_iter().collect();
    assert_eq!(names, [(ids[0], "Ada".to_owned())]);
    assert!(tx.find_nicknames(&[]).await.unwrap().is_empty());
});
