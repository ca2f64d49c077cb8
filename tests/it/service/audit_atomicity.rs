//! The audit log and the change are one transaction: what cannot be told does not happen.

use std::time::Duration;

use claviger::domain::client::ClientDetails;
use claviger::domain::error::Error;
use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::domain::organization::NewOrganization;
use claviger::domain::participant::ImportFile;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::service::{Actor, CreatedClient};

use crate::support::{Fixture, new_client, secret, shell};

use super::participants::{add, request};
use super::{PASSWORD, footprint, names, visitor};

/// Does one change after another, and says how each failed.
async fn every_change(fixture: &Fixture, made: &CreatedClient, bea: &Actor) -> Vec<Option<Error>> {
    let id = made.client.id.as_str();
    let (console, shell, password) = (&fixture.console, shell(), secret(PASSWORD));
    let details = ClientDetails {
        name: "Untold".to_owned(),
        ..ClientDetails::default()
    };
    let place = NewOrganization {
        name: "Bern".to_owned(),
        host: String::new(),
    };
    let new = new_client(None, &["system"], &[]);
    vec![
        console.create_organization(&shell, &place).await.err(),
        console.create_client(&shell, &new, None).await.err(),
        console
            .update_client(&shell, id, made.client.version, details)
            .await
            .err(),
        console.suspend_client(&shell, id).await.err(),
        console
            .set_permissions(
                &shell,
                id,
                &PermissionSwitch::each(&names(&["oauth.impersonate"]), true),
            )
            .await
            .err(),
        console
            .set_permissions(
                &shell,
                id,
                &PermissionSwitch::each(&names(&["oauth.login"]), false),
            )
            .await
            .err(),
        console
            .reveal_secret(&shell, id, made.secret_number)
            .await
            .err(),
        console
            .reveal_newest_secrets(&shell, std::slice::from_ref(&made.client))
            .await
            .err(),
        console
            .rotate_secret(&shell, id, Duration::ZERO)
            .await
            .err(),
        console.revoke_client(&shell, id).await.err(),
        console
            .create_admin(&shell, "cleo@example.org", Role::Auditor, &password)
            .await
            .err(),
        console
            .reset_admin_password(&shell, "bea@example.org", &password)
            .await
            .err(),
        console
            .sign_in(&visitor("192.0.2.1"), "bea@example.org", &password)
            .await
            .err(),
        console.sign_out(bea).await.err(),
    ]
}

/// The same with participants.
async fn every_change_of_participants(fixture: &Fixture) -> Vec<Option<Error>> {
    let (console, shell, password) = (&fixture.console, shell(), secret(PASSWORD));
    let (ada, cid) = (ParticipantId(1), request(OrganizationId(1), "cid"));
    let file = ImportFile {
        organization_id: OrganizationId(1),
        content: b"nickname,email\ndan,dan@example.org\n",
        is_dry_run: false,
    };
    vec![
        console.create_participant(&shell, &cid).await.err(),
        console
            .update_participant(&shell, ada, &cid.typed)
            .await
            .err(),
        console.block_participant(&shell, ada).await.err(),
        console
            .set_participant_password(&shell, ada, &password)
            .await
            .err(),
        console
            .import_participants(&shell, &file, &|_| {})
            .await
            .err(),
    ]
}

#[tokio::test]
async fn a_change_that_cannot_be_told_does_not_last() {
    let fixture = Fixture::new().await;
    let bea = ("bea@example.org", &secret(PASSWORD));
    fixture
        .console
        .create_admin(&shell(), bea.0, Role::Auditor, bea.1)
        .await
        .unwrap();
    let made = fixture.client_of(None, &["system"], &["oauth.login"]).await;
    let porto = fixture.organization("Porto", "").await;
    add(&fixture, porto, "ada").await;
    let started = fixture
        .console
        .sign_in(&visitor("192.0.2.1"), "bea@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    let bea = fixture
        .console
        .resume_session(&started.id, &visitor("192.0.2.1"))
        .await
        .unwrap()
        .unwrap();
    fixture
        .database
        .execute(
            "ALTER TABLE audit_events RENAME TO mislaid; CREATE TABLE audit_events (empty TEXT)",
        )
        .await;

    let before = footprint(&fixture.database).await;
    let mut outcomes = every_change(&fixture, &made, &bea).await;
    outcomes.extend(every_change_of_participants(&fixture).await);
    for outcome in outcomes {
        assert!(
            matches!(outcome, Some(Error::Internal { .. })),
            "{outcome:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
    assert_eq!(fixture.reload(&made.client).await, made.client);
    assert!(
        fixture
            .console
            .resume_session(&started.id, &visitor("192.0.2.1"))
            .await
            .unwrap()
            .is_some()
    );
}
