//! The trail.

use claviger::domain::audit::{Action, Event};
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
    the_trail_of_a_target_comes_newest_first_and_cut,
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
