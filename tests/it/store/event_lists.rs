//! Pages of the audit log: which entries a filter finds, in which order, and how much is read for them.

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::event::{ActorRef, Event, Record, Target};
use claviger::domain::ids::{OrganizationId, Sequence};
use claviger::domain::page::Cursor;
use claviger::store::{EventConditions, Store};

use super::events::{client, record, revoked};
use super::moment;
use crate::support::Database;

/// Adds a record each, in one transaction.
async fn add(store: &Store, records: &[Record]) {
    let mut tx = store.write().await.unwrap();
    tx.append_events(records).await.unwrap();
    tx.commit().await.unwrap();
}

fn by(user: &str, days: i64, target: Target, event: Event) -> Record {
    Record {
        at: moment() + TimeDelta::days(days),
        actor: ActorRef::Shell {
            user: user.to_owned(),
        },
        ..record(target, event)
    }
}

/// Eight records on three days, of two actors about two clients; the last two of an organization.
async fn make_log(database: &Database) {
    let (one, two) = (client("id_one"), client("id_two"));
    let of = |days, user, target: &Target, event| by(user, days, target.clone(), event);
    let mut records = vec![
        of(0, "ada", &one, Event::ClientSuspended {}),
        of(0, "bea", &two, Event::ClientSuspended {}),
        of(1, "ada", &one, Event::ClientResumed {}),
        of(1, "bea", &one, revoked("x")),
        // A clock that was set back for a while.
        of(0, "ada", &two, Event::ClientResumed {}),
        of(2, "ada", &one, Event::ClientSuspended {}),
        of(2, "bea", &two, revoked("y")),
        of(2, "bea", &one, Event::ClientResumed {}),
    ];
    for record in &mut records[6..] {
        record.organization_id = Some(OrganizationId(2));
    }
    add(&database.store, &records).await;
}

