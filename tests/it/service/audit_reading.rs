//! Reading the audit log: what filters mean, which names entries have, exports, and how far the chain was verified.

use chrono::TimeDelta;
use claviger::domain::audit::{Action, AuditFilter, Topic};
use claviger::domain::error::Error;
use claviger::domain::event::{Event, ExportFormat, ExportedFilter, Target};
use claviger::domain::ids::Sequence;
use claviger::domain::page::Cursor;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::words::en::event::sentence;
use claviger::service::Actor;

use super::{admin, names};
use crate::support::{Fixture, shell};

/// The sentences of the first page.
async fn told(fixture: &Fixture, filter: &AuditFilter) -> Vec<String> {
    let list = fixture
        .console
        .list_audit_log(&admin(Role::Auditor), filter, Cursor::First)
        .await
        .unwrap();
    list.page.items.iter().map(sentence).collect()
}

fn filter(set: impl FnOnce(&mut AuditFilter)) -> AuditFilter {
    let mut filter = AuditFilter::default();
    set(&mut filter);
    filter
}

#[tokio::test]
async fn entries_are_told_with_names() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let owner = admin(Role::Owner);
    let blogs = PermissionSwitch::each(&names(&["blogs.read"]), true);
    let console = &fixture.console;
    console
        .set_permissions(&owner, client.id.as_str(), &blogs)
        .await
        .unwrap();
    let granted = "owner@example.org granted a permission to client Participation dashboard";
    let made = "tester on the server created client Participation dashboard";
    let porto = "tester on the server created organization City of Porto";
    let all = AuditFilter::default();
    assert_eq!(told(&fixture, &all).await, [granted, made, porto]);
    let id = client.id.to_string();
    let target = Target::Client { id: client.id };
    let tomorrow = Some(console.now() + TimeDelta::days(1));
    let cases: Vec<(AuditFilter, Vec<&str>)> = vec![
        (
            filter(|it| it.actor = "OWNER@example.org".to_owned()),
            vec![granted],
        ),
        (
            filter(|it| it.actor = "tester".to_owned()),
            vec![made, porto],
        ),
        (
            filter(|it| it.actor = "nobody@example.org".to_owned()),
            vec![],
        ),
        (
            filter(|it| it.action = Some(Action::Topic(Topic::Permissions))),
            vec![granted],
        ),
        (
            filter(|it| it.action = Action::parse("client.created")),
            vec![made],
        ),
        (filter(|it| it.client = id.clone()), vec![granted, made]),
        (
            filter(|it| it.client = "partic dash".to_owned()),
            vec![granted, made],
        ),
        (filter(|it| it.client = "no such client".to_owned()), vec![]),
        (filter(|it| it.target = Some(target)), vec![granted, made]),
        (
            filter(|it| it.organization = client.organization_id),
            vec![granted, made, porto],
        ),
        (filter(|it| it.since = tomorrow), vec![]),
        (filter(|it| it.until = tomorrow), vec![granted, made, porto]),
    ];
    for (filter, sentences) in cases {
        assert_eq!(told(&fixture, &filter).await, sentences, "{filter:?}");
    }
}

#[tokio::test]
async fn a_page_leads_to_the_next_and_back() {
    let fixture = Fixture::new().await;
    for number in 0..60 {
        fixture.organization(&format!("Town {number}"), "").await;
    }
    let auditor = admin(Role::Auditor);
    let page = async |cursor| {
        let filter = AuditFilter::default();
        let list = fixture.console.list_audit_log(&auditor, &filter, cursor);
        let page = list.await.unwrap().page;
        let numbers: Vec<i64> = page.items.iter().map(|row| row.entry.sequence.0).collect();
        (numbers, page.before, page.after)
    };
    let (first, before, after) = page(Cursor::First).await;
    assert_eq!(first, (11..=60).rev().collect::<Vec<_>>());
    assert_eq!((before, after), (None, Some(11)));
    let (second, before, after) = page(Cursor::After(11)).await;
    assert_eq!(second, (1..=10).rev().collect::<Vec<_>>());
    assert_eq!((before, after), (Some(10), None));
    assert_eq!(page(Cursor::Before(10)).await.0, first);
}

/// Everything of an export, by number.
async fn exported(fixture: &Fixture, filter: &AuditFilter, actor: &Actor) -> Vec<i64> {
    let console = &fixture.console;
    let export = console
        .export_audit_log(actor, filter, ExportFormat::Csv)
        .await;
    let mut export = export.unwrap();
    let mut numbers = Vec::new();
    while let Some(rows) = export.next().await.unwrap() {
        assert!(!rows.is_empty());
        numbers.extend(rows.iter().map(|row| row.entry.sequence.0));
        // What comes meanwhile is not in it.
        fixture
            .organization(&format!("Meanwhile {}", numbers.len()), "")
            .await;
    }
    numbers
}

