//! One-time links: to join, and to a new password.

use chrono::TimeDelta;
use claviger::domain::admin::NewInvitation;
use claviger::domain::page::Cursor;
use claviger::domain::role::Role;
use claviger::domain::secret::Secret;
use claviger::service::{MadeLink, SentForm, Visitor};

use crate::support::{Engine, Fixture, secret, settings, shell};

use super::administrators::{code, id_of, resumed, signed_in};
use super::{PASSWORD, audit_log, field, footprint, kinds, visitor};

const CHOSEN: &str = "another sentence altogether";

fn bea(role: Role) -> NewInvitation {
    NewInvitation {
        email: " Bea@Example.org".to_owned(),
        role: Some(role),
    }
}

/// The code in a link.
fn code_of(made: &MadeLink) -> Secret {
    let (start, code) = made.address.expose().split_once("?code=").unwrap();
    assert_eq!(start, "http://127.0.0.1:3000/system/invitation");
    assert_eq!(code.len(), 43, "256 random bits");
    secret(code)
}

#[tokio::test]
async fn who_has_the_link_joins_once() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let console = &fixture.console;
    let made = console
        .invite_admin(&ada, &bea(Role::Manager))
        .await
        .unwrap();
    let link = code_of(&made);
    for _ in 0..2 {
        let shown = console.show_admin_link(&link).await.unwrap();
        assert_eq!(
            (shown.email.as_str(), shown.role),
            ("bea@example.org", Some(Role::Manager))
        );
    }
    let weak = console
        .use_admin_link(&visitor("192.0.2.9"), &link, &secret("short"))
        .await;
    assert_eq!(field(weak), "password");
    let started = console
        .use_admin_link(&visitor("192.0.2.9"), &link, &secret(CHOSEN))
        .await
        .unwrap();
    let actor = resumed(&fixture, &started.id).await.unwrap();
    assert_eq!(
        (actor.email(), actor.role()),
        ("bea@example.org", Some(Role::Manager))
    );
    let again = console
        .use_admin_link(&visitor("192.0.2.9"), &link, &secret(CHOSEN))
        .await;
    assert_eq!(code(again), "link_void");
    let rows = console.list_admins(&ada, Cursor::First).await.unwrap();
    assert_eq!(rows.page.items[1].made_by, "ada@example.org");
    assert!(rows.links.is_empty());
    let log = audit_log(&fixture, "admin:bea@example.org").await;
    assert_eq!(
        log[0].event.data(),
        r#"{"role":"manager","invited_by":"ada@example.org"}"#
    );
    assert_eq!(log[0].actor.name(), "bea@example.org");
    assert_eq!(
        log[1].event.data(),
        r#"{"role":"manager","ends_at":"2026-11-26T12:00:00Z"}"#
    );
    assert!(
        log.iter()
            .all(|record| !record.event.data().contains(link.expose()))
    );
}

#[tokio::test]
async fn whatever_is_wrong_with_a_link_is_one_sentence() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let console = &fixture.console;
    let invite = async || code_of(&console.invite_admin(&ada, &bea(Role::Owner)).await.unwrap());
    let replaced = invite().await;
    let withdrawn = invite().await;
    console
        .withdraw_admin_link(&ada, "bea@example.org")
        .await
        .unwrap();
    let gone = console.withdraw_admin_link(&ada, "bea@example.org").await;
    assert_eq!(code(gone), "link_unknown");
    let renewed = invite().await;
    let made = console.renew_admin_link(&ada, "bea@example.org").await;
    let ended = code_of(&made.unwrap());
    fixture.advance(TimeDelta::hours(72) - TimeDelta::microseconds(1));
    console.show_admin_link(&ended).await.unwrap();
    fixture.advance(TimeDelta::microseconds(1));
    let before = footprint(&fixture.database).await;
    let cut = secret(&ended.expose()[1..]);
    for link in [&replaced, &withdrawn, &renewed, &ended, &cut, &secret("")] {
        assert_eq!(code(console.show_admin_link(link).await), "link_void");
        let used = console
            .use_admin_link(&Visitor::default(), link, &secret(CHOSEN))
            .await;
        assert_eq!(code(used), "link_void");
    }
    assert_eq!(footprint(&fixture.database).await, before);
    // What has ended is listed for some weeks, so that it can be renewed.
    assert_eq!(fixture.database.count("admin_links").await, 1);
    fixture.advance(TimeDelta::days(30));
    console.sweep().await.unwrap();
    assert_eq!(fixture.database.count("admin_links").await, 0);
    let kinds = kinds(&fixture, "admin:bea@example.org").await;
    assert_eq!(
        kinds,
        [
            "admin.invited",
            "admin.invited",
            "admin.invitation_withdrawn",
            "admin.invited",
            "admin.invited"
        ]
    );
}

