//! The audit log: one entry for every change, in the transaction of the change, and never a secret in it.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::event::{Event, Target};
use claviger::domain::ids::OrganizationId;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::secret::Secret;
use claviger::service::{Credentials, RequestOrigin, TokenRequest};

use crate::support::{Fixture, authority, secret, shell};

use super::administrators::signed_in;
use super::{PASSWORD, audit_log, names, visitor};

mod changes;

use changes::every_change;

/// A secret that would be seen wherever it went.
const PLANTED: &str = "planted-secret-of-this-test";

#[tokio::test]
async fn every_change_leaves_one_entry_with_actor_target_and_organization() {
    let fixture = Fixture::new().await;
    let (owner, _) = signed_in(&fixture, "owner@example.org", Role::Owner).await;
    let before = fixture.database.count("audit_events").await;
    let said = every_change(&fixture, &owner).await;
    assert!(said.iter().all(|(_, outcome)| outcome.is_ok()), "{said:?}");
    assert_eq!(
        fixture.database.count("audit_events").await - before,
        i64::try_from(said.len()).unwrap()
    );

    let mut events = Vec::new();
    for target in [
        "organization:1",
        "client:dash",
        "participant:1",
        "admin:bea@example.org",
    ] {
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
            (!about_admins).then_some(OrganizationId(1)),
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
                .console
                .set_permissions(&shell(), id.as_str(), &PermissionSwitch::each(&name, true))
                .await
                .unwrap(),
            _ => fixture
                .console
                .set_permissions(&shell(), id.as_str(), &PermissionSwitch::each(&name, false))
                .await
                .unwrap(),
        };
        done.insert(0, fixture.console.now());
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
    let (owner, _) = signed_in(&fixture, "owner@example.org", Role::Owner).await;
    every_change(&fixture, &owner).await;
    let made = fixture.client_of(None, &["system"], &[]).await;
    let rotated = fixture
        .console
        .rotate_secret(&shell(), made.client.id.as_str(), Duration::ZERO)
        .await
        .unwrap();
    let started = fixture
        .console
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
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let here = visitor("192.0.2.1");
    fixture
        .console
        .create_first_admin(&here, &code, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(1));
    let started = fixture
        .console
        .sign_in(&here, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(1));
    let actor = fixture
        .console
        .resume_session(&started.id, &here)
        .await
        .unwrap()
        .unwrap();
    fixture.console.sign_out(&actor).await.unwrap();
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
        .tokens
        .issue_token(
            &origin,
            &credentials,
            TokenRequest::client_credentials(None),
        )
        .await
        .unwrap();
    let before = fixture.database.count("audit_events").await;
    fixture.advance(TimeDelta::minutes(1));
    for _ in 0..2 {
        fixture
            .tokens
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
