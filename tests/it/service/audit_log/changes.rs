//! One change after another, of every kind.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client::{Client, ClientDetails, NewClient};
use claviger::domain::error::Error;
use claviger::domain::ids::{OrganizationId, ParticipantId, SecretNumber, Version};
use claviger::domain::organization::{NewHost, NewName, NewOrganization};
use claviger::domain::participant::{ParticipantRequest, TypedParticipant};
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::rotation::{OldSecrets, Rotation};
use claviger::service::{Actor, Console};

use super::super::names;
use super::PLANTED;
use crate::support::{Fixture, new_client, secret, shell};

fn elsewhere() -> NewHost {
    NewHost {
        id: OrganizationId(1),
        host: "city.example".to_owned(),
    }
}

fn dashboard() -> NewClient {
    NewClient {
        id: Some("dash".to_owned()),
        ..new_client(
            Some(OrganizationId(1)),
            &["public", "blogs"],
            &["oauth.login"],
        )
    }
}

fn other_details() -> ClientDetails {
    ClientDetails {
        name: "Other".to_owned(),
        allow_login: true,
        expires_at: None,
        token_ttl: None,
        allow_impersonate: false,
    }
}

fn porto() -> NewOrganization {
    NewOrganization {
        name: "Porto".to_owned(),
        host: "porto.example".to_owned(),
    }
}

/// Changes, by their action in the audit log, and what was answered to each.
pub(super) type Answers = Vec<(&'static str, Result<(), Error>)>;

struct Told<'a> {
    fixture: &'a Fixture,
    answers: Answers,
}

impl Told<'_> {
    /// Makes a change, a minute after the one before.
    async fn add<T>(
        &mut self,
        action: &'static str,
        change: impl Future<Output = Result<T, Error>>,
    ) {
        self.fixture.advance(TimeDelta::minutes(1));
        self.answers.push((action, change.await.map(drop)));
    }
}

/// Makes one change after another, a minute apart, each on what the ones before made; what was answered to each.
pub(super) async fn every_change(fixture: &Fixture, actor: &Actor) -> Answers {
    let console = &fixture.console;
    let planted = secret(PLANTED);
    let mut told = Told {
        fixture,
        answers: Vec::new(),
    };
    told.add(
        "organization.created",
        console.create_organization(actor, &porto()),
    )
    .await;
    told.add(
        "organization.host_changed",
        console.set_organization_host(actor, &elsewhere()),
    )
    .await;
    let renamed = NewName {
        id: OrganizationId(1),
        version: organization_version(console).await,
        name: "City of Porto".to_owned(),
    };
    told.add(
        "organization.renamed",
        console.rename_organization(actor, &renamed),
    )
    .await;
    change_client(&mut told, actor).await;
    change_permissions_and_secrets(&mut told, actor).await;
    told.add("client.revoked", console.revoke_client(actor, "dash"))
        .await;
    change_participant(&mut told, actor).await;
    told.add(
        "organization.archived",
        console.archive_organization(actor, OrganizationId(1)),
    )
    .await;
    told.add(
        "organization.restored",
        console.restore_organization(actor, OrganizationId(1)),
    )
    .await;
    told.add(
        "admin.created",
        console.create_admin(actor, "bea@example.org", Role::Auditor, &planted),
    )
    .await;
    told.add(
        "admin.password_reset",
        console.reset_admin_password(actor, "bea@example.org", &planted),
    )
    .await;
    told.answers
}

async fn organization_version(console: &Console) -> Version {
    let found = console.get_organization(&shell(), OrganizationId(1)).await;
    found.map(|found| found.version).unwrap_or_default()
}

async fn client_now(console: &Console) -> Option<Client> {
    console.get_client(&shell(), "dash").await.ok()
}

async fn version(console: &Console) -> Version {
    client_now(console)
        .await
        .map(|client| client.version)
        .unwrap_or_default()
}

async fn change_client(told: &mut Told<'_>, actor: &Actor) {
    let console = &told.fixture.console;
    told.add(
        "client.created",
        console.create_client(actor, &dashboard(), Some(secret(PLANTED))),
    )
    .await;
    told.add(
        "client.updated",
        console.update_client(actor, "dash", version(console).await, other_details()),
    )
    .await;
    told.add("client.suspended", console.suspend_client(actor, "dash"))
        .await;
    told.add("client.resumed", console.resume_client(actor, "dash"))
        .await;
}

async fn change_participant(told: &mut Told<'_>, actor: &Actor) {
    let (console, id) = (&told.fixture.console, ParticipantId(1));
    let request = ParticipantRequest {
        organization_id: OrganizationId(1),
        typed: TypedParticipant {
            nickname: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            name: String::new(),
        },
        password: secret(PLANTED),
    };
    let renamed = TypedParticipant {
        nickname: "countess".to_owned(),
        ..request.typed.clone()
    };
    told.add(
        "participant.created",
        console.create_participant(actor, &request),
    )
    .await;
    told.add(
        "participant.changed",
        console.update_participant(actor, id, &renamed),
    )
    .await;
    told.add(
        "participant.password_set",
        console.set_participant_password(actor, id, &secret(PLANTED)),
    )
    .await;
    told.add("participant.blocked", console.block_participant(actor, id))
        .await;
    told.add(
        "participant.unblocked",
        console.unblock_participant(actor, id),
    )
    .await;
}

async fn change_permissions_and_secrets(told: &mut Told<'_>, actor: &Actor) {
    let console = &told.fixture.console;
    let blogs = names(&["blogs.read"]);
    told.add(
        "permissions.changed",
        console.set_permissions(actor, "dash", &PermissionSwitch::each(&blogs, true)),
    )
    .await;
    told.add(
        "permissions.changed",
        console.set_permissions(actor, "dash", &PermissionSwitch::each(&blogs, false)),
    )
    .await;
    told.add(
        "secret.revealed",
        console.reveal_secret(actor, "dash", SecretNumber(1)),
    )
    .await;
    let one: Vec<_> = client_now(console).await.into_iter().collect();
    told.add(
        "secret.revealed",
        console.reveal_newest_secrets(actor, &one),
    )
    .await;
    change_secrets(told, actor).await;
}

async fn change_secrets(told: &mut Told<'_>, actor: &Actor) {
    let console = &told.fixture.console;
    told.add(
        "secret.rotated",
        console.rotate_secret(actor, "dash", Duration::from_hours(1)),
    )
    .await;
    let pending = || Rotation::unlabelled(OldSecrets::UntilFirstUse(Duration::from_hours(1)));
    told.add(
        "secret.rotated",
        console.rotate_secret(actor, "dash", pending()),
    )
    .await;
    told.add(
        "secret.cancelled",
        console.cancel_rotation(actor, "dash", SecretNumber(3)),
    )
    .await;
    told.add(
        "secret.labelled",
        console.label_secret(actor, "dash", SecretNumber(2), "CI"),
    )
    .await;
    told.add(
        "secret.ended",
        console.end_secret(actor, "dash", SecretNumber(1)),
    )
    .await;
}
