//! Secrets of clients: digests, sealed copies, and how they end.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::secret::SecretKind;
use claviger::store::{Error, Store, StoredSecret};

use super::{add_client, change, checked, moment, tick};

fn secret(client: ClientNumber, hint: &str) -> StoredSecret {
    StoredSecret {
        number: SecretNumber(0),
        client,
        kind: SecretKind::Generated,
        digest: vec![0, 1, 254, 255],
        sealed: Some(b"sealed".to_vec()),
        hint: Some(hint.to_owned()),
        created_at: moment(),
        expires_at: None,
        revoked_at: None,
    }
}

async fn add(store: &Store, row: &StoredSecret) -> SecretNumber {
    let (mut tx, _) = change(store).await;
    let number = tx.insert_secret(row, "shell:tester").await.unwrap();
    tx.commit().await.unwrap();
    number
}

async fn list(store: &Store, client: ClientNumber) -> Vec<StoredSecret> {
    store
        .read()
        .await
        .unwrap()
        .list_secrets(client)
        .await
        .unwrap()
}

async fn ends(store: &Store, client: ClientNumber) -> Vec<Option<Time>> {
    list(store, client)
        .await
        .into_iter()
        .map(|row| row.expires_at)
        .collect()
}

on_both!(
    a_secret_comes_back_whole_the_newest_first,
    async |database| {
        let store = &database.store;
        let client = add_client(store, "id_one", &checked("One")).await;
        let other = add_client(store, "id_two", &checked("Two")).await;
        let bare = StoredSecret {
            sealed: None,
            kind: SecretKind::Chosen,
            ..secret(client, "wxyz")
        };
        let ending = StoredSecret {
            expires_at: Some(moment() + tick()),
            number: SecretNumber(77),
            ..secret(client, "äöü🗝")
        };
        let first = add(store, &bare).await;
        add(store, &secret(other, "else")).await;
        let last = add(store, &ending).await;
        assert!(
            last > first && last != SecretNumber(77),
            "the number is the next free one, whatever the row says"
        );
        assert_eq!(
            list(store, client).await,
            [
                StoredSecret {
                    number: last,
                    ..ending
                },
                StoredSecret {
                    number: first,
                    ..bare
                }
            ]
        );
        assert_eq!(list(store, ClientNumber(99)).await, []);
    }
);

on_both!(a_secret_belongs_to_a_client_that_exists, async |database| {
    let (mut tx, _) = change(&database.store).await;
    let stray = tx
        .insert_secret(&secret(ClientNumber(9), "wxyz"), "shell:tester")
        .await;
    assert!(matches!(stray, Err(Error::Defect(_))), "{stray:?}");
});

on_both!(who_made_a_secret_is_kept, async |database| {
    let client = add_client(&database.store, "id_one", &checked("One")).await;
    add(&database.store, &secret(client, "wxyz")).await;
    assert_eq!(
        database
            .count("client_secrets WHERE created_by = 'shell:tester'")
            .await,
        1
    );
});

on_both!(
    the_others_stop_at_a_moment_and_none_later_than_before,
    async |database| {
        let store = &database.store;
        let client = add_client(store, "id_one", &checked("One")).await;
        let other = add_client(store, "id_two", &checked("Two")).await;
        let at = moment() + TimeDelta::days(1);
        let with_end = |end| StoredSecret {
            expires_at: Some(end),
            ..secret(client, "wxyz")
        };
        add(store, &with_end(at - tick())).await;
        add(store, &with_end(at + tick())).await;
        add(store, &secret(client, "wxyz")).await;
        let kept = add(store, &secret(client, "wxyz")).await;
        add(store, &secret(other, "else")).await;

        let (mut tx, _) = change(store).await;
        tx.expire_other_secrets(client, kept, at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            ends(store, client).await,
            [None, Some(at), Some(at), Some(at - tick())]
        );
        assert_eq!(
            ends(store, other).await,
            [None],
            "another client's secrets go on"
        );
    }
);

on_both!(a_revoked_secret_gets_no_end, async |database| {
    let store = &database.store;
    let client = add_client(store, "id_one", &checked("One")).await;
    add(store, &secret(client, "wxyz")).await;
    let (mut tx, _) = change(store).await;
    tx.revoke_other_secrets(client, None, moment())
        .await
        .unwrap();
    tx.expire_other_secrets(client, SecretNumber(99), moment())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ends(store, client).await, [None]);
});

on_both!(
    revoking_the_others_takes_their_sealed_copies,
    async |database| {
        let store = &database.store;
        let client = add_client(store, "id_one", &checked("One")).await;
        let other = add_client(store, "id_two", &checked("Two")).await;
        for row in [
            secret(client, "1111"),
            secret(other, "2222"),
            secret(client, "3333"),
        ] {
            add(store, &row).await;
        }
        let kept = list(store, client).await[0].number;
        let later = moment() + TimeDelta::hours(1);
        for (kept, now) in [(Some(kept), moment()), (None, later)] {
            let (mut tx, _) = change(store).await;
            tx.revoke_other_secrets(client, kept, now).await.unwrap();
            tx.commit().await.unwrap();
            let rows = list(store, client).await;
            let first = rows
                .iter()
                .find(|row| row.hint.as_deref() == Some("1111"))
                .unwrap();
            assert_eq!(
                (first.revoked_at, &first.sealed),
                (Some(moment()), &None),
                "it was revoked once, then"
            );
            let newest = rows
                .iter()
                .find(|row| row.hint.as_deref() == Some("3333"))
                .unwrap();
            let ended = kept.is_none();
            assert_eq!(
                (newest.revoked_at, newest.sealed.is_none()),
                (ended.then_some(later), ended)
            );
        }
        let untouched = &list(store, other).await[0];
        assert_eq!(
            (untouched.revoked_at, untouched.sealed.is_some()),
            (None, true)
        );
    }
);
