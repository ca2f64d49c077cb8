//! The account of whoever is signed in.

use claviger::domain::device::Device;
use claviger::domain::role::Role;
use claviger::service::Visitor;

use crate::support::{Fixture, secret, shell};

use super::administrators::{another_session, code, resumed, signed_in};
use super::{PASSWORD, field, footprint, footprint_without_failed_sign_ins, kinds, visitor};

const CHOSEN: &str = "another sentence altogether";

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_ends_the_other_sessions() {
    let fixture = Fixture::new().await;
    let (ada, session) = signed_in(&fixture, "ada@example.org", Role::Auditor).await;
    let (_, other) = another_session(&fixture, "ada@example.org").await;
    let (_, bea) = signed_in(&fixture, "bea@example.org", Role::Auditor).await;
    let console = &fixture.console;
    let before = footprint_without_failed_sign_ins(&fixture.database).await;
    for (current, new, wrong) in [
        ("not the sentence", CHOSEN, "current"),
        ("", CHOSEN, "current"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "ada@example.org", "password"),
    ] {
        let refused = console
            .change_own_password(&ada, &secret(current), &secret(new))
            .await;
        assert_eq!(field(refused), wrong, "{current} {new}");
    }
    let after = footprint_without_failed_sign_ins(&fixture.database).await;
    assert_eq!(after, before);
    console
        .change_own_password(&ada, &secret(PASSWORD), &secret(CHOSEN))
        .await
        .unwrap();
    assert!(resumed(&fixture, &session).await.is_some());
    assert!(resumed(&fixture, &other).await.is_none());
    assert!(resumed(&fixture, &bea).await.is_some());
    let signs_in = async |password: &str| {
        let tried = console
            .sign_in(&visitor("192.0.2.1"), "ada@example.org", &secret(password))
            .await;
        tried.is_ok()
    };
    assert!(!signs_in(PASSWORD).await);
    assert!(signs_in(CHOSEN).await);
    let kinds = kinds(&fixture, "admin:ada@example.org").await;
    assert!(kinds.contains(&"admin.password_changed".to_owned()));
}

#[tokio::test]
async fn guesses_at_the_current_password_are_throttled_like_those_at_the_sign_in() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let console = &fixture.console;
    let mut codes = Vec::new();
    for place in 0..20 {
        let guess = secret(&format!("a guess of number {place}"));
        let tried = console
            .change_own_password(&ada, &guess, &secret(CHOSEN))
            .await;
        codes.push(code(tried));
    }
    codes.dedup();
    assert_eq!(codes, ["invalid", "too_many_attempts"]);
    let right = console.confirm_password(&ada, &secret(PASSWORD)).await;
    assert_eq!(code(right), "too_many_attempts", "the same count");
    let from_there = console
        .sign_in(&visitor("192.0.2.1"), "ada@example.org", &secret(PASSWORD))
        .await;
    assert_eq!(code(from_there), "too_many_attempts");
    let elsewhere = console
        .sign_in(
            &visitor("203.0.113.7"),
            "ada@example.org",
            &secret(PASSWORD),
        )
        .await;
    elsewhere.unwrap();
}

#[tokio::test]
async fn sessions_are_told_apart_and_ended() {
    let fixture = Fixture::new().await;
    let (ada, session) = signed_in(&fixture, "ada@example.org", Role::Manager).await;
    let console = &fixture.console;
    let phone = Visitor {
        address: Some("203.0.113.7".parse().unwrap()),
        device: Device::parse("Safari/iPhone"),
        ..Visitor::default()
    };
    let phone = console
        .sign_in(&phone, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap()
        .id;
    let (_, third) = another_session(&fixture, "ada@example.org").await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Manager).await;
    let listed = console.list_own_sessions(&ada).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|one| one.is_this).count(), 1);
    let found = listed
        .iter()
        .find(|one| one.device == Device::parse("Safari/iPhone"))
        .unwrap();
    assert_eq!(found.address.as_deref(), Some("203.0.113.7"));
    assert_eq!(found.handle.len(), 16);

    let before = footprint(&fixture.database).await;
    for handle in ["", "0123456789abcdef", &found.handle[..8]] {
        let ended = console.end_own_session(&ada, handle).await;
        assert_eq!(code(ended), "session_unknown");
    }
    let others = console.end_own_session(&bea, &found.handle).await;
    assert_eq!(code(others), "session_unknown", "somebody else's");
    assert_eq!(footprint(&fixture.database).await, before);

    console.end_own_session(&ada, &found.handle).await.unwrap();
    assert!(resumed(&fixture, &phone).await.is_none());
    assert!(resumed(&fixture, &third).await.is_some());
    console.end_other_sessions(&ada).await.unwrap();
    assert!(resumed(&fixture, &third).await.is_none());
    assert!(resumed(&fixture, &session).await.is_some());
    assert_eq!(console.list_own_sessions(&bea).await.unwrap().len(), 1);
    let kinds = kinds(&fixture, "admin:ada@example.org").await;
    assert_eq!(kinds[..2], ["admin.sessions_ended", "admin.sessions_ended"]);
}

#[tokio::test]
async fn a_shell_has_no_account() {
    let fixture = Fixture::new().await;
    let console = &fixture.console;
    let listed = console.list_own_sessions(&shell()).await;
    assert_eq!(code(listed), "right_missing");
    let ended = console.end_other_sessions(&shell()).await;
    assert_eq!(code(ended), "right_missing");
}
