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
        label: None,
        created_at: moment(),
        created_by: "shell:tester".to_owned(),
        expires_at: None,
        revoked_at: None,
        pending_grace: None,
    }
}

async fn add(store: &Store, row: &StoredSecret) -> SecretNumber {
    let (mut tx, _) = change(store).await;
    let number = tx.insert_secret(row).await.unwrap();
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
            label: Some("Wébsite".to_owned()),
            created_by: "ada@example.org".to_owned(),
            pending_grace: Some(i64::MAX),
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
    let stray = tx.insert_secret(&secret(ClientNumber(9), "wxyz")).await;
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
    the_older_ones_stop_at_a_moment_and_none_later_than_before,
    async |database| {
        let store = &database.store;
        let client = add_client(store, "id_one", &checked("One")).await;
        let other = add_client(store, "id_two", &checked("Two")).await;
        let at = moment() + TimeDelta::days(1);
        let with_end = |end| StoredSecret {
            expires_at: Some(end),
            ..secret(client, "wxyz")
        };
        let pending = StoredSecret {
            pending_grace: Some(60),
            ..secret(client, "wxyz")
        };
        add(store, &with_end(at - tick())).await;
        add(store, &with_end(at + tick())).await;
        add(store, &pending).await;
        let kept = add(store, &pending).await;
        add(store, &secret(client, "younger")).await;
        add(store, &secret(other, "else")).await;

        let (mut tx, _) = change(store).await;
        tx.expire_older_secrets(client, kept, at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            ends(store, client).await,
            [None, None, Some(at), Some(at), Some(at - tick())]
        );
        let graces = list(store, client).await;
        let graces = graces.iter().map(|row| row.pending_grace);
        assert_eq!(
            graces.collect::<Vec<_>>(),
            [None, Some(60), None, None, None],
            "none of them waits any more"
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
    tx.revoke_secrets(client, None, moment()).await.unwrap();
    tx.expire_older_secrets(client, SecretNumber(99), moment())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ends(store, client).await, [None]);
});

on_both!(
    revoking_the_older_ones_takes_their_sealed_copies,
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
        let newest = list(store, client).await[0].number;
        let later = moment() + TimeDelta::hours(1);
        for (older_than, now) in [(Some(newest), moment()), (None, later)] {
            let (mut tx, _) = change(store).await;
            tx.revoke_secrets(client, older_than, now).await.unwrap();
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
            let ended = older_than.is_none();
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

on_both!(one_secret_ends_and_the_others_go_on, async |database| {
    let store = &database.store;
    let client = add_client(store, "id_one", &checked("One")).await;
    let pending = StoredSecret {
        pending_grace: Some(60),
        ..secret(client, "1111")
    };
    let (first, second) = (add(store, &pending).await, add(store, &pending).await);
    for now in [moment(), moment() + tick()] {
        let (mut tx, _) = change(store).await;
        tx.revoke_secret(first, now).await.unwrap();
        tx.commit().await.unwrap();
    }
    let rows = list(store, client).await;
    assert_eq!(
        (rows[1].revoked_at, &rows[1].sealed, rows[1].pending_grace),
        (Some(moment()), &None, None),
        "once"
    );
    let untouched = StoredSecret {
        number: second,
        ..pending
    };
    assert_eq!(rows[0], untouched);
});

on_both!(a_secret_is_activated_and_labelled_alone, async |database| {
    let store = &database.store;
    let client = add_client(store, "id_one", &checked("One")).await;
    let pending = StoredSecret {
        pending_grace: Some(0),
        ..secret(client, "1111")
    };
    let (first, _) = (add(store, &pending).await, add(store, &pending).await);
    let (mut tx, _) = change(store).await;
    tx.activate_secret(first).await.unwrap();
    tx.label_secret(first, Some("Website")).await.unwrap();
    tx.commit().await.unwrap();
    let states = async || -> Vec<(Option<i64>, Option<String>)> {
        let rows = list(store, client).await.into_iter();
        rows.map(|row| (row.pending_grace, row.label)).collect()
    };
    assert_eq!(
        states().await,
        [(Some(0), None), (None, Some("Website".to_owned()))]
    );
    let (mut tx, _) = change(store).await;
    tx.label_secret(first, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(states().await, [(Some(0), None), (None, None)]);
});
