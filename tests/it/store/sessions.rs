//! Sessions of administrators, by the digest of their id.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::AdminId;
use claviger::domain::role::Role;
use claviger::store::{Error, SessionRow, Store};

use super::{change, moment, tick};

async fn add_admin(store: &Store, email: &str) -> AdminId {
    let (mut tx, _) = change(store).await;
    let admin = tx
        .insert_admin(email, Role::Manager, "hash", moment())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    admin.id
}

/// Begins a session that was used at a moment and may last an hour.
async fn begin(store: &Store, digest: &[u8], admin: AdminId, now: Time) {
    let mut tx = store.write().await.unwrap();
    let ends_at = now + TimeDelta::hours(1);
    tx.insert_session(digest, admin, now, Some("192.0.2.1"), ends_at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn find(store: &Store, digest: &[u8]) -> Option<SessionRow> {
    store.find_session(digest).await.unwrap()
}

on_both!(a_session_comes_back_whole, async |database| {
    let store = &database.store;
    let admin = add_admin(store, "ada@example.org").await;
    let ends_at = moment() + TimeDelta::hours(12);
    let mut tx = store.write().await.unwrap();
    tx.insert_session(&[0, 255], admin, moment(), None, ends_at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let admin = store
        .read()
        .await
        .unwrap()
        .find_admin("ada@example.org")
        .await
        .unwrap()
        .unwrap()
        .admin;
    assert_eq!(
        find(store, &[0, 255]).await,
        Some(SessionRow {
            admin,
            seen_at: moment(),
            ends_at
        })
    );
    assert_eq!(find(store, &[0]).await, None);
});

on_both!(where_a_session_began_is_kept, async |database| {
    let admin = add_admin(&database.store, "ada@example.org").await;
    begin(&database.store, b"one", admin, moment()).await;
    assert_eq!(
        database
            .count("admin_sessions WHERE address = '192.0.2.1'")
            .await,
        1
    );
});

on_both!(a_session_is_somebodys, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let stray = tx
        .insert_session(b"stray", AdminId(9), moment(), None, moment())
        .await;
    assert!(matches!(stray, Err(Error::Defect(_))), "{stray:?}");
});

on_both!(a_digest_names_one_session, async |database| {
    let admin = add_admin(&database.store, "ada@example.org").await;
    begin(&database.store, b"one", admin, moment()).await;
    let mut tx = database.store.write().await.unwrap();
    let again = tx
        .insert_session(b"one", admin, moment(), None, moment())
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(use_is_noted_for_one_session, async |database| {
    let store = &database.store;
    let admin = add_admin(store, "ada@example.org").await;
    begin(store, b"one", admin, moment()).await;
    begin(store, b"two", admin, moment()).await;
    let mut tx = store.write().await.unwrap();
    tx.update_session_seen(b"one", moment() + tick())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        find(store, b"one").await.unwrap().seen_at,
        moment() + tick()
    );
    assert_eq!(find(store, b"two").await.unwrap().seen_at, moment());
});

on_both!(
    a_session_ends_alone_or_with_all_of_its_administrator,
    async |database| {
        let store = &database.store;
        let (ada, bea) = (
            add_admin(store, "ada@example.org").await,
            add_admin(store, "bea@example.org").await,
        );
        for (digest, admin) in [(b"1", ada), (b"2", ada), (b"3", ada), (b"4", bea)] {
            begin(store, digest, admin, moment()).await;
        }
        let mut tx = store.write().await.unwrap();
        tx.delete_session(b"1").await.unwrap();
        tx.commit().await.unwrap();
        let mut left = Vec::new();
        for digest in [b"1", b"2", b"3", b"4"] {
            left.push(find(store, digest).await.is_some());
        }
        assert_eq!(left, [false, true, true, true]);
        let mut tx = store.write().await.unwrap();
        tx.delete_sessions_of(ada).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(store, b"2").await, None);
        assert_eq!(find(store, b"3").await, None);
        assert!(find(store, b"4").await.is_some());
    }
);

on_both!(ended_sessions_are_forgotten, async |database| {
    let store = &database.store;
    let admin = add_admin(store, "ada@example.org").await;
    let now = moment() + TimeDelta::hours(1);
    // Begun at `moment`, the first ends exactly now, and the other later.
    begin(store, b"ended", admin, moment()).await;
    begin(store, b"alive", admin, moment() + tick()).await;
    let mut tx = store.write().await.unwrap();
    tx.update_session_seen(b"ended", now).await.unwrap();
    assert_eq!(tx.delete_ended_sessions(now).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(find(store, b"alive").await.is_some());
    assert_eq!(database.count("admin_sessions").await, 1);
});