#[tokio::test]
async fn an_administrator_is_not_invited_again() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let console = &fixture.console;
    let link = code_of(&console.invite_admin(&ada, &bea(Role::Owner)).await.unwrap());
    for (email, role, wrong) in [
        ("ADA@example.org", Some(Role::Auditor), "email"),
        ("ada", Some(Role::Auditor), "email"),
        ("cid@example.org", None, "role"),
    ] {
        let new = NewInvitation {
            email: email.to_owned(),
            role,
        };
        assert_eq!(field(console.invite_admin(&ada, &new).await), wrong);
    }
    // Made from the shell meanwhile: the invitation would make the same one once more.
    signed_in(&fixture, "bea@example.org", Role::Auditor).await;
    assert_eq!(code(console.show_admin_link(&link).await), "link_void");
}

#[tokio::test]
async fn a_link_makes_one_administrator_however_often_it_is_used_at_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let console = &fixture.console;
        let made = console.invite_admin(&shell(), &bea(Role::Owner)).await;
        let link = code_of(&made.unwrap());
        let (from, chosen) = (Visitor::default(), secret(CHOSEN));
        let (one, two) = tokio::join!(
            console.use_admin_link(&from, &link, &chosen),
            console.use_admin_link(&from, &link, &chosen)
        );
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        assert_eq!(fixture.database.count("admins").await, 1);
        assert_eq!(fixture.database.count("admin_sessions").await, 1);
    }
}

#[tokio::test]
async fn a_link_to_a_new_password_ends_the_sessions_when_it_is_used() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, session) = signed_in(&fixture, "bea@example.org", Role::Auditor).await;
    let console = &fixture.console;
    let made = console.make_password_link(&ada, id_of(&bea)).await.unwrap();
    assert!(resumed(&fixture, &session).await.is_some());
    let signs_in = async |password: &str| {
        let tried = console
            .sign_in(&visitor("192.0.2.1"), "bea@example.org", &secret(password))
            .await;
        tried.is_ok()
    };
    assert!(signs_in(PASSWORD).await, "until then the old one works");
    let used = console
        .use_admin_link(&Visitor::default(), &code_of(&made), &secret(CHOSEN))
        .await
        .unwrap();
    assert!(resumed(&fixture, &session).await.is_none());
    assert!(resumed(&fixture, &used.id).await.is_some());
    assert!(!signs_in(PASSWORD).await);
    assert!(signs_in(CHOSEN).await);
    let kinds = kinds(&fixture, "admin:bea@example.org").await;
    assert!(kinds.contains(&"admin.password_link_made".to_owned()));
    assert!(kinds.contains(&"admin.password_reset".to_owned()));

    // Whoever is disabled has no use of a link from before.
    let made = console.make_password_link(&ada, id_of(&bea)).await.unwrap();
    console.disable_admin(&ada, id_of(&bea)).await.unwrap();
    assert_eq!(
        code(console.show_admin_link(&code_of(&made)).await),
        "link_void"
    );
}

#[tokio::test]
async fn the_server_keeps_only_a_hash_of_a_code() {
    let fixture = Fixture::new().await;
    let made = fixture
        .console
        .invite_admin(&shell(), &bea(Role::Owner))
        .await
        .unwrap();
    let link = code_of(&made);
    assert!(!format!("{made:?}").contains(link.expose()));
    let folder = fixture.database.folder();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let code = link.expose().as_bytes();
        assert!(!bytes.windows(code.len()).any(|part| part == code));
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_link() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (other, _) = signed_in(&fixture, "cid@example.org", Role::Owner).await;
    let console = &fixture.console;
    let form = SentForm::new("key", "administrators/invite", &"bea");
    let mut answers = Vec::new();
    for _ in 0..2 {
        let answer = console
            .invite_admin_by_form(&ada, &form, &bea(Role::Owner))
            .await;
        answers.push(answer.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    let sealed = answers[0].sealed.clone().unwrap();
    let shown = console.open_shown_link(&ada, &sealed).unwrap();
    assert!(shown.is_invitation);
    assert_eq!(shown.email, "bea@example.org");
    let (_, link) = shown.address.split_once("?code=").unwrap();
    console.show_admin_link(&secret(link)).await.unwrap();
    assert_eq!(console.open_shown_link(&other, &sealed), None);
    fixture.advance(TimeDelta::minutes(10));
    assert_eq!(console.open_shown_link(&ada, &sealed), None, "too late");
}
