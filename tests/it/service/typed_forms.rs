//! Forms that were typed while their session ended.

use chrono::TimeDelta;
use claviger::domain::role::Role;
use claviger::domain::secret::Secret;
use claviger::domain::view::RefusedForm;

use crate::support::{Fixture, secret, shell};

use super::{PASSWORD, visitor};

fn form() -> RefusedForm {
    RefusedForm {
        page: "/system/api-clients/new".to_owned(),
        endpoint: "/system/do/clients/create".to_owned(),
        refusal: r#"{"typed":"Dashboard"}"#.to_owned(),
    }
}

/// A fixture with two administrators, and a session of the first.
async fn signed_in() -> (Fixture, Secret) {
    let fixture = Fixture::new().await;
    for email in ["ada@example.org", "bea@example.org"] {
        let made = fixture
            .console
            .create_admin(&shell(), email, Role::Owner, &secret(PASSWORD))
            .await;
        made.unwrap();
    }
    let session = fixture
        .console
        .sign_in(&visitor("192.0.2.1"), "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    (fixture, session.id)
}

#[tokio::test]
async fn a_form_opens_for_the_administrator_of_its_session_and_an_hour() {
    let (fixture, session) = signed_in().await;
    let console = &fixture.console;
    fixture.advance(TimeDelta::minutes(30));
    let sealed = console.seal_typed_form(Some(&session), form()).await;
    let sealed = sealed.unwrap();
    assert!(!sealed.contains("Dashboard"));
    let open = |email: &str, text: &str| console.open_typed_form(email, text);
    assert_eq!(open("ada@example.org", &sealed), Some(form()));
    assert_eq!(open("bea@example.org", &sealed), None, "somebody else");
    assert_eq!(open("ada@example.org", &sealed[1..]), None);
    assert_eq!(open("ada@example.org", ""), None);
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(open("ada@example.org", &sealed), None, "too late");
}

#[tokio::test]
async fn a_form_of_a_forgotten_session_opens_for_whoever_signs_in() {
    let (fixture, session) = signed_in().await;
    fixture.advance(TimeDelta::hours(12));
    assert_eq!(fixture.console.sweep().await.unwrap(), 1);
    for session in [Some(&session), None] {
        let sealed = fixture.console.seal_typed_form(session, form()).await;
        let opened = fixture
            .console
            .open_typed_form("bea@example.org", &sealed.unwrap());
        assert_eq!(opened, Some(form()));
    }
}
