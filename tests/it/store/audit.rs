//! The audit log.

use claviger::domain::audit::{Action, Event, SINGLE_REVOCATIONS};
use claviger::store::RevocationCount;
use uuid::Uuid;

use super::{moment, tick};

fn event(action: Action, target: &str) -> Event {
    Event {
        at: moment(),
        actor: "shell:tester".to_owned(),
        action,
        target: target.to_owned(),
        organization_id: None,
        detail: "{}".to_owned(),
        address: None,
    }
}

on_both!(
    an_entry_of_every_action_comes_back_whole,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        for (place, action) in (1..).zip(Action::EVERY) {
            let target = format!("client:{}", action.as_str());
            let full = Event {
                at: moment() + tick(),
                organization_id: Some(2),
                detail: r#"{"name":"“Zürich” 🗝"}"#.to_owned(),
                address: Some("2001:db8::1".to_owned()),
                ..event(action, &target)
            };
            tx.insert_events(&[(Uuid::from_u128(place), full.clone())])
                .await
                .unwrap();
            assert_eq!(tx.list_events(&target, 10).await.unwrap(), [full]);
        }
    }
);

on_both!(
    an_entry_may_know_no_organization_and_no_address,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let bare = event(Action::AdminCreated, "admin:ada@example.org");
        tx.insert_events(&[(Uuid::from_u128(1), bare.clone())])
            .await
            .unwrap();
        assert_eq!(
            tx.list_events("admin:ada@example.org", 10).await.unwrap(),
            [bare]
        );
    }
);

on_both!(
    the_audit_log_of_a_target_comes_newest_first_and_cut,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let (one, two) = ("client:id_one", "client:id_two");
        let story = [
            (2, one, Action::ClientUpdated),
            (1, one, Action::ClientCreated),
            (3, two, Action::ClientCreated),
        ];
        for (id, target, action) in story.into_iter().chain([(4, one, Action::ClientRevoked)]) {
            tx.insert_events(&[(Uuid::from_u128(id), event(action, target))])
                .await
                .unwrap();
        }
        let mut actions = async |target, limit| {
            let events = tx.list_events(target, limit).await.unwrap();
            events
                .into_iter()
                .map(|event| event.action)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            actions(one, 10).await,
            [
                Action::ClientRevoked,
                Action::ClientUpdated,
                Action::ClientCreated
            ]
        );
        assert_eq!(
            actions(one, 2).await,
            [Action::ClientRevoked, Action::ClientUpdated]
        );
        assert_eq!(actions(two, 10).await, [Action::ClientCreated]);
        assert!(actions("client:%", 10).await.is_empty());
    }
);

