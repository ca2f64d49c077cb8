//! Reads of the directory's version on PostgreSQL: a connection of its own, apart from the pool.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use claviger::domain::ids::Version;
use claviger::store::{Error, Missing, Store};

use super::change;
use crate::support::{Database, DatabaseProxy, Engine};

/// The processes that serve connections whose last statement read the version.
async fn probes(database: &Database) -> Vec<String> {
    database
        .texts(
            "SELECT pid::text FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'SELECT version FROM directory_version%'",
        )
        .await
}

#[tokio::test]
async fn a_read_is_one_round_trip() {
    let database = Database::new(Engine::Postgres).await;
    let delay = Duration::from_millis(200);
    let proxy = DatabaseProxy::to(&database.url, delay);
    let store = Store::open(&proxy.url.parse().unwrap(), Missing::Refuse)
        .await
        .unwrap();
    let version_probe = store.version_probe();
    // Connects and prepares the statement.
    version_probe.read().await.unwrap();
    let started = Instant::now();
    version_probe.read().await.unwrap();
    let taken = started.elapsed();
    assert!(taken >= delay && taken < 2 * delay, "{taken:?}");
}

#[tokio::test]
async fn pages_that_use_the_whole_pool_do_not_delay_a_read() {
    let database = Database::new(Engine::Postgres).await;
    let version_probe = database.store.version_probe();
    let mut pages = Vec::new();
    // As many as the pool has.
    for _ in 0..16 {
        pages.push(database.store.read().await.unwrap());
    }
    assert_eq!(version_probe.read().await.unwrap(), Version(0));
    drop(pages);
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_replaced_within_the_read() {
    let database = Database::new(Engine::Postgres).await;
    let version_probe = database.store.version_probe();
    version_probe.read().await.unwrap();
    let [before] = &probes(&database).await[..] else {
        panic!("one connection reads the version");
    };
    database
        .execute(&format!("SELECT pg_terminate_backend({before}, 5000)"))
        .await;
    assert_eq!(version_probe.read().await.unwrap(), Version(0));
    let after = probes(&database).await;
    assert!(after.len() == 1 && after[0] != *before, "{after:?}");
}

#[tokio::test]
async fn a_cancelled_read_costs_no_connection_and_answers_no_later_read() {
    let database = Database::new(Engine::Postgres).await;
    let version_probe = database.store.version_probe();
    version_probe.read().await.unwrap();
    let before = probes(&database).await;
    for expected in 1..=5 {
        {
            // The read begins, and its request is cancelled before the answer.
            let mut read = pin!(version_probe.read());
            poll_fn(|context| {
                assert!(read.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
            tokio::task::yield_now().await;
        }
        let (tx, version) = change(&database.store).await;
        tx.commit().await.unwrap();
        assert_eq!(version, Version(expected));
        assert_eq!(version_probe.read().await.unwrap(), version);
    }
    assert_eq!(probes(&database).await, before);
}

#[tokio::test]
async fn the_answer_to_a_read_that_timed_out_is_no_answer_to_a_later_one() {
    let database = Database::new(Engine::Postgres).await;
    let proxy = DatabaseProxy::to(&database.url, Duration::ZERO);
    let store = Store::open(&proxy.url.parse().unwrap(), Missing::Refuse)
        .await
        .unwrap();
    let version_probe = store.version_probe();
    version_probe.read().await.unwrap();
    proxy.set_silent(true);
    let timed_out = version_probe.read().await;
    assert!(
        matches!(timed_out, Err(Error::Unavailable(_))),
        "{timed_out:?}"
    );
    let (tx, version) = change(&database.store).await;
    tx.commit().await.unwrap();
    proxy.set_silent(false);
    assert_eq!(version_probe.read().await.unwrap(), version);
}

#[tokio::test]
async fn a_store_that_is_closed_leaves_no_connection() {
    let database = Database::new(Engine::Postgres).await;
    let version_probe = database.store.version_probe();
    version_probe.read().await.unwrap();
    assert_eq!(probes(&database).await.len(), 1);
    database.store.close().await;
    // The server learns it from the farewell, a moment later.
    while !probes(&database).await.is_empty() {}
    assert!(version_probe.read().await.is_err());
    assert!(probes(&database).await.is_empty());
}
