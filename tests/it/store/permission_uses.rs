//! When permissions were last exercised.

use claviger::domain::Time;
use claviger::domain::ids::ClientNumber;
use claviger::domain::usage::PermissionUse;

use super::{moment, tick};

fn used(client: i64, permission: &str, used_at: Time) -> PermissionUse {
    PermissionUse {
        client: ClientNumber(client),
        permission: permission.into(),
        used_at,
    }
}

on_both!(
    a_last_use_of_a_permission_moves_on_and_never_back,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        assert!(!tx.has_permission_uses().await.unwrap());
        tx.advance_permission_uses(&[]).await.unwrap();
        for at in [moment(), moment() + tick(), moment() - tick()] {
            let uses = [used(1, "blogs.read", at), used(1, "blogs.write", moment())];
            tx.advance_permission_uses(&uses).await.unwrap();
        }
        tx.advance_permission_uses(&[used(2, "blogs.read", moment())])
            .await
            .unwrap();
        assert!(tx.has_permission_uses().await.unwrap());
        let of = tx.list_permission_uses(ClientNumber(1)).await.unwrap();
        assert_eq!(
            of,
            [
                ("blogs.read".to_owned(), moment() + tick()),
                ("blogs.write".to_owned(), moment()),
            ]
        );
        let none = tx.list_permission_uses(ClientNumber(3)).await.unwrap();
        assert!(none.is_empty());
    }
);