on_both!(an_action_of_a_newer_version_is_left_out, async |database| {
    let mut tx = database.store.write().await.unwrap();
    for (id, action) in [(1, Action::ClientCreated), (2, Action::ClientUpdated)] {
        tx.insert_events(&[(Uuid::from_u128(id), event(action, "client:id_one"))])
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    database
        .execute(
            "UPDATE audit_events SET action = 'client.knighted' WHERE action = 'client.updated'",
        )
        .await;
    let events = database
        .store
        .read()
        .await
        .unwrap()
        .list_events("client:id_one", 10)
        .await
        .unwrap();
    assert_eq!(events, [event(Action::ClientCreated, "client:id_one")]);
});

on_both!(the_last_change_is_not_a_look, async |database| {
    let mut tx = database.store.write().await.unwrap();
    assert_eq!(tx.find_last_change("client:id_one").await.unwrap(), None);
    let story = [
        (1, "client:id_one", Action::ClientCreated),
        (2, "client:id_one", Action::ClientUpdated),
        (3, "client:id_one", Action::SecretRevealed),
        (4, "client:id_one", Action::TokenRevoked),
        (5, "client:id_two", Action::ClientSuspended),
    ];
    for (id, target, action) in story {
        tx.insert_events(&[(Uuid::from_u128(id), event(action, target))])
            .await
            .unwrap();
    }
    let last = tx.find_last_change("client:id_one").await.unwrap();
    assert_eq!(last, Some(event(Action::ClientUpdated, "client:id_one")));
});

on_both!(
    an_entry_with_a_number_is_replaced_and_stays_one,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let mut entry = event(Action::TokenRevoked, "client:id_one");
        let other = event(Action::TokenRevoked, "client:id_two");
        for number in ["1", "2"] {
            entry.detail = format!(r#"{{"tokens":{number}}}"#);
            entry.address = Some(format!("192.0.2.{number}"));
            let entries = [
                (Uuid::from_u128(1), entry.clone()),
                (Uuid::from_u128(2), other.clone()),
            ];
            tx.replace_events(&entries).await.unwrap();
        }
        assert_eq!(tx.list_events("client:id_one", 10).await.unwrap(), [entry]);
        assert_eq!(tx.list_events("client:id_two", 10).await.unwrap(), [other]);
    }
);

fn revoked(client: i64, revoked: i64, entry: u128) -> RevocationCount {
    RevocationCount {
        client,
        revoked,
        entry: Uuid::from_u128(entry),
    }
}

on_both!(
    revocations_are_added_up_by_client_and_hour,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let mut count = async |hour, added: &[RevocationCount]| {
            let mut counts = tx.count_revocations(hour, added).await.unwrap();
            counts.sort_by_key(|count| count.client);
            counts
        };
        let most = SINGLE_REVOCATIONS;
        let both = [revoked(1, 2, 11), revoked(2, most, 12)];
        assert_eq!(count(7, &both).await, both);
        // The id is that of the one that went beyond.
        let added = [revoked(1, 1, 21), revoked(2, 1, 22)];
        assert_eq!(
            count(7, &added).await,
            [revoked(1, 3, 21), revoked(2, most + 1, 22)]
        );
        assert_eq!(
            count(7, &[revoked(2, 5, 32)]).await,
            [revoked(2, most + 6, 22)]
        );
        assert_eq!(
            count(8, &[revoked(2, 1, 42)]).await,
            [revoked(2, 1, 42)],
            "another hour"
        );
        assert_eq!(count(7, &[]).await, []);
        let many: Vec<_> = (100..160).map(|client| revoked(client, 1, 50)).collect();
        assert_eq!(count(7, &many).await, many);
    }
);

on_both!(of_hours_that_are_over_the_numbers_go, async |database| {
    let mut tx = database.store.write().await.unwrap();
    for hour in [6, 7, 8] {
        let added = [revoked(1, 1, 1)];
        tx.count_revocations(hour, &added).await.unwrap();
    }
    assert_eq!(tx.delete_revocation_counts_before(8).await.unwrap(), 2);
    let added = [revoked(1, 1, 1)];
    for (hour, number) in [(8, 2), (7, 1)] {
        let counts = tx.count_revocations(hour, &added).await.unwrap();
        assert_eq!(counts, [revoked(1, number, 1)], "{hour}");
    }
});

on_both!(
    of_old_entries_only_those_about_revoked_tokens_go,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let one = "client:id_one";
        let mut add = async |id, action, ticks| {
            let event = Event {
                at: moment() + tick() * ticks,
                ..event(action, one)
            };
            tx.insert_events(&[(Uuid::from_u128(id), event)])
                .await
                .unwrap();
        };
        add(9, Action::SignInFailed, -1).await;
        // The oldest has not the smallest id.
        for (id, ticks) in [(1, -1), (2, -3), (3, -2), (4, 0), (5, 1)] {
            add(id, Action::TokenRevoked, ticks).await;
        }
        let short_lived = [Action::TokenRevoked, Action::SignInFailed];
        for (id, action) in (10..).zip(Action::EVERY) {
            if !short_lived.contains(&action) {
                add(id, action, -9).await;
            }
        }
        let mut sweep = async |limit| {
            tx.delete_short_lived_events_before(moment(), limit)
                .await
                .unwrap()
        };
        assert_eq!(sweep(2).await, 2);
        assert_eq!(sweep(2).await, 2);
        assert_eq!(sweep(2).await, 0);
        let left = tx.list_events(one, 100).await.unwrap();
        let revoked = left
            .iter()
            .filter(|event| event.action == Action::TokenRevoked);
        let moments: Vec<_> = revoked.map(|event| event.at).collect();
        assert_eq!(moments, [moment() + tick(), moment()]);
        assert_eq!(left.len(), Action::EVERY.len() - short_lived.len() + 2);
    }
);
