//! Revoking a client: confirmed by its name, for good, and once.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::admin::Role;
use claviger::domain::client::{ClientDetails, NewClient};
use claviger::domain::error::Error;

use crate::support::{Fixture, new_client, shell};

use super::{admin, field, footprint, names, opens};

#[tokio::test]
async fn the_name_is_compared_as_text() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        name: Some("A.*[b](c)? $^|\\ %_".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    let client = fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap()
        .client;
    let id = client.id.as_str();
    let before = footprint(&fixture.database).await;
    for typed in [
        "",
        ".*",
        "Axx[b](c)? $^|\\ %_",
        "a.*[b](c)? $^|\\ %_",
        "A.*[b](c)? $^|\\",
        "%",
    ] {
        let refused = fixture
            .console
            .revoke_client_by_name(&shell(), id, typed)
            .await;
        assert_eq!(field(refused), "confirm", "{typed:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
    let revoked = fixture
        .console
        .revoke_client_by_name(&shell(), id, "  A.*[b](c)? $^|\\ %_ ")
        .await
        .unwrap();
    assert!(revoked.revoked_at.is_some());
}

#[tokio::test]
async fn revoking_twice_says_who_did_it_and_when() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    let revoked = fixture
        .console
        .revoke_client(&admin(Role::Editor), id)
        .await
        .unwrap();
    assert_eq!(revoked.revoked_by.as_deref(), Some("editor@example.org"));
    fixture.advance(TimeDelta::days(3));
    let before = footprint(&fixture.database).await;
    let message =
        "This client was revoked by editor@example.org, 23 Nov 2026 12:00 UTC. Nothing else to do.";
    let again = fixture.console.revoke_client(&shell(), id).await;
    assert_eq!(again, Err(Error::Conflict(message.to_owned())));
    let again = fixture
        .console
        .revoke_client_by_name(&shell(), id, "whatever")
        .await;
    assert_eq!(again, Err(Error::Conflict(message.to_owned())));
    assert_eq!(footprint(&fixture.database).await, before);
    assert_eq!(fixture.reload(&client).await, revoked);
}

#[tokio::test]
async fn a_revoked_client_keeps_no_secret_and_opens_no_door() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    assert!(opens(&fixture, id, made.secret.expose()).await);
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert!(!opens(&fixture, id, made.secret.expose()).await);
    assert_eq!(
        fixture
            .database
            .count("client_secrets WHERE sealed IS NULL AND revoked_at IS NOT NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn what_is_over_cannot_be_changed() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let revoked = fixture.console.revoke_client(&shell(), id).await.unwrap();
    let before = footprint(&fixture.database).await;
    let (console, shell) = (&fixture.console, shell());
    let details = ClientDetails {
        name: "Undead".to_owned(),
        ..ClientDetails::default()
    };
    for outcome in [
        console
            .update_client(&shell, id, revoked.version, details)
            .await
            .err(),
        console.suspend_client(&shell, id).await.err(),
        console.resume_client(&shell, id).await.err(),
        console
            .grant_permissions(&shell, id, &names(&["blogs.read"]))
            .await
            .err(),
        console
            .revoke_permissions(&shell, id, &names(&["blogs.read"]))
            .await
            .err(),
        console
            .toggle_permission(&shell, id, revoked.version, "blogs.read", true)
            .await
            .err(),
        console
            .rotate_secret(&shell, id, Duration::ZERO)
            .await
            .err(),
    ] {
        assert!(matches!(outcome, Some(Error::Conflict(_))), "{outcome:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn whoever_does_not_exist_is_not_found() {
    let fixture = Fixture::new().await;
    let before = footprint(&fixture.database).await;
    let (console, shell) = (&fixture.console, shell());
    for id in ["id_nobody", "x", "", "no such id", "a\0b"] {
        let details = ClientDetails {
            name: "Name".to_owned(),
            ..ClientDetails::default()
        };
        for outcome in [
            console.get_client(&shell, id).await.err(),
            console.show_client(&shell, id).await.err(),
            console.update_client(&shell, id, 0, details).await.err(),
            console.suspend_client(&shell, id).await.err(),
            console.resume_client(&shell, id).await.err(),
            console.revoke_client(&shell, id).await.err(),
            console
                .grant_permissions(&shell, id, &names(&["blogs.read"]))
                .await
                .err(),
            console
                .rotate_secret(&shell, id, Duration::ZERO)
                .await
                .err(),
            console.reveal_secret(&shell, id, 1).await.err(),
        ] {
            assert!(
                matches!(outcome, Some(Error::NotFound(_))),
                "{id:?}: {outcome:?}"
            );
        }
    }
    assert_eq!(footprint(&fixture.database).await, before);
}
