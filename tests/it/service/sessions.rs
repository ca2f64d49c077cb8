//! Sessions: how long they last, how they end, and what only they can open.

use chrono::TimeDelta;
use claviger::domain::client::ClientId;
use claviger::domain::ids::SecretNumber;
use claviger::domain::role::Role;
use claviger::domain::secret::Secret;
use claviger::domain::view::ShownSecret;
use claviger::service::Actor;

use crate::support::{Fixture, secret, shell};

use super::{PASSWORD, visitor};

/// A fixture with an administrator, and a session of theirs.
async fn signed_in() -> (Fixture, Secret) {
    let fixture = Fixture::new().await;
    fixture
        .console
        .create_admin(&shell(), "ada@example.org", Role::Owner, &secret(PASSWORD))
        .await
        .unwrap();
    let session = begin(&fixture).await;
    (fixture, session)
}

async fn begin(fixture: &Fixture) -> Secret {
    fixture
        .console
        .sign_in(&visitor("192.0.2.1"), "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap()
        .id
}

async fn resume(fixture: &Fixture, session: &Secret) -> Option<Actor> {
    fixture
        .console
        .resume_session(session, &visitor("192.0.2.1"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_rest() {
    let (fixture, session) = signed_in().await;
    fixture.advance(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
    assert!(resume(&fixture, &session).await.is_some());
    fixture.advance(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
    assert!(
        resume(&fixture, &session).await.is_some(),
        "use keeps it alive"
    );
    fixture.advance(TimeDelta::minutes(30));
    assert!(resume(&fixture, &session).await.is_none());
    fixture.advance(TimeDelta::minutes(-5));
    assert!(
        resume(&fixture, &session).await.is_some(),
        "asking after its end did not count as use, nor end it"
    );
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let (fixture, session) = signed_in().await;
    for _ in 0..35 {
        fixture.advance(TimeDelta::minutes(20));
        assert!(resume(&fixture, &session).await.is_some());
    }
    fixture.advance(TimeDelta::minutes(20) - TimeDelta::microseconds(1));
    assert!(resume(&fixture, &session).await.is_some());
    fixture.advance(TimeDelta::microseconds(1));
    assert!(resume(&fixture, &session).await.is_none());
}

#[tokio::test]
async fn use_within_half_a_minute_is_not_noted() {
    let (fixture, session) = signed_in().await;
    let noted = async |at: &str| {
        fixture
            .database
            .count(&format!("admin_sessions WHERE seen_at = '{at}'"))
            .await
    };
    fixture.advance(TimeDelta::seconds(29));
    resume(&fixture, &session).await.unwrap();
    assert_eq!(noted("2026-11-23T12:00:00+00:00").await, 1);
    fixture.advance(TimeDelta::seconds(1));
    resume(&fixture, &session).await.unwrap();
    assert_eq!(noted("2026-11-23T12:00:30+00:00").await, 1);
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let (fixture, session) = signed_in().await;
    let other = begin(&fixture).await;
    let actor = resume(&fixture, &session).await.unwrap();
    fixture.console.sign_out(&actor).await.unwrap();
    assert!(resume(&fixture, &session).await.is_none());
    assert!(resume(&fixture, &other).await.is_some());
}

#[tokio::test]
async fn a_made_up_session_is_nobodys() {
    let (fixture, session) = signed_in().await;
    for made_up in [
        "",
        "0",
        &"A".repeat(43),
        &session.expose().to_uppercase(),
        &session.expose()[1..],
    ] {
        assert!(
            resume(&fixture, &secret(made_up)).await.is_none(),
            "{made_up:?}"
        );
    }
    assert_eq!(fixture.database.count("admin_sessions").await, 1);
}

#[tokio::test]
async fn a_session_whose_use_cannot_be_noted_goes_on_and_ends_the_sooner() {
    let (fixture, session) = signed_in().await;
    fixture
        .database
        .execute("CREATE TRIGGER full BEFORE UPDATE ON admin_sessions BEGIN SELECT RAISE(ABORT, 'no space'); END")
        .await;
    fixture.advance(TimeDelta::minutes(29));
    assert!(resume(&fixture, &session).await.is_some());
    fixture.advance(TimeDelta::minutes(1));
    assert!(resume(&fixture, &session).await.is_none());
}

#[tokio::test]
async fn the_sweep_forgets_what_has_ended() {
    let (fixture, old) = signed_in().await;
    fixture.advance(TimeDelta::hours(12) - TimeDelta::minutes(1));
    let young = begin(&fixture).await;
    assert!(resume(&fixture, &old).await.is_none());
    // The cookie may still be there, and then tells whose session it was.
    assert_eq!(fixture.console.sweep().await.unwrap(), 0);
    let whose = async |session| fixture.console.email_of_session(session).await.unwrap();
    assert!(whose(&old).await.is_some());
    fixture.advance(TimeDelta::minutes(1));
    assert_eq!(fixture.console.sweep().await.unwrap(), 1);
    assert_eq!(whose(&old).await, None);
    assert!(resume(&fixture, &young).await.is_some());
}

#[tokio::test]
async fn a_secret_on_its_way_opens_for_its_session_its_client_and_ten_minutes() {
    let (fixture, session) = signed_in().await;
    let (mine, other) = (
        resume(&fixture, &session).await.unwrap(),
        begin(&fixture).await,
    );
    let other = resume(&fixture, &other).await.unwrap();
    let (one, two) = (
        ClientId::parse("id_one").unwrap(),
        ClientId::parse("id_two").unwrap(),
    );
    let shown = ShownSecret {
        number: SecretNumber(7),
        text: "key_plain".to_owned(),
        is_new_client: true,
    };
    let sealed = fixture.console.seal_shown_secret(&mine, &one, &shown);
    assert!(!sealed.contains("key_plain"));
    let open = |actor: &Actor, client: &ClientId, text: &str| {
        fixture.console.open_shown_secret(actor, client, text)
    };
    assert_eq!(open(&mine, &one, &sealed), Some(shown));
    assert_eq!(open(&other, &one, &sealed), None, "another session");
    assert_eq!(open(&mine, &two, &sealed), None, "another client");
    assert_eq!(open(&mine, &one, &sealed[1..]), None);
    assert_eq!(open(&mine, &one, ""), None);
    fixture.advance(TimeDelta::minutes(10));
    assert_eq!(open(&mine, &one, &sealed), None, "too late");
}
