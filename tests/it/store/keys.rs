//! Keys that the server made for itself.

use claviger::domain::ids::Version;
use claviger::store::{Error, KeyRow};

use super::{change, moment, tick};

fn key(purpose: &str, number: i64) -> KeyRow {
    KeyRow {
        purpose: purpose.to_owned(),
        number,
        sealed: vec![0, 255, u8::try_from(number).unwrap()],
        created_at: moment(),
        retires_at: None,
    }
}

on_both!(
    keys_come_back_whole_by_purpose_and_number,
    async |database| {
        let retiring = KeyRow {
            retires_at: Some(moment() + tick()),
            ..key("token", 2)
        };
        let (mut tx, _) = change(&database.store).await;
        for row in [&retiring, &key("token", 1), &key("pepper", 1)] {
            tx.insert_key(row, Version(1)).await.unwrap();
        }
        assert_eq!(
            tx.list_keys(Version::BEFORE_ALL).await.unwrap(),
            [key("pepper", 1), key("token", 1), retiring]
        );
    }
);

on_both!(keys_are_listed_since_a_version, async |database| {
    let (mut tx, first) = change(&database.store).await;
    tx.insert_key(&key("token", 1), first).await.unwrap();
    let second = tx.raise_directory_version().await.unwrap();
    tx.insert_key(&key("token", 2), second).await.unwrap();
    assert_eq!(tx.list_keys(first).await.unwrap(), [key("token", 2)]);
    assert_eq!(tx.list_keys(second).await.unwrap(), []);
});

on_both!(a_purpose_has_one_key_of_a_number, async |database| {
    let (mut tx, version) = change(&database.store).await;
    tx.insert_key(&key("token", 1), version).await.unwrap();
    tx.insert_key(&key("pepper", 1), version).await.unwrap();
    let again = tx.insert_key(&key("token", 1), version).await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});
