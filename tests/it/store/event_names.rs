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
    let nobody = [ParticipantId(7)];
    assert!(tx.find_nicknames(&nobody).await.unwrap().is_empty());
    let admins = tx.list_admin_emails(9).await.unwrap();
    assert_eq!(admins, ["ada@example.org", "bea@example.org"]);
    assert_eq!(tx.list_admin_emails(1).await.unwrap().len(), 1);
});
