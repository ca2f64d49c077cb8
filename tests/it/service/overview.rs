//! The overview: what all clients did, what needs attention, and what was changed.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client::ClientDetails;
use claviger::domain::event::Event;
use claviger::domain::role::Role;
use claviger::domain::usage::Counts;
use claviger::domain::view::{ConcernReason, Overview, Period};
use claviger::service::CreatedClient;

use super::{PASSWORD, admin, visitor};
use crate::support::{Engine, Fixture, noon, secret, settings, shell};
async fn overview(fixture: &Fixture, period: Period) -> Overview {
    let flushed = fixture.tokens.flush_usage().await;
    flushed.unwrap();
    fixture.console.overview(&shell(), period).await.unwrap()
}

/// Lets a client get so many tokens, and be refused as often.
async fn ask(fixture: &Fixture, client: &CreatedClient, issued: u32, refused: u32) {
    let app = fixture.app();
    for _ in 0..issued {
        app.issued(client, "").await;
    }
    for _ in 0..refused {
        let answer = app.token(client, "&scope=budgets").await;
        assert_eq!(answer.status.as_u16(), 400, "{}", answer.body);
    }
}

fn counts(issued: i64, introspected: i64, refused: i64) -> Counts {
    Counts {
        issued,
        introspected,
        refused,
    }
}

/// The ids and reasons of what needs attention.
fn concerns(overview: &Overview) -> Vec<(&str, ConcernReason)> {
    let named = overview.concerns.iter();
    named
        .map(|concern| (concern.id.as_str(), concern.reason))
        .collect()
}

async fn has_numbers(engine: Engine) {
    let fixture = Fixture::on(engine, settings()).await;
    let client = fixture.client().await;
    let idle = fixture.client_of(None, &["system"], &[]).await;
    ask(&fixture, &client, 2, 1).await;
    fixture.advance(TimeDelta::hours(24));
    ask(&fixture, &client, 3, 0).await;
    let token = fixture.app().issued(&client, "").await;
    fixture.app().introspect(&client, &token).await;
    let day = overview(&fixture, Period::Day).await;
    assert_eq!(day.today, counts(4, 1, 0));
    // Nothing has passed of the hour yet, so nothing of the same hour yesterday counts.
    assert_eq!(day.yesterday, counts(0, 0, 0));
    assert_eq!(day.traffic.len(), 24);
    assert_eq!(day.traffic[23].counts, counts(4, 1, 0));
    assert_eq!(day.traffic[23].begins, noon() + TimeDelta::hours(24));
    assert_eq!(day.traffic[0].counts, counts(0, 0, 0));

    fixture.advance(TimeDelta::hours(2));
    let fortnight = overview(&fixture, Period::Fortnight).await;
    assert_eq!(fortnight.yesterday, counts(2, 0, 1));
    let days: Vec<Counts> = fortnight.traffic.iter().map(|day| day.counts).collect();
    let mut expected = [Counts::default(); 14];
    expected[12] = counts(2, 0, 1);
    expected[13] = counts(4, 1, 0);
    assert_eq!(days, expected);
    let quarter = overview(&fixture, Period::Quarter).await;
    assert_eq!(quarter.traffic.len(), 90);
    assert_eq!(quarter.traffic[76..], fortnight.traffic);
    assert_eq!(fortnight.clients.active.number, 2);
    assert_eq!(fortnight.token_ttl, 7_200);
    let busiest: Vec<&str> = fortnight
        .busiest
        .iter()
        .map(|client| client.id.as_str())
        .collect();
    assert_eq!(busiest, [client.client.id.as_str()]);
    assert_eq!(fortnight.busiest[0].usage.requests(), 8);
    assert!(!busiest.contains(&idle.client.id.as_str()));
}

