//! The audit log: one entry for every change, in the transaction of the change, and never a secret in it.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::admin::Role;
use claviger::domain::client::{ClientDetails, NewClient};
use claviger::domain::error::Error;
use claviger::domain::event::{Event, Target};
use claviger::domain::organization::{NewHost, NewOrganization};
use claviger::domain::secret::Secret;
use claviger::service::{Actor, Credentials, RequestOrigin};

use crate::support::{Fixture, authority, new_client, secret, shell};

use super::{PASSWORD, admin, audit_log, names, visitor};

/// A secret that would be seen wherever it went.
const PLANTED: &str = "planted-secret-of-this-test";

fn elsewhere() -> NewHost {
    NewHost {
        id: 1,
        host: "city.example".to_owned(),
    }
}

/// Does one change after another, a minute apart, each on what the ones before made; what each says.
async fn every_change(fixture: &Fixture, actor: &Actor) -> Vec<(&'static str, Result<(), Error>)> {
    let service = &fixture.service;
    let new = NewClient {
        id: Some("dash".to_owned()),
        ..new_client(Some(1), &["public", "blogs"], &["oauth.login"])
    };
    let details = ClientDetails {
        name: "Other".to_owned(),
        allow_login: true,
        expires_at: None,
        allow_impersonate: false,
    };
    let place = NewOrganization {
        name: "Porto".to_owned(),
        host: "porto.example".to_owned(),
    };
    let (blogs, planted) = (names(&["blogs.read"]), secret(PLANTED));
    let version = async || {
        service
            .get_client(&shell(), "dash")
            .await
            .map_or(0, |client| client.version)
    };
    let client = async || service.get_client(&shell(), "dash").await.ok();
    let mut said = Vec::new();
    macro_rules! step {
        ($action:literal, $call:expr) => {
            fixture.advance(TimeDelta::minutes(1));
            said.push(($action, $call.await.map(drop)));
        };
    }
    step!(
        "organization.created",
        service.create_organization(actor, &place)
    );
    step!(
        "organization.host_changed",
        service.set_organization_host(actor, &elsewhere())
    );
    step!(
        "client.created",
        service.create_client(actor, &new, Some(planted.clone()))
    );
    step!(
        "client.updated",
        service.update_client(actor, "dash", version().await, details)
    );
    step!("client.suspended", service.suspend_client(actor, "dash"));
    step!("client.resumed", service.resume_client(actor, "dash"));
    step!(
        "permissions.changed",
        service.grant_permissions(actor, "dash", &blogs)
    );
    step!(
        "permissions.changed",
        service.toggle_permission(actor, "dash", version().await, "blogs.read", false)
    );
    step!(
        "permissions.changed",
        service.change_permissions_at(actor, "dash", version().await, &blogs, &[])
    );
    step!(
        "permissions.changed",
        service.revoke_permissions(actor, "dash", &blogs)
    );
    step!("secret.revealed", service.reveal_secret(actor, "dash", 1));
    let one: Vec<_> = client().await.into_iter().collect();
    step!(
        "secret.revealed",
        service.reveal_newest_secrets(actor, &one)
    );
    step!(
        "secret.rotated",
        service.rotate_secret(actor, "dash", Duration::from_hours(1))
    );
    step!(
        "client.revoked",
        service.revoke_client_by_name(actor, "dash", "Other")
    );
    step!(
        "organization.archived",
        service.archive_organization(actor, 1)
    );
    step!(
        "organization.restored",
        service.restore_organization(actor, 1)
    );
    step!(
        "admin.created",
        service.create_admin(actor, "bea@example.org", Role::Viewer, &planted)
    );
    step!(
        "admin.password_reset",
        service.reset_admin_password(actor, "bea@example.org", &planted)
    );
    said
}

#[tokio::test]
async fn every_change_leaves_one_entry_with_actor_target_and_organization() {
    let fixture = Fixture::new().await;
    let said = every_change(&fixture, &admin(Role::Owner)).await;
    assert!(said.iter().all(|(_, outcome)| outcome.is_ok()), "{said:?}");
    assert_eq!(
        fixture.database.count("audit_events").await,
        i64::try_from(said.len()).unwrap()
    );

    let mut events = Vec::new();
    for target in ["organization:1", "client:dash", "admin:bea@example.org"] {
        events.extend(audit_log(&fixture, target).await);
    }
    events.sort_by_key(|event| event.at);
    let told: Vec<_> = events.iter().map(|record| record.event.kind()).collect();
    assert_eq!(
        told,
        said.iter().map(|(action, _)| *action).collect::<Vec<_>>()
    );
    for event in &events {
        let about_admins = matches!(event.target, Target::Admin { .. });
        assert_eq!(
            event.organization_id,
            (!about_admins).then_some(1),
            "{event:?}"
        );
        assert_eq!(event.actor.name(), "owner@example.org");
        assert_eq!(event.address, Some("192.0.2.1".parse().unwrap()));
        assert!(!matches!(event.event, Event::Unknown { .. }), "{event:?}");
    }
}

