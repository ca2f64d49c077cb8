//! Administrators.

use std::time::Duration;

use claviger::domain::admin::{Admin, AdminSummary};
use claviger::domain::ids::{AdminId, Version};
use claviger::domain::page::Cursor;
use claviger::domain::role::Role;
use claviger::store::{Error, Stamp};
use tokio::time::timeout;

use super::{change, moment, stamp, tick};

/// The stamp of a shell at [`moment`].
fn made() -> Stamp {
    stamp("shell:tester", moment(), Version(1))
}

on_both!(
    an_administrator_of_every_role_comes_back_whole,
    async |database| {
        for (place, role) in (1..).zip(Role::EVERY) {
            let email = format!("{}@münchen.example", role.as_str());
            let (mut tx, _) = change(&database.store).await;
            assert_eq!(tx.count_admins().await.unwrap(), place - 1);
            let made = tx.insert_admin(&email, role, "$argon2id$…", &made()).await;
            tx.commit().await.unwrap();

            let mut tx = database.store.read().await.unwrap();
            let found = tx.find_admin(&email).await.unwrap().unwrap();
            assert_eq!(
                found.admin,
                Admin {
                    id: AdminId(place),
                    email,
                    role,
                    created_at: moment(),
                    disabled_at: None
                }
            );
            assert_eq!(made.unwrap(), found.admin);
            assert_eq!(found.password_hash, "$argon2id$…");
        }
    }
);

on_both!(
    nobody_changes_an_administrator_who_is_locked,
    async |database| {
        let store = &database.store;
        let (mut tx, _) = change(store).await;
        let stamp = made();
        let ada = tx.insert_admin("ada@example.org", Role::Owner, "hash", &stamp);
        let id = ada.await.unwrap().id;
        tx.commit().await.unwrap();

        let mut tx = store.write().await.unwrap();
        assert!(tx.lock_admin(AdminId(9)).await.unwrap().is_none());
        let locked = tx.lock_admin(id).await.unwrap().unwrap();
        assert_eq!(
            (locked.admin.id, locked.password_hash.as_str()),
            (id, "hash")
        );
        let replacing = async {
            let mut tx = store.write().await.unwrap();
            tx.update_admin_password(id, "other").await.unwrap();
            tx.commit().await.unwrap();
        };
        tokio::pin!(replacing);
        let waiting = timeout(Duration::from_millis(200), &mut replacing).await;
        assert!(waiting.is_err(), "it waits");
        tx.commit().await.unwrap();
        replacing.await;
        let mut tx = store.write().await.unwrap();
        let locked = tx.lock_admin(id).await.unwrap().unwrap();
        assert_eq!(locked.password_hash, "other");
    }
);

on_both!(an_address_belongs_to_one_administrator, async |database| {
    let (mut tx, _) = change(&database.store).await;
    tx.insert_admin("ada@example.org", Role::Owner, "hash", &made())
        .await
        .unwrap();
    let again = tx
        .insert_admin("ada@example.org", Role::Auditor, "hash", &made())
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(nobody_is_found_under_another_address, async |database| {
    let (mut tx, _) = change(&database.store).await;
    tx.insert_admin("ada@example.org", Role::Owner, "hash", &made())
        .await
        .unwrap();
    for email in ["Ada@example.org", "ada@example.org ", "%", ""] {
        assert!(tx.find_admin(email).await.unwrap().is_none(), "{email:?}");
    }
});

on_both!(
    a_password_is_replaced_for_one_administrator,
    async |database| {
        let (mut tx, _) = change(&database.store).await;
        let ada = tx
            .insert_admin("ada@example.org", Role::Owner, "old", &made())
            .await
            .unwrap();
        tx.insert_admin("bea@example.org", Role::Manager, "other", &made())
            .await
            .unwrap();
        tx.update_admin_password(ada.id, "new").await.unwrap();
        let mut hash = async |email| tx.find_admin(email).await.unwrap().unwrap().password_hash;
        assert_eq!(hash("ada@example.org").await, "new");
        assert_eq!(hash("bea@example.org").await, "other");
    }
);

on_both!(
    a_disabled_administrator_and_an_unknown_role_come_back,
    async |database| {
        let (mut tx, _) = change(&database.store).await;
        tx.insert_admin("ada@example.org", Role::Owner, "hash", &made())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        database.execute("UPDATE admins SET disabled_at = '2026-11-23T12:00:00.123457+00:00', role = 'emperor'").await;
        let found = database
            .store
            .read()
            .await
            .unwrap()
            .find_admin("ada@example.org")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.admin.disabled_at, Some(moment() + tick()));
        assert_eq!(
            found.admin.role,
            Role::Auditor,
            "a role that is not known may do the least"
        );
    }
);

on_both!(
    administrators_are_listed_in_the_order_of_their_making,
    async |database| {
        let (mut tx, _) = change(&database.store).await;
        for place in 1..=5 {
            let email = format!("{place}@example.org");
            tx.insert_admin(&email, Role::Owner, "hash", &made())
                .await
                .unwrap();
        }
        let ids = |rows: Vec<AdminSummary>| -> Vec<i64> {
            rows.into_iter().map(|row| row.admin.id.0).collect()
        };
        for (cursor, expected) in [
            (Cursor::First, vec![1, 2, 3]),
            (Cursor::After(3), vec![4, 5]),
            (Cursor::Before(5), vec![4, 3, 2]),
        ] {
            let rows = tx.list_admins(cursor, 3).await.unwrap();
            assert_eq!(ids(rows), expected, "{cursor:?}");
        }
        let found = tx.find_admin_by_id(AdminId(2)).await.unwrap().unwrap();
        assert_eq!(found.admin.email, "2@example.org");
        assert_eq!(
            (found.made_by.as_str(), found.seen_at),
            ("shell:tester", None)
        );
        assert!(tx.find_admin_by_id(AdminId(9)).await.unwrap().is_none());
    }
);

on_both!(another_owner_is_one_who_can_sign_in, async |database| {
    let (mut tx, _) = change(&database.store).await;
    for (email, role) in [
        ("ada@example.org", Role::Owner),
        ("bea@example.org", Role::Manager),
    ] {
        tx.insert_admin(email, role, "hash", &made()).await.unwrap();
    }
    let (ada, bea) = (AdminId(1), AdminId(2));
    assert!(!tx.has_other_owner(ada).await.unwrap());
    tx.update_admin_role(bea, Role::Owner).await.unwrap();
    assert!(tx.has_other_owner(ada).await.unwrap());
    tx.update_admin_disabled(bea, Some(moment())).await.unwrap();
    assert!(!tx.has_other_owner(ada).await.unwrap());
    assert!(tx.has_other_owner(bea).await.unwrap());
    let found = tx.find_admin_by_id(bea).await.unwrap().unwrap().admin;
    assert_eq!(
        (found.role, found.disabled_at),
        (Role::Owner, Some(moment()))
    );
    tx.update_admin_disabled(bea, None).await.unwrap();
    assert!(tx.has_other_owner(ada).await.unwrap());
});
