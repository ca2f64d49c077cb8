//! Sessions: how long they last, how they end, and what only they can open.

use chrono::TimeDelta;
use claviger::domain::admin::Role;
use claviger::domain::client::ClientId;
use claviger::domain::secret::Secret;
use claviger::service::Actor;

use crate::support::{House, secret, shell};

use super::{PASSWORD, visitor};

/// A house with an administrator, and a session of theirs.
async fn signed_in() -> (House, Secret) {
    let house = House::new().await;
    house
        .service
        .create_admin(&shell(), "ada@example.org", Role::Owner, &secret(PASSWORD))
        .await
        .unwrap();
    let session = begin(&house).await;
    (house, session)
}

async fn begin(house: &House) -> Secret {
    house
        .service
        .sign_in(&visitor("192.0.2.1"), "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap()
        .id
}

async fn resume(house: &House, session: &Secret) -> Option<Actor> {
    house
        .service
        .resume_session(session, &visitor("192.0.2.1"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_rest() {
    let (house, session) = signed_in().await;
    house.advance(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
    assert!(resume(&house, &session).await.is_some());
    house.advance(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
    assert!(
        resume(&house, &session).await.is_some(),
        "use keeps it alive"
    );
    house.advance(TimeDelta::minutes(30));
    assert!(resume(&house, &session).await.is_none());
    house.advance(TimeDelta::minutes(-5));
    assert!(
        resume(&house, &session).await.is_some(),
        "asking after its end did not count as use, nor end it"
    );
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let (house, session) = signed_in().await;
    for _ in 0..35 {
        house.advance(TimeDelta::minutes(20));
        assert!(resume(&house, &session).await.is_some());
    }
    house.advance(TimeDelta::minutes(20) - TimeDelta::microseconds(1));
    assert!(resume(&house, &session).await.is_some());
    house.advance(TimeDelta::microseconds(1));
    assert!(resume(&house, &session).await.is_none());
}

#[tokio::test]
async fn use_within_half_a_minute_is_not_noted() {
    let (house, session) = signed_in().await;
    let noted = async |at: &str| {
        house
            .database
            .count(&format!("admin_sessions WHERE seen_at = '{at}'"))
            .await
    };
    house.advance(TimeDelta::seconds(29));
    resume(&house, &session).await.unwrap();
    assert_eq!(noted("2026-11-23T12:00:00+00:00").await, 1);
    house.advance(TimeDelta::seconds(1));
    resume(&house, &session).await.unwrap();
    assert_eq!(noted("2026-11-23T12:00:30+00:00").await, 1);
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let (house, session) = signed_in().await;
    let other = begin(&house).await;
    let actor = resume(&house, &session).await.unwrap();
    house.service.sign_out(&actor).await.unwrap();
    assert!(resume(&house, &session).await.is_none());
    assert!(resume(&house, &other).await.is_some());
}

#[tokio::test]
async fn a_made_up_session_is_nobodys() {
    let (house, session) = signed_in().await;
    for made_up in [
        "",
        "0",
        &"A".repeat(43),
        &session.expose().to_uppercase(),
        &session.expose()[1..],
    ] {
        assert!(
            resume(&house, &secret(made_up)).await.is_none(),
            "{made_up:?}"
        );
    }
    assert_eq!(house.database.count("admin_sessions").await, 1);
}

#[tokio::test]
async fn a_session_whose_use_cannot_be_noted_goes_on_and_ends_the_sooner() {
    let (house, session) = signed_in().await;
    house
        .database
        .execute("CREATE TRIGGER full BEFORE UPDATE ON admin_sessions BEGIN SELECT RAISE(ABORT, 'no space'); END")
        .await;
    house.advance(TimeDelta::minutes(29));
    assert!(resume(&house, &session).await.is_some());
    house.advance(TimeDelta::minutes(1));
    assert!(resume(&house, &session).await.is_none());
}

#[tokio::test]
async fn the_sweep_forgets_what_has_ended() {
    let (house, old) = signed_in().await;
    house.advance(TimeDelta::minutes(29));
    let young = begin(&house).await;
    assert_eq!(house.service.sweep().await.unwrap(), 0);
    house.advance(TimeDelta::minutes(1));
    assert_eq!(house.service.sweep().await.unwrap(), 1);
    assert!(resume(&house, &old).await.is_none());
    assert!(resume(&house, &young).await.is_some());
}

#[tokio::test]
async fn a_secret_on_its_way_opens_for_its_session_its_client_and_ten_minutes() {
    let (house, session) = signed_in().await;
    let (mine, other) = (resume(&house, &session).await.unwrap(), begin(&house).await);
    let other = resume(&house, &other).await.unwrap();
    let (one, two) = (
        ClientId::parse("id_one").unwrap(),
        ClientId::parse("id_two").unwrap(),
    );
    let sealed = house
        .service
        .seal_shown_secret(&mine, &one, r#"{"text":"key_plain"}"#);
    assert!(!sealed.contains("key_plain"));
    let open = |actor: &Actor, client: &ClientId, text: &str| {
        house.service.open_shown_secret(actor, client, text)
    };
    assert_eq!(
        open(&mine, &one, &sealed).as_deref(),
        Some(r#"{"text":"key_plain"}"#)
    );
    assert_eq!(open(&other, &one, &sealed), None, "another session");
    assert_eq!(open(&mine, &two, &sealed), None, "another client");
    assert_eq!(open(&mine, &one, &sealed[1..]), None);
    assert_eq!(open(&mine, &one, ""), None);
    house.advance(TimeDelta::minutes(10));
    assert_eq!(open(&mine, &one, &sealed), None, "too late");
}
