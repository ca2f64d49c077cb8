//! The first administrator: made once, by whoever holds the code that the server printed.

use chrono::TimeDelta;
use claviger::domain::complaint::Complaint;
use claviger::domain::error::Error;
use claviger::domain::role::Role;
use claviger::service::StartedSession;

use crate::support::{Fixture, secret, shell};

use super::{PASSWORD, field, footprint_without_failed_sign_ins, visitor};

async fn attempt(fixture: &Fixture, from: &str, code: &str) -> Result<StartedSession, Error> {
    fixture
        .console
        .create_first_admin(&visitor(from), code, "ada@example.org", &secret(PASSWORD))
        .await
}

#[tokio::test]
async fn whoever_holds_the_code_becomes_owner_and_is_signed_in() {
    let fixture = Fixture::new().await;
    assert!(!fixture.console.is_set_up().await.unwrap());
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let started = attempt(&fixture, "192.0.2.1", &format!(" {} ", code.to_lowercase()))
        .await
        .unwrap();
    let actor = fixture
        .console
        .resume_session(&started.id, &visitor("192.0.2.1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (actor.reference().name().as_str(), actor.role()),
        ("ada@example.org", Some(Role::Owner))
    );
    assert!(fixture.console.is_set_up().await.unwrap());
}

#[tokio::test]
async fn without_the_code_nobody_becomes_anything() {
    let fixture = Fixture::new().await;
    for code in ["", "AAAA-AAAA-AAAA-AAAA-AAAA"] {
        assert_eq!(
            field(attempt(&fixture, "192.0.2.1", code).await),
            "code",
            "none was offered yet"
        );
    }
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let before = footprint_without_failed_sign_ins(&fixture.database).await;
    for wrong in [
        "",
        " ",
        &code[..23],
        &code.replace('-', ""),
        &format!("{code}-AAAA"),
    ] {
        assert_eq!(
            field(attempt(&fixture, "192.0.2.1", wrong).await),
            "code",
            "{wrong:?}"
        );
    }
    assert_eq!(
        footprint_without_failed_sign_ins(&fixture.database).await,
        before
    );
    assert!(!fixture.console.is_set_up().await.unwrap());
}

#[tokio::test]
async fn a_code_is_twenty_letters_and_digits_that_nobody_mistakes() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let parts: Vec<&str> = code.split('-').collect();
    assert!(
        parts.len() == 5 && parts.iter().all(|part| part.len() == 4),
        "{code}"
    );
    assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
}

#[tokio::test]
async fn a_new_code_ends_the_one_before() {
    let fixture = Fixture::new().await;
    let old = fixture.console.offer_setup().await.unwrap().unwrap();
    let new = fixture.console.offer_setup().await.unwrap().unwrap();
    assert_ne!(old, new);
    assert_eq!(field(attempt(&fixture, "192.0.2.1", &old).await), "code");
    attempt(&fixture, "192.0.2.1", &new).await.unwrap();
}

#[tokio::test]
async fn a_code_dies_with_its_use() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    attempt(&fixture, "192.0.2.1", &code).await.unwrap();
    let before = footprint_without_failed_sign_ins(&fixture.database).await;
    for typed in [code.as_str(), "AAAA-AAAA-AAAA-AAAA-AAAA"] {
        let refused = attempt(&fixture, "192.0.2.1", typed).await.unwrap_err();
        let told = Error::Conflict(Complaint::SetUpAlready);
        assert_eq!(refused, told, "and no guess");
    }
    assert_eq!(
        fixture.console.offer_setup().await.unwrap(),
        None,
        "there is nothing left to set up"
    );
    assert_eq!(
        footprint_without_failed_sign_ins(&fixture.database).await,
        before
    );
}

#[tokio::test]
async fn a_weak_password_does_not_use_up_the_code() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let (console, here) = (&fixture.console, visitor("192.0.2.1"));
    let weak = console
        .create_first_admin(&here, &code, "ada@example.org", &secret("short"))
        .await;
    assert_eq!(field(weak), "password");
    attempt(&fixture, "192.0.2.1", &code).await.unwrap();
}

#[tokio::test]
async fn whoever_comes_second_is_told_to_sign_in() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    fixture
        .console
        .create_admin(&shell(), "bea@example.org", Role::Owner, &secret(PASSWORD))
        .await
        .unwrap();
    let before = footprint_without_failed_sign_ins(&fixture.database).await;
    let refused = attempt(&fixture, "192.0.2.1", &code).await.unwrap_err();
    assert_eq!(refused, Error::Conflict(Complaint::SetUpAlready));
    let told = "There is an administrator already. Sign in instead.";
    assert_eq!(refused.to_string(), told);
    assert_eq!(
        footprint_without_failed_sign_ins(&fixture.database).await,
        before
    );
}

#[tokio::test]
async fn of_two_at_once_with_the_code_one_becomes_owner() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let try_as = async |email: &str| {
        let outcome = fixture
            .console
            .create_first_admin(&visitor("192.0.2.1"), &code, email, &secret(PASSWORD))
            .await;
        outcome.is_ok()
    };
    let (ada, bea) = tokio::join!(try_as("ada@example.org"), try_as("bea@example.org"));
    assert!(ada != bea, "{ada} {bea}");
    assert_eq!(fixture.database.count("admins").await, 1);
}

#[tokio::test]
async fn guessing_the_code_is_slowed_down_for_one_network_and_a_while() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    for _ in 0..10 {
        assert_eq!(field(attempt(&fixture, "192.0.2.1", "WRONG").await), "code");
    }
    let waiting = Error::TooMany { retry_after: 900 };
    assert_eq!(
        attempt(&fixture, "192.0.2.99", "WRONG").await.unwrap_err(),
        waiting
    );
    assert_eq!(
        field(attempt(&fixture, "198.51.100.1", "WRONG").await),
        "code",
        "another network has not to wait"
    );
    attempt(&fixture, "192.0.2.1", &code)
        .await
        .expect("nobody guesses the right one");
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_guesses_are_forgotten() {
    let fixture = Fixture::new().await;
    for _ in 0..10 {
        assert_eq!(field(attempt(&fixture, "192.0.2.1", "WRONG").await), "code");
    }
    fixture.advance(TimeDelta::minutes(15));
    assert_eq!(field(attempt(&fixture, "192.0.2.1", "WRONG").await), "code");
}
