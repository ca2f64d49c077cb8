//! The audit log: what stands in it, and in which order.

use claviger::domain::Time;
use claviger::domain::event::{ActorRef, Event, Record, Recorded, SHORT_LIVED, Target};
use claviger::domain::ids::{OrganizationId, SecretNumber, Sequence, Version};
use claviger::store::{ChainPosition, Store, Tx};
use serde_json::json;

use super::{id, moment, tick};

pub(super) fn client(name: &str) -> Target {
    Target::Client { id: id(name) }
}

pub(super) fn record(target: Target, event: Event) -> Record {
    Record {
        at: moment(),
        actor: ActorRef::Shell {
            user: "tester".to_owned(),
        },
        address: None,
        target,
        organization_id: None,
        event,
        version: None,
    }
}

pub(super) fn revoked(token: &str) -> Event {
    Event::TokenRevoked {
        token: token.to_owned(),
    }
}

/// Adds records about one client, each in a transaction of its own.
pub(super) async fn append(store: &Store, events: impl IntoIterator<Item = Event>) {
    for event in events {
        let mut tx = store.write().await.unwrap();
        tx.append_events(&[record(client("id_one"), event)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// The result of verifying the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verification {
    pub(super) verified: Sequence,
    pub(super) broken: Option<Sequence>,
}

/// Verifies the chain from the first record to the head, a few records at a time.
pub(super) async fn verify_in(tx: &mut Tx, swept_before: Time) -> Verification {
    let mut from = ChainPosition::default();
    loop {
        let stretch = tx.verify_events_after(&from, 500, swept_before).await;
        let stretch = stretch.unwrap();
        if stretch.broken.is_some() || stretch.end.sequence == stretch.newest {
            return Verification {
                verified: stretch.end.sequence,
                broken: stretch.broken,
            };
        }
        from = stretch.end;
    }
}

pub(super) async fn verify(store: &Store, swept_before: Time) -> Verification {
    let mut tx = store.read().await.unwrap();
    verify_in(&mut tx, swept_before).await
}

pub(super) fn whole(verified: i64) -> Verification {
    Verification {
        verified: Sequence(verified),
        broken: None,
    }
}

pub(super) fn broken(sequence: i64) -> Verification {
    Verification {
        verified: Sequence(sequence - 1),
        broken: Some(Sequence(sequence)),
    }
}

fn said(recorded: Vec<Recorded>) -> Vec<Record> {
    recorded.into_iter().map(|entry| entry.record).collect()
}

on_both!(a_record_comes_back_whole, async |database| {
    let full = Record {
        at: moment() + tick(),
        actor: ActorRef::Admin {
            email: "ada@example.org".to_owned(),
        },
        address: Some("2001:db8::1".parse().unwrap()),
        organization_id: Some(OrganizationId(2)),
        version: Some(Version(7)),
        ..record(
            Target::Organization {
                id: OrganizationId(2),
            },
            Event::OrganizationCreated {
                name: "“Zürich” 🗝".to_owned(),
                host: None,
            },
        )
    };
    let bare = record(Target::admin("ada@example.org"), Event::SignedIn {});
    let newer = record(
        Target::Unknown("galaxy:9".to_owned()),
        Event::Unknown {
            kind: "galaxy.opened".to_owned(),
            data: json!({"stars": [1, 2]}),
        },
    );
    let mut tx = database.store.write().await.unwrap();
    let records = [full, bare, newer];
    tx.append_events(&records).await.unwrap();
    tx.append_events(&[]).await.unwrap();
    for (sequence, record) in (1..).zip(records) {
        let found = tx.list_events(&record.target, 10).await.unwrap();
        assert_eq!(found[0].sequence, Sequence(sequence));
        assert_eq!(said(found), [record]);
    }
});

on_both!(
    the_records_about_a_target_come_newest_first_and_cut,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let (one, two) = (client("id_one"), client("id_two"));
        for (target, event) in [
            (&one, Event::ClientSuspended {}),
            (&two, Event::ClientSuspended {}),
            (&one, Event::ClientResumed {}),
            (&one, revoked("x")),
        ] {
            // Numbers go by order alone, whatever the clock says.
            let record = Record {
                at: moment() - tick() * i32::try_from(event.kind().len()).unwrap(),
                ..record(target.clone(), event)
            };
            tx.append_events(&[record]).await.unwrap();
        }
        let mut sequences = async |target, limit| {
            let events = tx.list_events(target, limit).await.unwrap();
            events
                .iter()
                .map(|event| event.sequence.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(sequences(&one, 10).await, [4, 3, 1]);
        assert_eq!(sequences(&one, 2).await, [4, 3]);
        assert_eq!(sequences(&two, 10).await, [2]);
        let any = Target::Unknown("client:%".to_owned());
        assert_eq!(sequences(&any, 10).await, [0; 0]);
    }
);

on_both!(the_last_change_is_not_a_look, async |database| {
    let store = &database.store;
    let one = client("id_one");
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.find_last_change(&one).await.unwrap(), None);
    drop(tx);
    let looks = [
        Event::SecretRevealed {
            hint: None,
            secret: SecretNumber(1),
        },
        revoked("x"),
        Event::TokensRevoked {
            hour: moment(),
            tokens: 9,
        },
    ];
    append(store, [Event::ClientSuspended {}, Event::ClientResumed {}]).await;
    append(store, looks).await;
    let mut tx = store.read().await.unwrap();
    let last = tx.find_last_change(&one).await.unwrap().unwrap();
    assert_eq!(last.sequence, Sequence(2));
    assert_eq!(last.record, record(one, Event::ClientResumed {}));
});

on_both!(
    sweeping_takes_the_content_of_old_short_lived_records_alone,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let failed = Event::SignInFailed {
            count: 1,
            network: "several".to_owned(),
            reason: "wrong password".to_owned(),
        };
        let hour = Event::TokensRevoked {
            hour: moment(),
            tokens: 1,
        };
        let story = [
            (failed, -1),
            (revoked("x"), -3),
            (hour, -2),
            (revoked("y"), 0),
            (Event::ClientSuspended {}, -9),
        ];
        for (event, ticks) in story {
            let record = Record {
                at: moment() + tick() * ticks,
                ..record(client("id_one"), event)
            };
            tx.append_events(&[record]).await.unwrap();
        }
        assert_eq!(tx.sweep_events(moment(), 2).await.unwrap(), 2);
        let left = tx.list_events(&client("id_one"), 9).await.unwrap();
        let left: Vec<_> = left.iter().map(|entry| entry.sequence.0).collect();
        assert_eq!(left, [5, 4, 1], "the oldest go first");
        assert_eq!(tx.sweep_events(moment(), 2).await.unwrap(), 1);
        assert_eq!(tx.sweep_events(moment(), 2).await.unwrap(), 0);
        assert_eq!(verify_in(&mut tx, moment()).await, whole(5));
        // Gone before its time is as if somebody had taken it away.
        let early = moment() - tick() * 2;
        assert_eq!(verify_in(&mut tx, early).await, broken(1));
    }
);

#[test]
fn short_lived_kinds_are_those_of_the_statements() {
    for text in [
        include_str!("../../../src/store/events.rs"),
        include_str!("../../../migrations/0007_impersonations.sql"),
    ] {
        let kinds = SHORT_LIVED.map(|kind| format!("'{kind}'")).join(", ");
        assert!(text.contains(&kinds), "{kinds}");
    }
}

on_both!(
    what_was_added_after_a_number_comes_in_order,
    async |database| {
        let store = &database.store;
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.find_newest_event().await.unwrap(), Sequence(0));
        assert_eq!(tx.list_events_after(Sequence(0), 9).await.unwrap(), []);
        drop(tx);
        append(store, ["a", "b", "c", "d"].map(revoked)).await;
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.find_newest_event().await.unwrap(), Sequence(4));
        let after = tx.list_events_after(Sequence(1), 2).await.unwrap();
        let numbers: Vec<i64> = after.iter().map(|record| record.sequence.0).collect();
        assert_eq!(numbers, [2, 3]);
        assert_eq!(after[0].record.event, revoked("b"));
        assert_eq!(tx.list_events_after(Sequence(4), 2).await.unwrap(), []);
    }
);
