//! Signing in: what lets somebody in, and what guessing costs.

use chrono::TimeDelta;
use claviger::domain::complaint::Complaint;
use claviger::domain::error::Error;
use claviger::domain::role::Role;
use claviger::service::StartedSession;

use crate::support::{Engine, Fixture, secret, settings, shell};

use super::{PASSWORD, footprint_without_failed_sign_ins, visitor};

/// A fixture with an administrator.
pub(super) async fn fixture_on(engine: Engine) -> Fixture {
    let fixture = Fixture::on(engine, settings()).await;
    fixture
        .console
        .create_admin(
            &shell(),
            "ada@example.org",
            Role::Manager,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    fixture
}

pub(super) async fn sign_in(
    fixture: &Fixture,
    from: &str,
    email: &str,
    password: &str,
) -> Result<StartedSession, Error> {
    fixture
        .console
        .sign_in(&visitor(from), email, &secret(password))
        .await
}

#[tokio::test]
async fn the_right_password_begins_a_session_of_its_own() {
    let fixture = fixture_on(Engine::Sqlite).await;
    let first = sign_in(&fixture, "192.0.2.1", " Ada@Example.org ", PASSWORD)
        .await
        .unwrap();
    let second = sign_in(&fixture, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap();
    assert_ne!(first.id.expose(), second.id.expose());
    assert_eq!((first.id.expose().len(), first.max_age), (43, 12 * 3600));
    let actor = fixture
        .console
        .resume_session(&first.id, &visitor("192.0.2.7"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (actor.reference().name().as_str(), actor.role()),
        ("ada@example.org", Some(Role::Manager))
    );
    assert_eq!(actor.address(), Some("192.0.2.7".parse().unwrap()));
}

/// A wrong password and an account that does not exist, on an engine.
async fn wrong_credentials(engine: Engine) {
    let fixture = fixture_on(engine).await;
    let before = footprint_without_failed_sign_ins(&fixture.database).await;
    for (email, password) in [
        ("ada@example.org", "correct horse staple bun"),
        ("ada@example.org", ""),
        ("ada@example.org", "CORRECT HORSE STAPLE GUN"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("%", PASSWORD),
        ("ada@example.org\0", PASSWORD),
    ] {
        let refused = sign_in(&fixture, "192.0.2.1", email, password)
            .await
            .unwrap_err();
        assert_eq!(refused, Error::WrongCredentials, "{email:?} {password:?}");
    }
    assert_eq!(
        footprint_without_failed_sign_ins(&fixture.database).await,
        before
    );
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
    let fixture = fixture_on(Engine::Sqlite).await;
    fixture
        .console
        .create_admin(
            &shell(),
            "bea@example.org",
            Role::Manager,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    for guess in 0..10 {
        let refused = sign_in(
            &fixture,
            "192.0.2.1",
            "ada@example.org",
            &format!("guess {guess}"),
        )
        .await;
        assert_eq!(refused.unwrap_err(), Error::WrongCredentials, "{guess}");
        fixture.advance(TimeDelta::seconds(6));
    }
    for email in ["ada@example.org", " ADA@example.org"] {
        let waiting = sign_in(&fixture, "192.0.2.200", email, PASSWORD)
            .await
            .unwrap_err();
        assert_eq!(
            waiting,
            Error::TooMany { retry_after: 840 },
            "even the right one, from the same network"
        );
    }
    sign_in(&fixture, "198.51.100.1", "ada@example.org", PASSWORD)
        .await
        .expect("nobody is locked out by a stranger");
    sign_in(&fixture, "192.0.2.1", "bea@example.org", PASSWORD)
        .await
        .expect("another account is not concerned");
    fixture.advance(TimeDelta::seconds(840));
    sign_in(&fixture, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .expect("the wait is over");
}

#[tokio::test]
async fn an_unknown_account_is_slowed_down_alike() {
    let fixture = fixture_on(Engine::Sqlite).await;
    for _ in 0..10 {
        sign_in(&fixture, "2001:db8::1", "nobody@example.org", PASSWORD)
            .await
            .unwrap_err();
    }
    let waiting = sign_in(&fixture, "2001:db8::2", "nobody@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(waiting, Error::TooMany { retry_after: 900 });
}

#[tokio::test]
async fn who_has_many_networks_guesses_at_one_password_hardly_more() {
    let fixture = fixture_on(Engine::Sqlite).await;
    let mut guesses = 0;
    for network in 0..60 {
        let from = format!("2001:db8:1:{network:02x}00::1");
        let email = "ada@example.org";
        match sign_in(&fixture, &from, email, "a wrong guess").await {
            Err(Error::WrongCredentials) => guesses += 1,
            other => assert_eq!(other.unwrap_err(), Error::TooMany { retry_after: 900 }),
        }
    }
    assert_eq!(guesses, 40);
    sign_in(&fixture, "2001:db8:2::1", "ada@example.org", PASSWORD)
        .await
        .expect("a stranger locks nobody out");
}

#[tokio::test]
async fn a_disabled_administrator_is_out_at_once_and_stays_out() {
    let fixture = fixture_on(Engine::Sqlite).await;
    let started = sign_in(&fixture, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap();
    fixture
        .database
        .execute("UPDATE admins SET disabled_at = created_at")
        .await;
    assert!(
        fixture
            .console
            .resume_session(&started.id, &visitor("192.0.2.1"))
            .await
            .unwrap()
            .is_none()
    );
    let refused = sign_in(&fixture, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refused, Error::WrongCredentials);
}

#[tokio::test]
async fn a_new_password_ends_the_old_one_and_every_session() {
    let fixture = fixture_on(Engine::Sqlite).await;
    fixture
        .console
        .create_admin(
            &shell(),
            "bea@example.org",
            Role::Manager,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    let mut sessions = Vec::new();
    for email in ["ada@example.org", "ada@example.org", "bea@example.org"] {
        sessions.push(
            sign_in(&fixture, "192.0.2.1", email, PASSWORD)
                .await
                .unwrap(),
        );
    }
    let other = "a quite different sentence";
    fixture
        .console
        .reset_admin_password(&shell(), "Ada@example.org", &secret(other))
        .await
        .unwrap();
    let mut alive = Vec::new();
    for session in &sessions {
        alive.push(
            fixture
                .console
                .resume_session(&session.id, &visitor("192.0.2.1"))
                .await
                .unwrap()
                .is_some(),
        );
    }
    assert_eq!(alive, [false, false, true]);
    let refused = sign_in(&fixture, "192.0.2.1", "ada@example.org", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refused, Error::WrongCredentials);
    sign_in(&fixture, "192.0.2.1", "ada@example.org", other)
        .await
        .unwrap();
}

/// Passwords and addresses are composed of the same letters however a keyboard or a system puts them together (RFC 8265
/// §4.2.2): each of the first spelling signs in with each of the second, and the other way round.
#[tokio::test]
async fn one_password_has_many_spellings_and_any_of_them_signs_in() {
    let pairs = [
        ("Z\u{fc}rich in the rain", "Zu\u{308}rich in the rain"),
        (
            "a sentence works well",
            "a\u{a0}sentence\u{3000}works\u{2009}well",
        ),
        (
            "\u{1ea1}\u{307} two watermarks below",
            "a\u{307}\u{323} two watermarks below",
        ),
        (
            "\u{d55c}\u{ad6d}\u{c5b4} in syllables",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165} in syllables",
        ),
    ];
    let fixture = Fixture::new().await;
    let emails = ["jos\u{e9}@example.org", "jose\u{301}@example.org"];
    let console = &fixture.console;
    console
        .create_admin(
            &shell(),
            emails[1],
            Role::Manager,
            &secret("to be replaced soon"),
        )
        .await
        .unwrap();
    for (set, typed) in pairs.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
        console
            .reset_admin_password(&shell(), emails[0], &secret(set))
            .await
            .unwrap();
        for email in emails {
            let answer = sign_in(&fixture, "192.0.2.1", email, typed).await;
            assert!(answer.is_ok(), "{set:?} {typed:?} {answer:?}");
        }
    }
    // Letter case and compatibility forms are not folded.
    console
        .reset_admin_password(&shell(), emails[0], &secret("A ﬁne sentence"))
        .await
        .unwrap();
    for typed in ["a ﬁne sentence", "A fine sentence"] {
        let answer = sign_in(&fixture, "192.0.2.2", emails[0], typed).await;
        assert!(matches!(answer, Err(Error::WrongCredentials)), "{answer:?}");
    }
}

#[tokio::test]
async fn the_length_of_a_password_is_that_of_its_kept_spelling() {
    let fixture = Fixture::new().await;
    let create = |email: &'static str, password: String| {
        let console = fixture.console.clone();
        async move {
            console
                .create_admin(&shell(), email, Role::Manager, &secret(&password))
                .await
        }
    };
    let short = create("a@example.org", "e\u{301}u\u{308}".repeat(3) + "12345").await;
    let short = short.expect_err("eleven letters are too few");
    let told = Complaint::PasswordTooShort { count: 11 };
    assert_eq!(short.field("password"), Some(&told));
    let long = "e\u{301} \u{00fc}xy".repeat(51);
    assert!(
        create("b@example.org", long.clone() + "z").await.is_ok(),
        "256 letters are allowed"
    );
    assert!(create("c@example.org", long + "zz").await.is_err());
    for control in ["\t", "\u{1b}[31m", "\u{85}", "\u{2028}", "\0", "\u{7f}"] {
        let refused = create("d@example.org", format!("a sentence{control}works well")).await;
        assert!(refused.is_err(), "{control:?}");
    }
}
