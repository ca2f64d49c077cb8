//! Acts on several clients: what is asked before, and what is refused.

use chrono::TimeDelta;
use claviger::domain::client::{
    BULK_MAX, BulkAct, BulkChange, BulkRow, Client, Obstacle, SeenClient,
};
use claviger::domain::error::Error;
use claviger::domain::event::Event;
use claviger::domain::role::Role;
use claviger::service::Actor;

use crate::support::{Engine, Fixture, settings, shell};

use super::bulk::{act, change, clients, reload};
use super::{admin, audit_log, footprint};

#[tokio::test]
async fn none_and_too_many_are_refused() {
    let fixture = Fixture::new().await;
    let made = clients(&fixture, 1).await;
    let before = footprint(&fixture.database).await;
    let many: Vec<SeenClient> = (0..=BULK_MAX)
        .map(|number| format!("id_{number}:1").parse().unwrap())
        .collect();
    for (seen, code) in [(Vec::new(), "bulk_empty"), (many, "bulk_too_many")] {
        let ids: Vec<String> = seen.iter().map(|seen| seen.id.to_string()).collect();
        let change = BulkChange {
            clients: seen,
            ..change(BulkAct::Revoke, &made)
        };
        let refused = act(&fixture, &shell(), &change).await.unwrap_err();
        let asked = fixture
            .console
            .preview_bulk(&shell(), BulkAct::Revoke, &ids)
            .await
            .unwrap_err();
        for error in [refused, asked] {
            assert_eq!(error.field("clients").unwrap().code(), code);
        }
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn an_expiry_is_a_day_to_come_and_who_has_it_keeps_it() {
    let fixture = Fixture::new().await;
    let made = clients(&fixture, 2).await;
    let expire = |expires_at: Option<&str>, clients: &[Client]| BulkChange {
        expires_at: expires_at.map(|text| text.parse().unwrap()),
        ..change(BulkAct::Expire, clients)
    };
    for (end, code) in [
        (None, "day_missing"),
        (Some("2026-11-23T00:00:00Z"), "expiry_passed"),
        (Some("+10000-01-01T00:00:00Z"), "expiry_too_far"),
    ] {
        let error = act(&fixture, &shell(), &expire(end, &made)).await;
        let error = error.unwrap_err();
        assert_eq!(error.field("expires_at").unwrap().code(), code);
    }
    let day = Some("2027-06-01T00:00:00Z");
    let one = expire(day, &made[..1]);
    act(&fixture, &shell(), &one).await.unwrap();
    let now = reload(&fixture, &made).await;
    let done = act(&fixture, &shell(), &expire(day, &now)).await;
    assert_eq!(done.unwrap().clients, 1, "of two, one has the day already");
    let after = reload(&fixture, &made).await;
    assert_eq!(after[0], now[0]);
    assert!(after[1].version > now[1].version);
    let again = act(&fixture, &shell(), &expire(day, &after)).await;
    let again = again.unwrap_err();
    assert_eq!(
        again.field("expires_at").unwrap().code(),
        "bulk_expires_then"
    );

    // Who has expired gets a new generation, so that its old tokens stay dead.
    fixture.advance(TimeDelta::days(365));
    let later = expire(Some("2028-06-01T00:00:00Z"), &after);
    act(&fixture, &shell(), &later).await.unwrap();
    for (before, client) in after.iter().zip(reload(&fixture, &made).await) {
        assert_eq!(client.generation, before.generation + 1);
    }
    let target = format!("client:{}", made[1].id);
    let newest = audit_log(&fixture, &target).await.remove(0);
    assert!(matches!(
        newest.event,
        Event::ClientUpdated { before, after } if before.expires_at != after.expires_at
    ));
}

#[tokio::test]
async fn what_an_act_would_do_is_said_before() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, 3).await;
        let id = |client: usize| made[client].id.to_string();
        fixture
            .console
            .suspend_client(&shell(), &id(1))
            .await
            .unwrap();
        fixture
            .console
            .revoke_client(&shell(), &id(2))
            .await
            .unwrap();
        let ids = [
            id(2),
            id(1),
            id(0),
            id(0),
            "id_nobody".to_owned(),
            "\0".to_owned(),
        ];
        for (act, able, unable) in [
            (BulkAct::Revoke, vec![id(1), id(0)], vec![id(2)]),
            (BulkAct::Expire, vec![id(1), id(0)], vec![id(2)]),
            (BulkAct::Suspend, vec![id(0)], vec![id(2), id(1)]),
            (BulkAct::Resume, vec![id(1)], vec![id(2), id(0)]),
        ] {
            let preview = fixture
                .console
                .preview_bulk(&admin(Role::Manager), act, &ids)
                .await
                .unwrap();
            let ids_of = |row: &BulkRow| row.summary.client.id.to_string();
            assert_eq!(preview.able.iter().map(ids_of).collect::<Vec<_>>(), able);
            let left: Vec<String> = preview.unable.iter().map(|one| ids_of(&one.row)).collect();
            assert_eq!(left, unable, "{act:?}");
            assert!(matches!(
                preview.unable[0].obstacle,
                Obstacle::Revoked { .. }
            ));
            assert_eq!(preview.unknown, ["id_nobody", "\0"]);
        }
    }
}

#[tokio::test]
async fn who_only_reads_changes_nothing() {
    let fixture = Fixture::new().await;
    let made = clients(&fixture, 1).await;
    let program = Actor::Client {
        id: made[0].id.clone(),
        address: None,
    };
    let before = fixture.database.everything().await;
    for actor in [admin(Role::Auditor), program] {
        let change = change(BulkAct::Revoke, &made);
        let ids = [made[0].id.to_string()];
        let refused = act(&fixture, &actor, &change).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden(_)));
        let asked = fixture.console.preview_bulk(&actor, BulkAct::Revoke, &ids);
        assert!(matches!(asked.await, Err(Error::Forbidden(_))));
    }
    assert_eq!(fixture.database.everything().await, before);
}