#[tokio::test]
async fn an_export_has_everything_up_to_its_beginning_and_is_recorded() {
    let fixture = Fixture::new().await;
    for number in 0..1_003 {
        fixture.organization(&format!("Town {number}"), "").await;
    }
    let auditor = admin(Role::Auditor);
    let everything = exported(&fixture, &AuditFilter::default(), &auditor).await;
    assert_eq!(everything, (1..=1_003).rev().collect::<Vec<_>>());
    let some = filter(|it| {
        it.actor = "tester".to_owned();
        it.action = Action::parse("organization.created");
        it.client = " nobody ".to_owned();
    });
    assert_eq!(exported(&fixture, &some, &auditor).await, [0; 0]);
    let exports = filter(|it| it.action = Action::parse("audit.exported"));
    let list = fixture
        .console
        .list_audit_log(&auditor, &exports, Cursor::First);
    let rows = list.await.unwrap().page.items;
    let records: Vec<_> = rows
        .iter()
        .filter_map(|row| row.entry.record.clone())
        .collect();
    assert_eq!(records[1].target, Target::AuditLog);
    assert_eq!(records[1].actor.name(), "auditor@example.org");
    assert_eq!(
        records[0].event,
        Event::AuditExported {
            format: ExportFormat::Csv,
            filter: ExportedFilter {
                actor: Some("tester".to_owned()),
                action: Some("organization.created".to_owned()),
                client: Some("nobody".to_owned()),
                ..ExportedFilter::default()
            },
            newest: Sequence(1_007),
        }
    );
}

#[tokio::test]
async fn the_chain_is_followed_and_what_breaks_it_is_said() {
    let fixture = Fixture::new().await;
    let auditor = admin(Role::Auditor);
    let console = &fixture.console;
    let chain = async || console.audit_chain(&auditor).await.unwrap();
    fixture.client().await;
    let before = chain().await;
    assert_eq!((before.newest, before.verified), (Sequence(2), Sequence(0)));
    assert_eq!(
        (before.at, before.reread_at, before.broken),
        (None, None, None)
    );
    console.verify_new_entries(&auditor).await.unwrap();
    let after = chain().await;
    assert_eq!(
        (after.verified, after.at),
        (Sequence(2), Some(console.now()))
    );
    assert_eq!(after.reread_at, None, "only the job reads all of it again");
    fixture.organization("Porto", "").await;
    fixture.advance(TimeDelta::minutes(5));
    console.follow_audit_log().await.unwrap();
    let followed = chain().await;
    assert_eq!(followed.verified, Sequence(3));
    assert_eq!(followed.reread_at, Some(console.now()));
    // An old entry is changed: what follows does not show it, reading again does.
    let harm = "UPDATE audit_events SET actor = 'shell:eve' WHERE sequence = 1";
    fixture.database.execute(harm).await;
    fixture.advance(TimeDelta::minutes(5));
    console.verify_new_entries(&auditor).await.unwrap();
    assert_eq!(chain().await.broken, None);
    console.follow_audit_log().await.unwrap();
    assert_eq!(chain().await.broken, Some(Sequence(1)));
    assert_eq!(chain().await.verified, Sequence(3));
    let repair = "UPDATE audit_events SET actor = 'shell:tester' WHERE sequence = 1";
    fixture.database.execute(repair).await;
    console.follow_audit_log().await.unwrap();
    assert_eq!(chain().await.broken, None);
}

#[tokio::test]
async fn an_idle_log_is_verified_without_writing() {
    let fixture = Fixture::new().await;
    let auditor = admin(Role::Auditor);
    fixture.client().await;
    let console = &fixture.console;
    console.follow_audit_log().await.unwrap();
    let first = console.now();
    for (minutes, at) in [
        (5, first),
        (20, first),
        (10, first + TimeDelta::minutes(35)),
    ] {
        fixture.advance(TimeDelta::minutes(minutes));
        console.follow_audit_log().await.unwrap();
        let chain = console.audit_chain(&auditor).await.unwrap();
        assert_eq!((chain.at, chain.reread_at), (Some(at), Some(at)));
    }
}

#[tokio::test]
async fn every_administrator_reads_the_log_and_no_client() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    let all = AuditFilter::default();
    for (actor, may) in [
        (admin(Role::Owner), true),
        (admin(Role::Manager), true),
        (admin(Role::Auditor), true),
        (shell(), true),
        (Actor::Client { id, address: None }, false),
    ] {
        let console = &fixture.console;
        let format = ExportFormat::Ndjson;
        for outcome in [
            console
                .list_audit_log(&actor, &all, Cursor::First)
                .await
                .err(),
            console.audit_choices(&actor, None).await.err(),
            console.audit_chain(&actor).await.err(),
            console.verify_new_entries(&actor).await.err(),
            console.export_audit_log(&actor, &all, format).await.err(),
            console.read_audit_log(&actor, &all).await.err(),
        ] {
            match outcome {
                None => assert!(may, "{actor:?}"),
                Some(error) => {
                    assert!(
                        !may && matches!(error, Error::Forbidden(_)),
                        "{actor:?}: {error:?}"
                    );
                }
            }
        }
    }
}