#[tokio::test]
async fn a_shell_is_named_by_its_user_and_has_no_address() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let event = &audit_log(&fixture, &format!("client:{}", client.id)).await[0];
    assert_eq!(
        (event.actor.name().as_str(), event.address),
        ("shell:tester", None)
    );
}

#[tokio::test]
async fn changes_a_microsecond_apart_are_told_in_their_order() {
    let fixture = Fixture::new().await;
    let id = fixture.client_of(None, &["system"], &[]).await.client.id;
    let name = names(&["oauth.login"]);
    let mut done = Vec::new();
    for turn in 0..20 {
        fixture.advance(TimeDelta::microseconds(1));
        match turn % 2 {
            0 => fixture
                .service
                .grant_permissions(&shell(), id.as_str(), &name)
                .await
                .unwrap(),
            _ => fixture
                .service
                .revoke_permissions(&shell(), id.as_str(), &name)
                .await
                .unwrap(),
        };
        done.insert(0, fixture.service.now());
    }
    let audit_log = audit_log(&fixture, &format!("client:{id}")).await;
    let told: Vec<_> = audit_log.iter().map(|event| event.at).collect();
    assert_eq!(told[..20], done);
}

/// How many entries hold a text anywhere.
async fn entries_with(fixture: &Fixture, text: &str) -> i64 {
    let anywhere = "actor || kind || target || data || coalesce(address, '')";
    fixture
        .database
        .count(&format!("audit_events WHERE {anywhere} LIKE '%{text}%'"))
        .await
}

#[tokio::test]
async fn no_entry_holds_a_secret() {
    let fixture = Fixture::new().await;
    every_change(&fixture, &admin(Role::Owner)).await;
    let made = fixture.client_of(None, &["system"], &[]).await;
    let rotated = fixture
        .service
        .rotate_secret(&shell(), made.client.id.as_str(), Duration::ZERO)
        .await
        .unwrap();
    let started = fixture
        .service
        .sign_in(&visitor("192.0.2.1"), "bea@example.org", &secret(PLANTED))
        .await
        .unwrap();
    assert_eq!(
        entries_with(&fixture, "bea@example.org").await,
        3,
        "what is there is found"
    );
    let secrets: [Secret; 4] = [secret(PLANTED), made.secret, rotated.secret, started.id];
    for secret in &secrets {
        assert_eq!(entries_with(&fixture, secret.expose()).await, 0);
    }
    assert_eq!(entries_with(&fixture, "$argon2").await, 0);
}

#[tokio::test]
async fn coming_and_going_is_told() {
    let fixture = Fixture::new().await;
    let code = fixture.service.offer_setup().await.unwrap().unwrap();
    let here = visitor("192.0.2.1");
    fixture
        .service
        .create_first_admin(&here, &code, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(1));
    let started = fixture
        .service
        .sign_in(&here, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(1));
    let actor = fixture
        .service
        .resume_session(&started.id, &here)
        .await
        .unwrap()
        .unwrap();
    fixture.service.sign_out(&actor).await.unwrap();
    let events = audit_log(&fixture, "admin:ada@example.org").await;
    let told: Vec<_> = events.iter().map(|record| record.event.kind()).collect();
    assert_eq!(
        told,
        ["admin.signed_out", "admin.signed_in", "admin.created"]
    );
    assert!(
        events
            .iter()
            .all(|event| event.actor.name() == "ada@example.org" && event.address.is_some())
    );
    assert_eq!(fixture.database.count("audit_events").await, 3);
}

#[tokio::test]
async fn a_token_ended_by_its_client_is_told_under_the_clients_name() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some("192.0.2.1".parse().unwrap()),
    };
    let credentials = Credentials {
        id: id.to_owned(),
        secret: made.secret.clone(),
    };
    let issued = fixture
        .service
        .grant_client_credentials(&origin, &credentials, None)
        .await
        .unwrap();
    let before = fixture.database.count("audit_events").await;
    fixture.advance(TimeDelta::minutes(1));
    for _ in 0..2 {
        fixture
            .service
            .revoke_token(&origin, &credentials, Some(&issued.token))
            .await
            .unwrap();
    }
    assert_eq!(
        fixture.database.count("audit_events").await,
        before + 1,
        "ended twice, told once"
    );
    let event = &audit_log(&fixture, &format!("client:{id}")).await[0];
    assert_eq!(
        (event.actor.name(), event.event.kind()),
        (format!("client:{id}"), "token.revoked")
    );
    assert_eq!(
        (event.organization_id, event.address),
        (made.client.organization_id, origin.address)
    );
    assert_eq!(entries_with(&fixture, issued.token.expose()).await, 0);
}
