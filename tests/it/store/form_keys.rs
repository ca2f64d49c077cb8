//! Keys of forms that made something.

use chrono::TimeDelta;
use claviger::store::{Error, FormKeyRow};

use super::{moment, tick};

fn row(made: &str, sealed: Option<&str>) -> FormKeyRow {
    FormKeyRow {
        digest: vec![0, 255],
        made: made.to_owned(),
        sealed: sealed.map(ToOwned::to_owned),
    }
}

on_both!(a_form_is_found_by_its_key_and_its_actor, async |database| {
    let mut tx = database.store.write().await.unwrap();
    for (actor, key, made) in [
        ("ada", b"1", row("id_1", Some("sealed"))),
        ("ada", b"2", row("id_2", None)),
        ("bea", b"1", row("id_3", None)),
    ] {
        tx.insert_form_key(actor, key, &made, moment())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = database.store.read().await.unwrap();
    for (actor, key, made) in [
        ("ada", b"1", Some(row("id_1", Some("sealed")))),
        ("ada", b"2", Some(row("id_2", None))),
        ("bea", b"1", Some(row("id_3", None))),
        ("bea", b"2", None),
    ] {
        assert_eq!(tx.find_form_key(actor, key).await.unwrap(), made);
    }
});

on_both!(a_key_is_used_once, async |database| {
    let mut tx = database.store.write().await.unwrap();
    tx.insert_form_key("ada", b"1", &row("id_1", None), moment())
        .await
        .unwrap();
    let again = tx
        .insert_form_key("ada", b"1", &row("id_2", None), moment())
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(
    old_forms_are_deleted_and_secrets_are_removed_before,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let (day, hour) = (TimeDelta::days(1), TimeDelta::hours(1));
        let now = moment() + day;
        for (key, at) in [
            (b"1", moment()),
            (b"2", moment() + tick()),
            (b"3", now - hour),
            (b"4", now - hour + tick()),
        ] {
            let made = row("id_1", Some("sealed"));
            tx.insert_form_key("ada", key, &made, at).await.unwrap();
        }
        let swept = tx.sweep_form_keys(now - day, now - hour).await.unwrap();
        assert_eq!(swept, 1);
        let mut left = Vec::new();
        for key in [b"1", b"2", b"3", b"4"] {
            let found = tx.find_form_key("ada", key).await.unwrap();
            left.push(found.map(|row| row.sealed.is_some()));
        }
        assert_eq!(left, [None, Some(false), Some(false), Some(true)]);
    }
);
