//! Administrators.

use claviger::domain::admin::Admin;
use claviger::domain::ids::AdminId;
use claviger::domain::role::Role;
use claviger::store::Error;

use super::{change, moment, tick};

on_both!(
    an_administrator_of_every_role_comes_back_whole,
    async |database| {
        for (place, role) in (1..).zip(Role::EVERY) {
            let email = format!("{}@münchen.example", role.as_str());
            let (mut tx, _) = change(&database.store).await;
            assert_eq!(tx.count_admins().await.unwrap(), place - 1);
            let made = tx.insert_admin(&email, role, "$argon2id$…", moment()).await;
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

on_both!(an_address_belongs_to_one_administrator, async |database| {
    let (mut tx, _) = change(&database.store).await;
    tx.insert_admin("ada@example.org", Role::Owner, "hash", moment())
        .await
        .unwrap();
    let again = tx
        .insert_admin("ada@example.org", Role::Auditor, "hash", moment())
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(nobody_is_found_under_another_address, async |database| {
    let (mut tx, _) = change(&database.store).await;
    tx.insert_admin("ada@example.org", Role::Owner, "hash", moment())
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
            .insert_admin("ada@example.org", Role::Owner, "old", moment())
            .await
            .unwrap();
        tx.insert_admin("bea@example.org", Role::Manager, "other", moment())
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
        tx.insert_admin("ada@example.org", Role::Owner, "hash", moment())
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
