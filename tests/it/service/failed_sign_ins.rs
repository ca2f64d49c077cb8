//! Failed sign-ins in the audit log.

use std::time::Duration;

use chrono::TimeDelta;

use super::sign_in::{fixture_on, sign_in};
use crate::support::{Engine, Fixture};

/// The entries about failed sign-ins. They are written beside the answer, so the last may be on its way.
async fn failed_sign_ins(fixture: &Fixture, expected: usize) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..1_000 {
        found = fixture
            .database
            .texts("SELECT target || ' ' || data FROM audit_events WHERE kind = 'admin.sign_in_failed' ORDER BY 1")
            .await;
        if found.len() >= expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    found
}

/// Failed sign-ins are kept, one a minute for each account and network with a count, on an engine.
async fn kept(engine: Engine) {
    let fixture = fixture_on(engine).await;
    for _ in 0..3 {
        let refused = sign_in(&fixture, "192.0.2.1", "ada@example.org", "wrong").await;
        refused.unwrap_err();
    }
    let typed = "a password in the wrong field";
    sign_in(&fixture, "192.0.2.1", typed, "").await.unwrap_err();
    let entry = |target: &str, reason: &str, count: u64| {
        format!(
            r#"admin:{target} {{"count":{count},"network":"192.0.2.0/24","reason":"{reason}"}}"#
        )
    };
    let mut expected = vec![
        entry("ada@example.org", "wrong password", 1),
        entry("unknown address", "unknown address", 1),
    ];
    assert_eq!(failed_sign_ins(&fixture, 2).await, expected);
    fixture.advance(TimeDelta::minutes(1));
    fixture.console.report_failed_sign_ins(false).await.unwrap();
    expected.insert(1, entry("ada@example.org", "wrong password", 2));
    assert_eq!(failed_sign_ins(&fixture, 3).await, expected);
    fixture.console.report_failed_sign_ins(true).await.unwrap();
    assert_eq!(
        failed_sign_ins(&fixture, 3).await,
        expected,
        "and only once"
    );
}

#[tokio::test]
async fn failed_sign_ins_are_kept_with_a_count_on_sqlite() {
    kept(Engine::Sqlite).await;
}

#[tokio::test]
async fn failed_sign_ins_are_kept_with_a_count_on_postgres() {
    kept(Engine::Postgres).await;
}
