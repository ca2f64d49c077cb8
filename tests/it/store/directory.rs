//! The counter that every change raises, what changed since, and whether the bytes are whole.

use claviger::domain::ids::{ClientNumber, Version};

use crate::support::{Database, Engine};

use super::{add_client, change, checked, moment, stamp};

on_both!(
    the_version_begins_at_nothing_and_rises_by_one,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        assert_eq!(tx.find_directory_version().await.unwrap(), Version(0));
        assert_eq!(tx.raise_directory_version().await.unwrap(), Version(1));
        assert_eq!(tx.raise_directory_version().await.unwrap(), Version(2));
        assert_eq!(tx.find_directory_version().await.unwrap(), Version(2));
        tx.commit().await.unwrap();
        assert_eq!(
            database
                .store
                .read()
                .await
                .unwrap()
                .find_directory_version()
                .await
                .unwrap(),
            Version(2)
        );
    }
);

on_both!(changed_clients_are_those_stamped_since, async |database| {
    let store = &database.store;
    for client in ["id_1", "id_2", "id_3"] {
        add_client(store, client, &checked("Name")).await;
    }
    let before = store
        .read()
        .await
        .unwrap()
        .find_directory_version()
        .await
        .unwrap();
    let (mut tx, version) = change(store).await;
    tx.stamp_client(ClientNumber(1), version).await.unwrap();
    tx.revoke_client(ClientNumber(3), &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    let mut changed = tx.list_changed_clients(before).await.unwrap();
    changed.sort();
    assert_eq!(
        changed,
        [
            ("id_1".to_owned(), ClientNumber(1)),
            ("id_3".to_owned(), ClientNumber(3))
        ]
    );
    assert_eq!(tx.list_changed_clients(version).await.unwrap(), []);
    assert_eq!(
        tx.list_changed_clients(Version::BEFORE_ALL)
            .await
            .unwrap()
            .len(),
        3
    );
});

on_both!(a_healthy_database_has_no_damage, async |database| {
    add_client(&database.store, "id_1", &checked("Name")).await;
    assert_eq!(
        database
            .store
            .read()
            .await
            .unwrap()
            .find_damage()
            .await
            .unwrap(),
        None
    );
});

#[tokio::test]
async fn damage_is_named() {
    let database = Database::new(Engine::Sqlite).await;
    database
        .execute(
            "PRAGMA ignore_check_constraints = ON; INSERT INTO directory_version VALUES (2, 0)",
        )
        .await;
    let damage = database
        .store
        .read()
        .await
        .unwrap()
        .find_damage()
        .await
        .unwrap();
    assert_eq!(
        damage.as_deref(),
        Some("CHECK constraint failed in directory_version")
    );
}
