//! Participants: added, found by id and by name, changed, blocked.

use chrono::TimeDelta;
use claviger::domain::count::Count;
use claviger::domain::ids::{OrganizationId, ParticipantId, Version};
use claviger::domain::participant::{
    Extra, NewParticipant, Nickname, Participant, ParticipantDetails, ParticipantEmail,
    ParticipantKey,
};
use claviger::store::{Error, Stamp, Store};
use serde_json::json;

use crate::support::secret;

use super::{add_organization, change, moment, stamp};

/// A participant with an address of its own, without a password.
pub(super) fn new(organization_id: OrganizationId, nickname: &str) -> NewParticipant {
    NewParticipant {
        organization_id,
        nickname: Nickname::parse(nickname).unwrap(),
        email: ParticipantEmail::parse(&format!("{nickname}@example.org")).unwrap(),
        name: nickname.to_owned(),
        password_hash: None,
        extra: Extra::default(),
        accepted_terms: false,
        confirmed: false,
    }
}

/// Adds participants in a transaction of their own, and says the first id and the stamp.
pub(super) async fn add(store: &Store, new: &[NewParticipant]) -> (ParticipantId, Stamp) {
    let (mut tx, version) = change(store).await;
    let stamp = stamp("shell:tester", moment(), version);
    let first = tx.insert_participants(new, &stamp).await.unwrap();
    tx.commit().await.unwrap();
    (first, stamp)
}

async fn found(store: &Store, id: ParticipantId) -> Participant {
    let mut tx = store.read().await.unwrap();
    tx.find_participant(id).await.unwrap().unwrap()
}

fn extra(value: serde_json::Value) -> Extra {
    Extra::new(value.as_object().unwrap().clone()).unwrap()
}

on_both!(a_participant_comes_back_whole, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    for (id, (accepted_terms, confirmed, hash)) in
        (1..).zip([(true, false, Some("$argon2id$…")), (false, true, None)])
    {
        let new = NewParticipant {
            name: "Zoë 東京".to_owned(),
            password_hash: hash.map(secret),
            extra: extra(json!({"age": 7, "a": ["\0", null]})),
            accepted_terms,
            confirmed,
            ..new(porto, &format!("Zoë_{id}"))
        };
        let (mut tx, version) = change(store).await;
        let stamp = stamp("shell:tester", moment(), version);
        let made = tx.insert_participant(&new, &stamp).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(made, ParticipantId(id));
        let expected = Participant {
            id: made,
            organization_id: porto,
            nickname: new.nickname,
            email: new.email,
            name: new.name,
            extra: new.extra,
            created_at: moment(),
            updated_at: moment(),
            accepted_terms_at: accepted_terms.then(moment),
            confirmed_at: confirmed.then(moment),
            blocked_at: None,
            generation: 0,
            has_password: hash.is_some(),
            version,
        };
        assert_eq!(found(store, made).await, expected);
        let mut tx = store.read().await.unwrap();
        let stored = tx.find_participant_password(made).await.unwrap();
        assert_eq!(stored.as_deref(), hash);
    }
    let mut tx = store.read().await.unwrap();
    let nobody = ParticipantId(9);
    assert_eq!(tx.find_participant(nobody).await.unwrap(), None);
    assert_eq!(tx.find_participant_password(nobody).await.unwrap(), None);
});

on_both!(
    a_name_is_found_and_taken_whatever_its_case_and_form,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let bern = add_organization(store, "Bern", None).await;
        let (ada, _) = add(store, &[new(porto, "Ada"), new(porto, "straße")]).await;
        let (other, _) = add(store, &[new(bern, "ADA")]).await;
        let mut tx = store.read().await.unwrap();
        for (organization, username, expected) in [
            (porto, "ada", Some(1)),
            (porto, "\u{FF21}\u{FF24}\u{FF21}", Some(1)),
            (porto, "ADA@EXAMPLE.ORG", Some(1)),
            (porto, "STRASSE", Some(2)),
            (bern, "ada", Some(3)),
            (bern, "strasse", None),
            (porto, "ad", None),
            (porto, "a\0", None),
            (porto, "", None),
        ] {
            let key = ParticipantKey::of(username);
            let found = tx.find_participant_named(organization, &key).await.unwrap();
            assert_eq!(found.map(|found| found.id.0), expected, "{username:?}");
        }
        let keys = ["bea", "ada", "x@y", "\u{FF21}da@example.org"].map(ParticipantKey::of);
        for (organization, owner) in [(porto, ada), (bern, other)] {
            let taken = tx.list_taken_participant_keys(organization, &keys);
            let expected = [1, 3].map(|place: usize| (keys[place].clone(), owner));
            assert_eq!(taken.await.unwrap(), expected.into_iter().collect());
        }
        drop(tx);
        for again in [
            new(porto, "aDa"),
            NewParticipant {
                email: ParticipantEmail::parse("ADA@example.org").unwrap(),
                ..new(porto, "bea")
            },
        ] {
            let (mut tx, version) = change(store).await;
            let stamp = stamp("shell:tester", moment(), version);
            let refused = tx.insert_participant(&again, &stamp).await;
            assert!(matches!(refused, Err(Error::Taken)), "{refused:?}");
        }
    }
);

