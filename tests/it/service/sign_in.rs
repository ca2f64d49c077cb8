//! Signing in: what lets somebody in, and what guessing costs.

use chrono::TimeDelta;
use claviger::domain::admin::Role;
use claviger::domain::error::Error;
use claviger::service::StartedSession;

use crate::support::{Engine, House, secret, settings, shell};

use super::{PASSWORD, footprint, visitor};

/// A house with an administrator.
async fn house_on(engine: Engine) -> House {
    let house = House::on(engine, settings()).await;
    house
        .service
        .create_admin(&shell(), "ada@example.org", Role::Editor, &secret(PASSWORD))
        .await
        .unwrap();
    house
}

async fn sign_in(
    house: &House,
    from: &str,
    email: &str,
    password: &str,
) -> Result<StartedSession, Error> {
    house
        .service
        .sign_in(&visitor(from), email, &secret(password))
        .await
}

#[tokio::test]
async fn the_right_password_begins_a_session_of_its_own() {
    let house = house_on(Engine::Sqlite).await;
    let first = sign_in(&house, "192.0.2.1", " Ada@Example.org ", PASSWORD)
        .await
        .unwrap();
    let second = sign_in(&house, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap();
    assert_ne!(first.id.expose(), second.id.expose());
    assert_eq!((first.id.expose().len(), first.max_age), (43, 12 * 3600));
    let actor = house
        .service
        .resume_session(&first.id, &visitor("192.0.2.7"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (actor.name().as_str(), actor.role()),
        ("ada@example.org", Role::Editor)
    );
    assert_eq!(actor.address(), Some("192.0.2.7".parse().unwrap()));
}

/// A wrong password and an account that does not exist, on an engine.
async fn wrong_credentials(engine: Engine) {
    let house = house_on(engine).await;
    let before = footprint(&house.database).await;
    for (email, password) in [
        ("ada@example.org", "correct horse staple bun"),
        ("ada@example.org", ""),
        ("ada@example.org", "CORRECT HORSE STAPLE GUN"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("%", PASSWORD),
        ("ada@example.org\0", PASSWORD),
    ] {
        let refused = sign_in(&house, "192.0.2.1", email, password)
            .await
            .unwrap_err();
        assert_eq!(refused, Error::WrongCredentials, "{email:?} {password:?}");
    }
    assert_eq!(footprint(&house.database).await, before);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_look_alike_on_sqlite() {
    wrong_credentials(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_look_alike_on_postgres() {
    wrong_credentials(Engine::Postgres).await;
}

#[tokio::test]
async fn guessing_is_slowed_down_for_one_account_one_network_and_a_while() {
    let house = house_on(Engine::Sqlite).await;
    house
        .service
        .create_admin(&shell(), "bea@example.org", Role::Editor, &secret(PASSWORD))
        .await
        .unwrap();
    for guess in 0..10 {
        let refused = sign_in(
            &house,
            "192.0.2.1",
            "ada@example.org",
            &format!("guess {guess}"),
        )
        .await;
        assert_eq!(refused.unwrap_err(), Error::WrongCredentials, "{guess}");
        house.advance(TimeDelta::seconds(6));
    }
    for email in ["ada@example.org", " ADA@example.org"] {
        let waiting = sign_in(&house, "192.0.2.200", email, PASSWORD)
            .await
            .unwrap_err();
        assert_eq!(
            waiting,
            Error::TooMany { retry_after: 840 },
            "even the right one, from the same network"
        );
    }
    sign_in(&house, "198.51.100.1", "ada@example.org", PASSWORD)
        .await
        .expect("nobody is locked out by a stranger");
    sign_in(&house, "192.0.2.1", "bea@example.org", PASSWORD)
        .await
        .expect("another account is not concerned");
    house.advance(TimeDelta::seconds(840));
    sign_in(&house, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .expect("the wait is over");
}

#[tokio::test]
async fn an_unknown_account_is_slowed_down_alike() {
    let house = house_on(Engine::Sqlite).await;
    for _ in 0..10 {
        sign_in(&house, "2001:db8::1", "nobody@example.org", PASSWORD)
            .await
            .unwrap_err();
    }
    let waiting = sign_in(&house, "2001:db8::2", "nobody@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(waiting, Error::TooMany { retry_after: 900 });
}

#[tokio::test]
async fn a_disabled_administrator_is_out_at_once_and_stays_out() {
    let house = house_on(Engine::Sqlite).await;
    let started = sign_in(&house, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap();
    house
        .database
        .execute("UPDATE admins SET disabled_at = created_at")
        .await;
    assert!(
        house
            .service
            .resume_session(&started.id, &visitor("192.0.2.1"))
            .await
            .unwrap()
            .is_none()
    );
    let refused = sign_in(&house, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refused, Error::WrongCredentials);
}

#[tokio::test]
async fn a_new_password_ends_the_old_one_and_every_session() {
    let house = house_on(Engine::Sqlite).await;
    house
        .service
        .create_admin(&shell(), "bea@example.org", Role::Editor, &secret(PASSWORD))
        .await
        .unwrap();
    let mut sessions = Vec::new();
    for email in ["ada@example.org", "ada@example.org", "bea@example.org"] {
        sessions.push(sign_in(&house, "192.0.2.1", email, PASSWORD).await.unwrap());
    }
    let other = "a quite different sentence";
    house
        .service
        .reset_admin_password(&shell(), "Ada@example.org", &secret(other))
        .await
        .unwrap();
    let mut alive = Vec::new();
    for session in &sessions {
        alive.push(
            house
                .service
                .resume_session(&session.id, &visitor("192.0.2.1"))
                .await
                .unwrap()
                .is_some(),
        );
    }
    assert_eq!(alive, [false, false, true]);
    let refused = sign_in(&house, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refused, Error::WrongCredentials);
    sign_in(&house, "192.0.2.1", "ada@example.org", other)
        .await
        .unwrap();
}