async fn found(store: &Store, conditions: &EventConditions, cursor: Cursor) -> Vec<i64> {
    let mut tx = store.read().await.unwrap();
    let read = tx.list_entries(conditions, cursor, 100).await.unwrap();
    assert_eq!(read.stopped_at, None);
    let numbers = read.entries.iter().map(|entry| entry.sequence.0);
    numbers.collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn day(days: i64) -> Time {
    let midnight = moment().date_naive() + TimeDelta::days(days);
    midnight.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// The filters that `change` sets, and the numbers of the records that fit them.
fn case(numbers: &[i64], change: impl FnOnce(&mut EventConditions)) -> (EventConditions, Vec<i64>) {
    let mut conditions = EventConditions::default();
    change(&mut conditions);
    (conditions, numbers.to_vec())
}

/// Filters, and what of [`make_log`] fits each.
fn cases() -> Vec<(EventConditions, Vec<i64>)> {
    let ada = || texts(&["client:ada", "shell:ada"]);
    let kinds = || vec!["client.suspended", "token.revoked"];
    let one = || texts(&["client:id_one"]);
    let both = || texts(&["client:id_one", "client:id_two"]);
    let organization = Some(OrganizationId(2));
    vec![
        case(&[8, 7, 6, 5, 4, 3, 2, 1], |_| {}),
        case(&[6, 5, 3, 1], |wanted| {
            wanted.actors = ada();
        }),
        case(&[7, 6, 4, 2, 1], |wanted| {
            wanted.kinds = kinds();
        }),
        case(&[8, 5, 3], |wanted| {
            wanted.kinds = vec!["client.resumed"];
        }),
        case(&[8, 6, 4, 3, 1], |wanted| {
            wanted.targets = one();
        }),
        case(&[8, 7, 6, 5, 4, 3, 2, 1], |wanted| {
            wanted.targets = both();
        }),
        case(&[8, 7], |wanted| {
            wanted.organization = organization;
        }),
        case(&[8, 7, 6, 4, 3], |wanted| {
            wanted.since = Some(day(1));
        }),
        case(&[5, 2, 1], |wanted| {
            wanted.until = Some(day(1));
        }),
        case(&[4, 3], |wanted| {
            wanted.since = Some(day(1));
            wanted.until = Some(day(2));
        }),
        case(&[], |wanted| {
            wanted.since = Some(day(3));
        }),
        case(&[], |wanted| {
            wanted.until = Some(day(0));
        }),
        case(&[], |wanted| {
            wanted.since = Some(moment());
            wanted.until = Some(moment());
        }),
        case(&[6, 1], |wanted| {
            wanted.actors = ada();
            wanted.kinds = kinds();
        }),
        case(&[1], |wanted| {
            wanted.actors = ada();
            wanted.targets = one();
            wanted.until = Some(day(1));
        }),
        case(&[7], |wanted| {
            wanted.targets = both();
            wanted.kinds = kinds();
            wanted.organization = organization;
        }),
        case(&[], |wanted| {
            wanted.actors = texts(&["shell:eve"]);
            wanted.kinds = kinds();
        }),
    ]
}

on_both!(each_filter_finds_what_fits, async |database| {
    make_log(&database).await;
    for (conditions, numbers) in cases() {
        let store = &database.store;
        assert_eq!(
            found(store, &conditions, Cursor::First).await,
            numbers,
            "{conditions:?}"
        );
        let older: Vec<i64> = numbers.iter().copied().filter(|key| *key < 5).collect();
        assert_eq!(
            found(store, &conditions, Cursor::After(5)).await,
            older,
            "{conditions:?}"
        );
        let newer: Vec<i64> = numbers
            .iter()
            .rev()
            .copied()
            .filter(|key| *key > 3)
            .collect();
        assert_eq!(
            found(store, &conditions, Cursor::Before(3)).await,
            newer,
            "{conditions:?}"
        );
    }
});

on_both!(
    a_page_has_at_most_as_many_as_were_asked_for,
    async |database| {
        make_log(&database).await;
        let mut tx = database.store.read().await.unwrap();
        for conditions in [
            EventConditions::default(),
            EventConditions {
                targets: texts(&["client:id_one", "client:id_two"]),
                ..EventConditions::default()
            },
            EventConditions {
                targets: texts(&["client:id_one", "client:id_two"]),
                since: Some(day(0)),
                ..EventConditions::default()
            },
        ] {
            let read = tx
                .list_entries(&conditions, Cursor::First, 3)
                .await
                .unwrap();
            let numbers: Vec<Sequence> = read.entries.iter().map(|entry| entry.sequence).collect();
            assert_eq!(numbers, [Sequence(8), Sequence(7), Sequence(6)]);
        }
    }
);

on_both!(an_entry_keeps_what_was_not_swept, async |database| {
    make_log(&database).await;
    let mut tx = database.store.write().await.unwrap();
    tx.sweep_events(day(9), 10).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = database.store.read().await.unwrap();
    let kinds = EventConditions {
        kinds: vec!["token.revoked"],
        ..EventConditions::default()
    };
    let read = tx.list_entries(&kinds, Cursor::First, 9).await.unwrap();
    let kept: Vec<_> = read
        .entries
        .iter()
        .map(|entry| {
            (
                entry.sequence.0,
                entry.kind.as_str(),
                entry.record.is_some(),
            )
        })
        .collect();
    assert_eq!(
        kept,
        [(7, "token.revoked", false), (4, "token.revoked", false)]
    );
});

on_both!(
    what_rarely_fits_is_searched_piece_by_piece,
    async |database| {
        // Of 5,600 records of either condition only the oldest fits both.
        let one = by("ada", 0, client("id_one"), Event::ClientSuspended {});
        let mut records = vec![one];
        for _ in 0..5_600 {
            records.push(by("ada", 0, client("id_two"), Event::ClientSuspended {}));
            records.push(by("bea", 0, client("id_one"), Event::ClientSuspended {}));
        }
        add(&database.store, &records).await;
        let conditions = EventConditions {
            actors: texts(&["shell:ada"]),
            targets: texts(&["client:id_one"]),
            ..EventConditions::default()
        };
        let mut tx = database.store.read().await.unwrap();
        let first = tx
            .list_entries(&conditions, Cursor::First, 10)
            .await
            .unwrap();
        assert!(first.entries.is_empty());
        let stopped_at = first.stopped_at.unwrap();
        // Five thousand records of one of the two are every second number.
        assert_eq!(stopped_at.0 / 10, (11_201 - 2 * 5_000) / 10);
        let next = Cursor::After(stopped_at.0);
        let second = tx.list_entries(&conditions, next, 10).await.unwrap();
        assert_eq!(second.entries[0].sequence, Sequence(1));
        assert_eq!(second.stopped_at, None);
        let newer = tx
            .list_entries(&conditions, Cursor::Before(1), 10)
            .await
            .unwrap();
        assert!(newer.entries.is_empty());
        assert_eq!(newer.stopped_at.unwrap().0 / 10, 10_001 / 10);
    }
);