on_both!(many_are_added_and_looked_up_at_once, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let many: Vec<NewParticipant> = (0..1_203).map(|n| new(porto, &format!("p{n}"))).collect();
    let (first, stamp) = add(store, &many).await;
    assert_eq!(first, ParticipantId(1));
    let last = found(store, ParticipantId(1_203)).await;
    assert_eq!(
        (last.nickname.as_str(), last.version),
        ("p1202", stamp.version)
    );
    let mut tx = store.read().await.unwrap();
    let keys: Vec<ParticipantKey> = many.iter().map(|new| (&new.nickname).into()).collect();
    let taken = tx.list_taken_participant_keys(porto, &keys).await.unwrap();
    assert_eq!(taken.len(), 1_203);
    assert_eq!(taken[&keys[700]], ParticipantId(701));
    let counted = tx.count_participants(porto).await.unwrap();
    assert_eq!(counted, Count::at_least(500));
    drop(tx);
    let (next, _) = add(store, &[new(porto, "one-more")]).await;
    assert_eq!(next, ParticipantId(1_204));
});

on_both!(a_participant_is_changed, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let (ada, _) = add(store, &[new(porto, "ada"), new(porto, "bea")]).await;
    let before = found(store, ada).await;
    let later = moment() + TimeDelta::days(1);
    let (mut tx, version) = change(store).await;
    let stamp = stamp("shell:tester", later, version);
    let details = ParticipantDetails {
        nickname: Nickname::parse("countess").unwrap(),
        email: ParticipantEmail::parse("lovelace@example.org").unwrap(),
        name: "Ada, Countess of Lovelace".to_owned(),
    };
    assert!(tx.update_participant(ada, &details, &stamp).await.unwrap());
    let nobody = ParticipantId(9);
    assert!(
        !tx.update_participant(nobody, &details, &stamp)
            .await
            .unwrap()
    );
    let extra = extra(json!({"k": 1}));
    tx.set_participant_extra(ada, &extra, &stamp).await.unwrap();
    tx.set_participant_password(ada, "$argon2id$…", &stamp)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let expected = Participant {
        nickname: details.nickname.clone(),
        email: details.email.clone(),
        name: details.name.clone(),
        extra,
        has_password: true,
        updated_at: later,
        version,
        ..before
    };
    assert_eq!(found(store, ada).await, expected);
    let (mut tx, _) = change(store).await;
    let stored = tx.find_participant_password(ada).await.unwrap();
    assert_eq!(stored.as_deref(), Some("$argon2id$…"));
    let taken = tx
        .update_participant(ParticipantId(2), &details, &stamp)
        .await;
    assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
});

on_both!(a_block_raises_the_generation_each_time, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let (ada, _) = add(store, &[new(porto, "ada")]).await;
    let nobody = ParticipantId(9);
    for generation in 1..=2 {
        let (mut tx, version) = change(store).await;
        let stamp = stamp("shell:tester", moment(), version);
        assert!(!tx.unblock_participant(ada, version).await.unwrap());
        assert!(tx.block_participant(ada, &stamp).await.unwrap());
        assert!(!tx.block_participant(ada, &stamp).await.unwrap());
        assert!(!tx.block_participant(nobody, &stamp).await.unwrap());
        tx.commit().await.unwrap();
        let blocked = found(store, ada).await;
        assert_eq!(
            (blocked.blocked_at, blocked.generation, blocked.version),
            (Some(moment()), generation, version)
        );
        let (mut tx, version) = change(store).await;
        assert!(tx.unblock_participant(ada, version).await.unwrap());
        assert!(!tx.unblock_participant(nobody, version).await.unwrap());
        tx.commit().await.unwrap();
        let free = found(store, ada).await;
        assert_eq!(
            (free.blocked_at, free.generation, free.version),
            (None, generation, version)
        );
    }
});

on_both!(a_hash_is_renewed_once, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let hashed = NewParticipant {
        password_hash: Some(secret("$argon2id$there")),
        ..new(porto, "ada")
    };
    let (ada, _) = add(store, &[hashed]).await;
    let before = found(store, ada).await;
    for renewed in [true, false] {
        let mut tx = store.write().await.unwrap();
        let done = tx.renew_participant_hash(ada, "$argon2id$there", "$argon2id$own");
        assert_eq!(done.await.unwrap(), renewed);
        tx.commit().await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    let stored = tx.find_participant_password(ada).await.unwrap();
    assert_eq!(stored.as_deref(), Some("$argon2id$own"));
    drop(tx);
    assert_eq!(found(store, ada).await, before, "nothing else changes");
});

on_both!(
    changed_participants_are_those_stamped_since,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let (_, before) = add(
            store,
            &["a", "b", "c", "d", "e"].map(|name| new(porto, name)),
        )
        .await;
        let ids = [1, 2, 3, 4].map(ParticipantId);
        let (mut tx, version) = change(store).await;
        let stamp = stamp("shell:tester", moment(), version);
        let details = found(store, ids[0]).await.details();
        tx.update_participant(ids[0], &details, &stamp)
            .await
            .unwrap();
        let extra = Extra::default();
        tx.set_participant_extra(ids[1], &extra, &stamp)
            .await
            .unwrap();
        tx.set_participant_password(ids[2], "x", &stamp)
            .await
            .unwrap();
        tx.block_participant(ids[3], &stamp).await.unwrap();
        let mut changed = tx.list_changed_participants(before.version).await.unwrap();
        changed.sort();
        assert_eq!(changed, ids);
        assert_eq!(tx.list_changed_participants(version).await.unwrap(), []);
        let every = tx
            .list_changed_participants(Version::BEFORE_ALL)
            .await
            .unwrap();
        assert_eq!(every.len(), 5);
    }
);