#[tokio::test]
async fn the_numbers_of_all_clients_add_up_on_sqlite() {
    has_numbers(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_numbers_of_all_clients_add_up_on_postgres() {
    has_numbers(Engine::Postgres).await;
}

#[tokio::test]
async fn who_is_refused_often_needs_somebody() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    ask(&fixture, &client, 0, 19).await;
    assert_eq!(concerns(&overview(&fixture, Period::Day).await), []);
    ask(&fixture, &client, 60, 1).await;
    let refused = |today| ConcernReason::Refused {
        refused: 20,
        requests: 80,
        today,
    };
    let found = overview(&fixture, Period::Day).await;
    assert_eq!(concerns(&found), [(id, refused(true))]);
    fixture.advance(TimeDelta::days(1));
    let found = overview(&fixture, Period::Day).await;
    assert_eq!(concerns(&found), [(id, refused(false))]);
    // Whoever cannot ask any more needs nobody.
    fixture.console.suspend_client(&shell(), id).await.unwrap();
    assert_eq!(concerns(&overview(&fixture, Period::Day).await), []);
}

#[tokio::test]
async fn an_old_secret_needs_somebody_while_it_is_used_beside_the_new_one() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    ask(&fixture, &client, 1, 0).await;
    fixture.advance(TimeDelta::minutes(1));
    let id = client.client.id.as_str();
    let day = Duration::from_hours(24);
    let rotated = fixture.console.rotate_secret(&shell(), id, day).await;
    rotated.unwrap();
    let ends_at = fixture.console.now() + TimeDelta::days(1);
    assert_eq!(concerns(&overview(&fixture, Period::Day).await), []);
    fixture.advance(TimeDelta::minutes(1));
    ask(&fixture, &client, 1, 0).await;
    let used_at = fixture.console.now();
    let found = overview(&fixture, Period::Day).await;
    let reason = ConcernReason::OldSecretInUse { ends_at, used_at };
    assert_eq!(concerns(&found), [(id, reason)]);
    fixture.advance(TimeDelta::days(1));
    assert_eq!(concerns(&overview(&fixture, Period::Day).await), []);
}

#[tokio::test]
async fn ends_and_disuse_need_somebody_the_more_urgent_first() {
    let fixture = Fixture::new().await;
    let used = fixture.client().await;
    let unused = fixture
        .client_of(None, &["system"], &["oauth.impersonate"])
        .await;
    let details = ClientDetails {
        name: used.client.name.clone(),
        expires_at: Some(noon() + TimeDelta::days(107)),
        ..ClientDetails::default()
    };
    let (id, seen) = (used.client.id.as_str(), used.client.version);
    let updated = fixture
        .console
        .update_client(&shell(), id, seen, details)
        .await;
    updated.unwrap();
    ask(&fixture, &used, 1, 0).await;
    assert_eq!(concerns(&overview(&fixture, Period::Day).await), []);
    fixture.advance(TimeDelta::days(100));
    let found = overview(&fixture, Period::Day).await;
    let (ids, reasons): (Vec<&str>, Vec<ConcernReason>) = concerns(&found).into_iter().unzip();
    assert_eq!(ids, [id, unused.client.id.as_str(), id]);
    assert!(
        matches!(reasons[0], ConcernReason::Expires { last_used_at, .. } if last_used_at == Some(noon())),
        "{reasons:?}"
    );
    let since = noon();
    assert_eq!(
        reasons[1..],
        [
            ConcernReason::NeverUsed {
                since,
                high_risk: 1
            },
            ConcernReason::Unused {
                since,
                high_risk: 0
            },
        ]
    );
}

#[tokio::test]
async fn changes_are_named_and_sign_ins_are_none() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    fixture.console.suspend_client(&shell(), id).await.unwrap();
    let email = "ada@example.org";
    let password = secret(PASSWORD);
    let made = fixture
        .console
        .create_admin(&shell(), email, Role::Owner, &password)
        .await;
    made.unwrap();
    let visitor = visitor("192.0.2.1");
    let signed_in = fixture.console.sign_in(&visitor, email, &password).await;
    signed_in.unwrap();
    let found = overview(&fixture, Period::Day).await;
    let events: Vec<&Event> = found
        .changes
        .iter()
        .map(|change| &change.entry.record.as_ref().unwrap().event)
        .collect();
    assert!(
        matches!(
            events[..3],
            [
                Event::AdminCreated { .. },
                Event::ClientSuspended {},
                Event::ClientCreated { .. }
            ]
        ),
        "{events:?}"
    );
    assert_eq!(
        found.changes[1].names.target.as_ref(),
        Some(&client.client.name)
    );
    assert_eq!(found.changes[0].names.target, None);
}

#[tokio::test]
async fn an_auditor_sees_the_overview_too() {
    let fixture = Fixture::new().await;
    let seen = fixture
        .console
        .overview(&admin(Role::Auditor), Period::Day)
        .await;
    assert_eq!(seen.unwrap().concerns, []);
}
