//! The two doors: what a transaction sees, what it leaves, and who waits for whom.

use claviger::domain::count::Count;
use claviger::domain::ids::{ClientNumber, Version};
use claviger::domain::organization::CheckedOrganization;
use claviger::store::{Error, Store};

use crate::support::{Database, Engine};

use super::{add_client, add_organization, change, checked, id, moment, stamp};

on_both!(a_dropped_transaction_leaves_nothing, async |database| {
    let store = &database.store;
    let (mut tx, version) = change(store).await;
    tx.insert_client(
        &id("id_one"),
        &checked("One"),
        &stamp("shell:tester", moment(), version),
    )
    .await
    .unwrap();
    assert!(
        tx.find_client(&id("id_one")).await.unwrap().is_some(),
        "it sees its own work"
    );
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.find_client(&id("id_one")).await.unwrap(), None);
    assert_eq!(
        tx.find_directory_version().await.unwrap(),
        Version(version.0 - 1)
    );
});

on_both!(what_is_not_committed_is_not_seen, async |database| {
    let (writing, version) = change(&database.store).await;
    let mut reading = database.store.read().await.unwrap();
    assert_eq!(
        reading.find_directory_version().await.unwrap(),
        Version(version.0 - 1)
    );
    drop(reading);
    writing.commit().await.unwrap();
    let mut reading = database.store.read().await.unwrap();
    assert_eq!(reading.find_directory_version().await.unwrap(), version);
});

on_both!(a_reader_sees_one_moment, async |database| {
    let store = &database.store;
    let mut reading = store.read().await.unwrap();
    assert_eq!(
        reading.count_live_clients().await.unwrap(),
        Count::exactly(0)
    );
    add_client(store, "id_one", &checked("One")).await;
    assert_eq!(
        reading.count_live_clients().await.unwrap(),
        Count::exactly(0)
    );
    assert_eq!(reading.find_client(&id("id_one")).await.unwrap(), None);
    assert_eq!(
        store
            .read()
            .await
            .unwrap()
            .count_live_clients()
            .await
            .unwrap(),
        Count::exactly(1)
    );
});

#[tokio::test]
async fn postgres_itself_refuses_to_write_behind_the_reading_door() {
    let database = Database::new(Engine::Postgres).await;
    let mut reading = database.store.read().await.unwrap();
    let refused = reading.raise_directory_version().await.unwrap_err();
    assert!(
        matches!(&refused, Error::Unavailable(cause) if cause.to_string().contains("read-only transaction")),
        "{refused:?}"
    );
    drop(reading);
    assert_eq!(
        database
            .store
            .read()
            .await
            .unwrap()
            .find_directory_version()
            .await
            .unwrap(),
        Version(0)
    );
}

on_both!(
    a_taken_value_ends_one_transaction_and_no_other,
    async |database| {
        let store = &database.store;
        add_client(store, "id_one", &checked("One")).await;
        let (mut tx, version) = change(store).await;
        let taken = tx
            .insert_client(
                &id("id_one"),
                &checked("Two"),
                &stamp("shell:tester", moment(), version),
            )
            .await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
        drop(tx);
        assert_eq!(
            add_client(store, "id_two", &checked("Two")).await,
            ClientNumber(2)
        );
    }
);

/// Eight writers at once, 25 times each: reads, then writes, then leaves.
async fn writers_queue(database: Database) {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let store = database.store.clone();
        writers.spawn(async move {
            for round in 0..25 {
                add_organization_after_reading(&store, &format!("{writer}-{round}")).await;
            }
        });
    }
    writers.join_all().await;

    let mut tx = database.store.read().await.unwrap();
    assert_eq!(tx.find_directory_version().await.unwrap(), Version(200));
    let organizations = tx.list_organizations(Version::BEFORE_ALL).await.unwrap();
    assert_eq!(organizations.len(), 200);
    // Ids are the next free ones, so they rise with the versions only if each writer saw the one before.
    assert!(
        organizations
            .iter()
            .all(|organization| organization.id.0 == organization.version.0)
    );
}

async fn add_organization_after_reading(store: &Store, name: &str) {
    let mut tx = store.write().await.unwrap();
    tx.count_organizations().await.unwrap();
    let version = tx.raise_directory_version().await.unwrap();
    let new = CheckedOrganization {
        name: name.to_owned(),
        host: None,
    };
    tx.insert_organization(&new, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_queue_on_sqlite() {
    writers_queue(Database::new(Engine::Sqlite).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_queue_on_postgres() {
    writers_queue(Database::new(Engine::Postgres).await).await;
}

on_both!(a_closed_store_is_unavailable, async |database| {
    database.store.close().await;
    for opened in [database.store.read().await, database.store.write().await] {
        assert!(matches!(opened, Err(Error::Unavailable(_))), "{opened:?}");
    }
});

/// What SQLite does by itself when a disk is full: the transaction is gone before anybody asks for it.
#[tokio::test]
async fn a_transaction_that_the_engine_ends_itself_spoils_no_connection() {
    let database = Database::new(Engine::Sqlite).await;
    database
        .execute("CREATE TRIGGER full BEFORE UPDATE ON organizations BEGIN SELECT RAISE(ROLLBACK, 'no space'); END")
        .await;
    let store = &database.store;
    let organization = add_organization(store, "Porto", None).await;
    for _ in 0..10 {
        let (mut tx, version) = change(store).await;
        tx.archive_organization(organization, &stamp("shell:tester", moment(), version))
            .await
            .unwrap_err();
        tx.commit().await.unwrap_err();
        let mut tx = store.read().await.unwrap();
        tx.find_directory_version().await.unwrap();
    }
    for expected in 2..12 {
        let (tx, version) = change(store).await;
        tx.commit().await.unwrap();
        assert_eq!(version, Version(expected));
        let mut tx = store.read().await.unwrap();
        assert_eq!(
            tx.find_directory_version().await.unwrap(),
            Version(expected)
        );
    }
}
