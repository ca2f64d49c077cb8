//! Revoking a client: for good, and once.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client::ClientDetails;
use claviger::domain::client::Lifecycle;
use claviger::domain::error::Error;
use claviger::domain::ids::{SecretNumber, Version};
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;

use crate::support::{Fixture, shell};

use super::{admin, footprint, names, opens};

#[tokio::test]
async fn revoking_twice_says_who_did_it_and_when() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    let revoked = fixture
        .console
        .revoke_client(&admin(Role::Manager), id)
        .await
        .unwrap();
    assert!(
        matches!(&revoked.lifecycle, Lifecycle::Revoked { by, .. } if by == "manager@example.org"),
        "{revoked:?}"
    );
    fixture.advance(TimeDelta::days(3));
    let before = footprint(&fixture.database).await;
    let message = "This client was revoked by manager@example.org, 23 Nov 2026 12:00 UTC. Nothing else to do.";
    let again = fixture.console.revoke_client(&shell(), id).await;
    let again = again.unwrap_err();
    assert!(matches!(again, Error::Conflict(_)), "{again:?}");
    assert_eq!(again.to_string(), message);
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
            .set_permissions(
                &shell,
                id,
                &PermissionSwitch::each(&names(&["blogs.read"]), true),
            )
            .await
            .err(),
        console
            .set_permissions(
                &shell,
                id,
                &PermissionSwitch::each(&names(&["blogs.read"]), false),
            )
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
            console
                .update_client(&shell, id, Version(0), details)
                .await
                .err(),
            console.suspend_client(&shell, id).await.err(),
            console.resume_client(&shell, id).await.err(),
            console.revoke_client(&shell, id).await.err(),
            console
                .set_permissions(
                    &shell,
                    id,
                    &PermissionSwitch::each(&names(&["blogs.read"]), true),
                )
                .await
                .err(),
            console
                .rotate_secret(&shell, id, Duration::ZERO)
                .await
                .err(),
            console
                .reveal_secret(&shell, id, SecretNumber(1))
                .await
                .err(),
        ] {
            assert!(
                matches!(outcome, Some(Error::NotFound(_))),
                "{id:?}: {outcome:?}"
            );
        }
    }
    assert_eq!(footprint(&fixture.database).await, before);
}
