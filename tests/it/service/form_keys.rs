//! Forms with a key: sent twice, they make one thing.

use chrono::TimeDelta;
use claviger::domain::client::{ClientId, NewClient};
use claviger::domain::complaint::Complaint;
use claviger::domain::error::Error;
use claviger::domain::organization::NewOrganization;
use claviger::domain::role::Role;
use claviger::service::{Actor, SentForm};

use crate::support::{Engine, Fixture, new_client, settings};

use super::{admin, field};

fn sent(key: &str, content: &str) -> SentForm {
    SentForm::new(key, "clients/create", &content)
}

fn dashboard() -> NewClient {
    new_client(None, &["system"], &[])
}

fn porto(host: &str) -> NewOrganization {
    NewOrganization {
        name: "City of Porto".to_owned(),
        host: host.to_owned(),
    }
}

/// The secret that an answer lets an actor see.
fn shown(
    fixture: &Fixture,
    actor: &Actor,
    answer: &claviger::service::FormAnswer,
) -> Option<String> {
    let client = ClientId::parse(&answer.made).unwrap();
    let sealed = answer.sealed.as_deref()?;
    let shown = fixture.console.open_shown_secret(actor, &client, sealed)?;
    Some(shown.text)
}

#[tokio::test]
async fn a_form_that_is_sent_again_makes_nothing_more() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (ada, form) = (admin(Role::Owner), sent("key", "Dashboard"));
        let create = async || {
            fixture
                .console
                .create_client_by_form(&ada, &form, &dashboard())
                .await
                .unwrap()
        };
        let first = create().await;
        let before = fixture.database.everything().await;
        let again = create().await;
        assert_eq!(again, first, "{engine:?}");
        assert_eq!(fixture.database.everything().await, before, "{engine:?}");
        let secret = shown(&fixture, &ada, &first).unwrap();
        assert!(secret.starts_with("key_") && !before.contains(&secret));

        let organization = SentForm::new("another", "organizations/create", &"Porto");
        let create = async || {
            fixture
                .console
                .create_organization_by_form(&ada, &organization, &porto("porto.example"))
                .await
                .unwrap()
        };
        let first = create().await;
        assert_eq!(create().await, first, "though its host is taken by now");
        assert_eq!(fixture.database.count("organizations").await, 1);
    }
}

#[tokio::test]
async fn of_forms_that_are_sent_at_once_one_makes_something() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let node = fixture.other_node().await.console;
        let (ada, form, new) = (admin(Role::Owner), sent("key", "Dashboard"), dashboard());
        let (one, two, three) = tokio::join!(
            fixture.console.create_client_by_form(&ada, &form, &new),
            node.create_client_by_form(&ada, &form, &new),
            fixture.console.create_client_by_form(&ada, &form, &new),
        );
        let first = one.unwrap();
        assert_eq!((two.unwrap(), three.unwrap()), (first.clone(), first));
        assert_eq!(fixture.database.count("api_clients").await, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn a_form_without_a_key_makes_something_each_time() {
    let fixture = Fixture::new().await;
    let (ada, form) = (admin(Role::Owner), sent("", "Dashboard"));
    for made in 1..=2 {
        let answer = fixture
            .console
            .create_client_by_form(&ada, &form, &dashboard())
            .await;
        answer.unwrap();
        assert_eq!(fixture.database.count("api_clients").await, made);
    }
    assert_eq!(fixture.database.count("form_keys").await, 0);
}

#[tokio::test]
async fn a_key_does_not_serve_for_another_form() {
    let fixture = Fixture::new().await;
    let ada = admin(Role::Owner);
    let create = async |form: SentForm| {
        let new = dashboard();
        fixture
            .console
            .create_client_by_form(&ada, &form, &new)
            .await
    };
    create(sent("key", "Dashboard")).await.unwrap();
    let conflict = Err(Error::Conflict(Complaint::FormSentBefore));
    assert_eq!(create(sent("key", "Newsletter")).await, conflict);
    let elsewhere = SentForm::new("key", "organizations/create", &"Dashboard");
    let organization = fixture
        .console
        .create_organization_by_form(&ada, &elsewhere, &porto(""))
        .await;
    assert_eq!(organization, conflict);
    assert_eq!(fixture.database.count("api_clients").await, 1);
    assert_eq!(fixture.database.count("organizations").await, 0);
}

#[tokio::test]
async fn the_same_key_of_somebody_else_is_another_one() {
    let fixture = Fixture::new().await;
    let form = sent("key", "Dashboard");
    let mut made = Vec::new();
    let (ada, mut bea) = (admin(Role::Owner), admin(Role::Owner));
    if let Actor::Admin { admin, .. } = &mut bea {
        admin.email = "bea@example.org".to_owned();
    }
    for actor in [&ada, &bea] {
        let answer = fixture
            .console
            .create_client_by_form(actor, &form, &dashboard())
            .await;
        made.push(answer.unwrap().made);
    }
    assert_ne!(made[0], made[1]);
    let auditor = fixture
        .console
        .create_client_by_form(&admin(Role::Auditor), &form, &dashboard())
        .await;
    assert!(matches!(auditor, Err(Error::Forbidden(_))), "{auditor:?}");
}

#[tokio::test]
async fn a_refused_form_is_corrected_under_its_key() {
    let fixture = Fixture::new().await;
    let ada = admin(Role::Owner);
    let nameless = NewClient {
        name: Some(String::new()),
        ..dashboard()
    };
    let refused = fixture
        .console
        .create_client_by_form(&ada, &sent("key", ""), &nameless)
        .await;
    assert_eq!(field(refused), "name");
    let corrected = fixture
        .console
        .create_client_by_form(&ada, &sent("key", "Dashboard"), &dashboard())
        .await;
    corrected.unwrap();
    assert_eq!(fixture.database.count("api_clients").await, 1);
}

#[tokio::test]
async fn the_answer_shows_the_secret_to_its_session_for_minutes_and_is_forgotten_after_a_day() {
    let fixture = Fixture::new().await;
    let (ada, form) = (admin(Role::Owner), sent("key", "Dashboard"));
    let create = async || {
        fixture
            .console
            .create_client_by_form(&ada, &form, &dashboard())
            .await
            .unwrap()
    };
    let first = create().await;
    let Actor::Admin { admin, address, .. } = ada.clone() else {
        unreachable!()
    };
    let later = Actor::Admin {
        admin,
        session: [8; 32],
        has_fresh_proof: true,
        address,
    };
    assert!(shown(&fixture, &ada, &first).is_some());
    assert!(shown(&fixture, &later, &first).is_none(), "another session");
    fixture.advance(TimeDelta::minutes(10));
    assert!(shown(&fixture, &ada, &first).is_none(), "too late");
    assert_eq!(fixture.console.sweep().await.unwrap(), 0);
    let again = create().await;
    assert_eq!((again.made, again.sealed), (first.made.clone(), None));

    fixture.advance(TimeDelta::hours(24));
    assert_eq!(fixture.console.sweep().await.unwrap(), 1);
    assert_ne!(create().await.made, first.made);
}

#[tokio::test]
async fn keys_for_forms_are_random() {
    let fixture = Fixture::new().await;
    let (one, two) = (fixture.console.form_key(), fixture.console.form_key());
    assert_ne!(one, two);
    assert_eq!(one.len(), 22, "128 bits as base64url: {one}");
}
