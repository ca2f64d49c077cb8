//! The chain of the audit log: nothing is changed in it unseen, and numbers go by the order of commits.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::event::{Event, Record, Target};
use claviger::domain::ids::Sequence;
use claviger::store::Store;

use super::events::{append, broken, client, record, revoked, verify, verify_in, whole};
use super::{moment, tick};
use crate::support::Database;

/// A log of six records, the third of them swept.
async fn make_log(database: &Database) {
    let store = &database.store;
    append(store, [Event::ClientSuspended {}, Event::ClientResumed {}]).await;
    append(store, [revoked("x")]).await;
    append(store, [Event::ClientSuspended {}, revoked("y")]).await;
    append(store, [Event::ClientResumed {}]).await;
    let swept =
        "UPDATE audit_events SET actor = NULL, target = NULL, data = NULL WHERE sequence = 3";
    database.execute(swept).await;
    assert_eq!(verify(store, old()).await, whole(6));
}

/// Everything in the log was written before.
fn old() -> Time {
    moment() + TimeDelta::days(90)
}

const SWAP: &str = "UPDATE audit_events SET sequence = -1 WHERE sequence = 2;
    UPDATE audit_events SET sequence = 2 WHERE sequence = 4;
    UPDATE audit_events SET sequence = 4 WHERE sequence = -1";

/// Each statement that harms the log, and the first number that does not fit afterwards.
const HARM: [(&str, i64); 18] = [
    (
        "UPDATE audit_events SET data = '{\"by\":1}' WHERE sequence = 4",
        4,
    ),
    (
        "UPDATE audit_events SET actor = 'shell:other' WHERE sequence = 2",
        2,
    ),
    (
        "UPDATE audit_events SET target = 'client:id_two' WHERE sequence = 6",
        6,
    ),
    (
        "UPDATE audit_events SET address = '192.0.2.1' WHERE sequence = 1",
        1,
    ),
    (
        "UPDATE audit_events SET organization_id = 1 WHERE sequence = 1",
        1,
    ),
    ("UPDATE audit_events SET version = 1 WHERE sequence = 5", 5),
    (
        "UPDATE audit_events SET kind = 'client.resumed' WHERE sequence = 1",
        1,
    ),
    (
        "UPDATE audit_events SET kind = 'admin.sign_in_failed' WHERE sequence = 3",
        3,
    ),
    (
        "UPDATE audit_events SET at = (SELECT at FROM audit_events WHERE sequence = 7) WHERE sequence = 3",
        3,
    ),
    (
        "UPDATE audit_events SET data = NULL, actor = NULL, target = NULL WHERE sequence = 4",
        4,
    ),
    ("UPDATE audit_events SET data = '{}' WHERE sequence = 3", 3),
    (
        "UPDATE audit_events SET digest = (SELECT digest FROM audit_events WHERE sequence = 5) WHERE sequence = 3",
        3,
    ),
    (
        "UPDATE audit_events SET hash = (SELECT hash FROM audit_events WHERE sequence = 1) WHERE sequence = 2",
        2,
    ),
    ("DELETE FROM audit_events WHERE sequence = 3", 3),
    ("DELETE FROM audit_events WHERE sequence = 1", 1),
    ("DELETE FROM audit_events WHERE sequence = 7", 7),
    (SWAP, 2),
    ("UPDATE audit_events SET sequence = 8 WHERE sequence = 7", 7),
];

on_both!(what_was_changed_by_hand_is_found, async |database| {
    let store = &database.store;
    make_log(&database).await;
    // The newest record has another moment.
    let mut tx = store.write().await.unwrap();
    let last = Record {
        at: moment() + tick(),
        ..record(client("id_one"), Event::ClientSuspended {})
    };
    tx.append_events(&[last]).await.unwrap();
    tx.commit().await.unwrap();
    let copy = "CREATE TABLE kept AS SELECT * FROM audit_events";
    database.execute(copy).await;
    for (harm, sequence) in HARM {
        database.execute(harm).await;
        assert_eq!(verify(store, old()).await, broken(sequence), "{harm}");
        let restore = "DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept ORDER BY sequence";
        database.execute(restore).await;
        assert_eq!(verify(store, old()).await, whole(7), "{harm}");
    }
});

on_both!(a_head_that_was_changed_is_found, async |database| {
    let store = &database.store;
    make_log(&database).await;
    database
        .execute("CREATE TABLE kept AS SELECT * FROM audit_head")
        .await;
    for (harm, sequence) in [
        ("UPDATE audit_head SET sequence = 5", 5),
        (
            "UPDATE audit_head SET sequence = 5, hash = (SELECT hash FROM audit_events WHERE sequence = 5)",
            6,
        ),
        ("UPDATE audit_head SET sequence = 7", 7),
        (
            "UPDATE audit_head SET hash = (SELECT hash FROM audit_events WHERE sequence = 5)",
            6,
        ),
        ("DELETE FROM audit_head", 1),
    ] {
        database.execute(harm).await;
        let found = verify(store, old()).await;
        assert_eq!(found.broken, Some(Sequence(sequence)), "{harm}");
        let restore = "DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept";
        database.execute(restore).await;
    }
    assert_eq!(verify(store, old()).await, whole(6));
});

on_both!(a_long_log_is_verified_to_its_end, async |database| {
    let store = &database.store;
    assert_eq!(verify(store, moment()).await, whole(0));
    let mut tx = store.write().await.unwrap();
    let records = vec![record(Target::Directory, Event::ClientSuspended {}); 2_003];
    tx.append_events(&records).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(verify(store, moment()).await, whole(2_003));
    database
        .execute("UPDATE audit_events SET data = '[]' WHERE sequence = 2001")
        .await;
    assert_eq!(verify(store, moment()).await, broken(2_001));
});

/// Appends one record, and sees that everything before it is committed when it is.
async fn append_and_look(store: &Store, name: String, changes_directory: bool) {
    let mut tx = store.write().await.unwrap();
    let version = if changes_directory {
        Some(tx.raise_directory_version().await.unwrap())
    } else {
        None
    };
    let target = Target::Unknown(name);
    let record = Record {
        version,
        ..record(target.clone(), Event::ClientSuspended {})
    };
    tx.append_events(&[record]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let sequence = tx.list_events(&target, 1).await.unwrap()[0].sequence;
    let found = verify_in(&mut tx, moment()).await;
    assert!(found.broken.is_none() && found.verified >= sequence);
}

on_both!(
    numbers_go_by_the_order_of_commits_and_have_no_gaps,
    async |database| {
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8 {
            let store = database.store.clone();
            writers.spawn(async move {
                for round in 0..10 {
                    append_and_look(&store, format!("{writer}-{round}"), writer % 2 == 0).await;
                }
            });
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        assert_eq!(verify(&database.store, moment()).await, whole(80));
        // One change of the directory at a time, in the order of versions.
        let versions = "SELECT CAST(version AS TEXT) FROM audit_events WHERE version IS NOT NULL ORDER BY sequence";
        let expected: Vec<String> = (1..=40).map(|version: i32| version.to_string()).collect();
        assert_eq!(database.texts(versions).await, expected);
    }
);
