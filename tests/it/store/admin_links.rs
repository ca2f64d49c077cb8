//! One-time links of administrators.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::admin::AdminLink;
use claviger::domain::role::Role;

use super::{moment, tick};

fn link(email: &str, role: Option<Role>, ends_at: Time) -> AdminLink {
    AdminLink {
        email: email.to_owned(),
        role,
        made_by: "ada@example.org".to_owned(),
        created_at: moment(),
        ends_at,
    }
}

on_both!(
    a_link_is_found_by_its_digest_and_its_address,
    async |database| {
        let ends_at = moment() + TimeDelta::hours(72);
        let invitation = link("bea@example.org", Some(Role::Auditor), ends_at);
        let password = link("cid@example.org", None, ends_at + tick());
        let mut tx = database.store.write().await.unwrap();
        tx.put_admin_link(&invitation, b"one").await.unwrap();
        tx.put_admin_link(&password, b"two").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = database.store.read().await.unwrap();
        for (digest, link) in [(b"one", &invitation), (b"two", &password)] {
            let found = tx.find_admin_link(digest).await.unwrap();
            assert_eq!(found.as_ref(), Some(link));
            let found = tx.find_admin_link_of(&link.email).await.unwrap();
            assert_eq!(found.as_ref(), Some(link));
        }
        assert_eq!(tx.find_admin_link(b"on").await.unwrap(), None);
        assert_eq!(tx.find_admin_link_of("x").await.unwrap(), None);
        let listed = tx.list_admin_links(9).await.unwrap();
        assert_eq!(listed, [password.clone(), invitation]);
        assert_eq!(tx.list_admin_links(1).await.unwrap(), [password]);
    }
);

on_both!(a_new_link_replaces_the_one_before, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let before = link("bea@example.org", Some(Role::Auditor), moment());
    tx.put_admin_link(&before, b"one").await.unwrap();
    let after = AdminLink {
        made_by: "cid@example.org".to_owned(),
        ..link("bea@example.org", Some(Role::Owner), moment() + tick())
    };
    tx.put_admin_link(&after, b"two").await.unwrap();
    assert_eq!(tx.find_admin_link(b"one").await.unwrap(), None);
    assert_eq!(tx.find_admin_link(b"two").await.unwrap(), Some(after));
    assert_eq!(tx.list_admin_links(9).await.unwrap().len(), 1);
});

on_both!(
    links_go_by_their_address_and_after_their_end,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        for (email, digest, end) in [
            ("a@example.org", b"1", moment()),
            ("b@example.org", b"2", moment() + tick()),
            ("c@example.org", b"3", moment() + tick()),
        ] {
            let new = link(email, None, end);
            tx.put_admin_link(&new, digest).await.unwrap();
        }
        assert_eq!(tx.delete_ended_admin_links(moment()).await.unwrap(), 1);
        tx.delete_admin_link("b@example.org").await.unwrap();
        let left = tx.list_admin_links(9).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].email, "c@example.org");
    }
);
