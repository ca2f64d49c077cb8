//! Sessions of administrators, by the digest of their id.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::device::Device;
use claviger::domain::ids::{AdminId, Sequence, Version};
use claviger::domain::role::Role;
use claviger::store::{Error, NewSession, SessionRow, Store};

use super::{change, moment, stamp, tick};

async fn add_admin(store: &Store, email: &str) -> AdminId {
    let (mut tx, _) = change(store).await;
    let admin = tx
        .insert_admin(
            email,
            Role::Manager,
            "hash",
            &stamp("shell:tester", moment(), Version(1)),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    admin.id
}

/// A session that begins at [`moment`], without an address.
fn session(digest: &[u8], admin: AdminId) -> NewSession<'_> {
    NewSession {
        digest,
        admin,
        at: moment(),
        ends_at: moment(),
        address: None,
        device: Device::default(),
    }
}

/// Begins a session that was used at a moment and may last an hour.
async fn begin(store: &Store, digest: &[u8], admin: AdminId, now: Time) {
    let mut tx = store.write().await.unwrap();
    let ends_at = now + TimeDelta::hours(1);
    let new = NewSession {
        at: now,
        ends_at,
        address: Some("192.0.2.1"),
        device: Device::parse("Firefox/Linux"),
        ..session(digest, admin)
    };
    tx.insert_session(&new).await.unwrap();
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
    let new = NewSession {
        ends_at,
        ..session(&[0, 255], admin)
    };
    tx.insert_session(&new).await.unwrap();
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
            ends_at,
            proved_at: moment(),
            newest_event: Sequence(0),
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
    let stray = tx.insert_session(&session(b"stray", AdminId(9))).await;
    assert!(matches!(stray, Err(Error::Defect(_))), "{stray:?}");
});

on_both!(a_digest_names_one_session, async |database| {
    let admin = add_admin(&database.store, "ada@example.org").await;
    begin(&database.store, b"one", admin, moment()).await;
    let mut tx = database.store.write().await.unwrap();
    let again = tx.insert_session(&session(b"one", admin)).await;
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
        assert_eq!(tx.delete_sessions_of(ada).await.unwrap(), 2);
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

on_both!(
    an_administrator_was_seen_when_a_session_was,
    async |database| {
        let store = &database.store;
        let admin = add_admin(store, "ada@example.org").await;
        let seen = async || {
            let mut tx = store.read().await.unwrap();
            let found = tx.find_admin_by_id(admin).await.unwrap();
            found.unwrap().seen_at
        };
        assert_eq!(seen().await, None);
        begin(store, b"one", admin, moment()).await;
        assert_eq!(seen().await, Some(moment()));
        let mut tx = store.write().await.unwrap();
        tx.update_session_seen(b"one", moment() + tick())
            .await
            .unwrap();
        tx.delete_session(b"one").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(seen().await, Some(moment() + tick()));
    }
);

on_both!(a_proof_is_noted_for_one_session, async |database| {
    let store = &database.store;
    let admin = add_admin(store, "ada@example.org").await;
    begin(store, b"one", admin, moment()).await;
    begin(store, b"two", admin, moment()).await;
    let mut tx = store.write().await.unwrap();
    let proof = moment() + tick();
    assert!(tx.update_session_proof(b"one", proof).await.unwrap());
    assert!(!tx.update_session_proof(b"ended", proof).await.unwrap());
    tx.commit().await.unwrap();
    let mut proved = Vec::new();
    for digest in [b"one", b"two"] {
        proved.push(find(store, digest).await.unwrap().proved_at - moment());
    }
    assert_eq!(proved, [tick(), TimeDelta::zero()]);
});

on_both!(
    sessions_are_listed_for_their_administrator_and_ended_but_one,
    async |database| {
        let store = &database.store;
        let ada = add_admin(store, "ada@example.org").await;
        let bea = add_admin(store, "bea@example.org").await;
        for (digest, admin, at) in [
            (b"1", ada, moment()),
            (b"2", ada, moment() + tick()),
            (b"3", ada, moment() - TimeDelta::hours(1)),
            (b"4", bea, moment()),
        ] {
            begin(store, digest, admin, at).await;
        }
        let mut tx = store.write().await.unwrap();
        let listed = async |tx: &mut claviger::store::Tx, used_after, limit| {
            let rows = tx.list_sessions_of(ada, used_after, moment(), limit).await;
            let digests = rows.unwrap().into_iter().map(|row| row.digest);
            digests.collect::<Vec<_>>()
        };
        let earlier = moment() - TimeDelta::hours(2);
        // The third has ended.
        assert_eq!(listed(&mut tx, earlier, 9).await, [b"2", b"1"]);
        assert_eq!(listed(&mut tx, earlier, 1).await, [b"2"]);
        assert_eq!(listed(&mut tx, moment(), 9).await, [b"2"]);
        let rows = tx.list_sessions_of(bea, earlier, moment(), 9).await;
        let row = rows.unwrap().remove(0);
        assert_eq!(row.device, Device::parse("Firefox/Linux"));
        assert_eq!(row.address.as_deref(), Some("192.0.2.1"));
        assert_eq!((row.created_at, row.seen_at), (moment(), moment()));

        assert_eq!(tx.delete_other_sessions_of(ada, b"1").await.unwrap(), 2);
        assert_eq!(listed(&mut tx, earlier, 9).await, [b"1"]);
        tx.commit().await.unwrap();
        assert_eq!(database.count("admin_sessions").await, 2);
    }
);
