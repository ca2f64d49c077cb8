//! Whoever may not: every method that changes something refuses an auditor and a client, and changes nothing.

mod of_participants;

use std::time::Duration;

use claviger::domain::client::{Client, ClientDetails, ClientFilter};
use claviger::domain::error::Error;
use claviger::domain::ids::{ClientNumber, OrganizationId};
use claviger::domain::organization::{NamedOrganization, NewHost, NewName, NewOrganization};
use claviger::domain::page::Cursor;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::rotation::Rotation;
use claviger::domain::view::{CopiedRest, Period};
use claviger::service::{Actor, Console, CreatedClient, PermissionCopy, SentForm};

use crate::support::{Fixture, new_client, secret, shell};

use of_participants::changes_of_participants;

use super::admin_rights::changes_of_admins;
use super::participants::add;
use super::{PASSWORD, admin, footprint, names};

/// What a method said, by its name.
pub(super) type Said = (&'static str, Option<Error>);

/// What every method that changes clients says to an actor.
async fn changes_of_clients(console: &Console, actor: &Actor, client: &Client) -> Vec<Said> {
    let (id, seen) = (client.id.as_str(), client.version);
    let new = new_client(client.organization_id, &["public"], &[]);
    let details = ClientDetails {
        name: "Other".to_owned(),
        ..ClientDetails::default()
    };
    let named = NamedOrganization::default();
    vec![
        (
            "create_client",
            console.create_client(actor, &new, None).await.err(),
        ),
        (
            "client_choices",
            console.client_choices(actor, &named).await.err(),
        ),
        (
            "find_named_organization",
            console.find_named_organization(actor, &named).await.err(),
        ),
        (
            "update_client",
            console.update_client(actor, id, seen, details).await.err(),
        ),
        (
            "suspend_client",
            console.suspend_client(actor, id).await.err(),
        ),
        (
            "resume_client",
            console.resume_client(actor, id).await.err(),
        ),
        (
            "revoke_client",
            console.revoke_client(actor, id).await.err(),
        ),
    ]
}

/// What every method that changes what clients have says to an actor.
async fn changes_of_holdings(console: &Console, actor: &Actor, made: &CreatedClient) -> Vec<Said> {
    let (id, number) = (made.client.id.as_str(), made.secret_number);
    let copy = PermissionCopy {
        from: id.to_owned(),
        seen_from: made.client.version,
        seen: made.client.version,
        rest: CopiedRest::Keep,
    };
    let (blogs, one) = (names(&["blogs.read"]), std::slice::from_ref(&made.client));
    let form = SentForm::new("key", "clients/rotate", &id);
    vec![
        (
            "grant",
            console
                .set_permissions(actor, id, &PermissionSwitch::each(&blogs, true))
                .await
                .err(),
        ),
        (
            "revoke",
            console
                .set_permissions(actor, id, &PermissionSwitch::each(&blogs, false))
                .await
                .err(),
        ),
        (
            "copy_permissions",
            console.copy_permissions(actor, id, &copy).await.err(),
        ),
        (
            "rotate_secret",
            console.rotate_secret(actor, id, Duration::ZERO).await.err(),
        ),
        (
            "end_secret",
            console.end_secret(actor, id, number).await.err(),
        ),
        (
            "cancel_rotation",
            console.cancel_rotation(actor, id, number).await.err(),
        ),
        (
            "label_secret",
            console.label_secret(actor, id, number, "CI").await.err(),
        ),
        (
            "rotate_secret_by_form",
            console
                .rotate_secret_by_form(actor, &form, id, &Rotation::from(Duration::ZERO))
                .await
                .err(),
        ),
        (
            "reveal_secret",
            console.reveal_secret(actor, id, number).await.err(),
        ),
        (
            "reveal_newest_secrets",
            console.reveal_newest_secrets(actor, one).await.err(),
        ),
    ]
}

/// What every method that changes something else says to an actor.
async fn other_changes(console: &Console, actor: &Actor) -> Vec<Said> {
    let (bea, password) = ("bea@example.org", secret(PASSWORD));
    let place = NewOrganization {
        name: "Bern".to_owned(),
        host: String::new(),
    };
    vec![
        (
            "create_organization",
            console.create_organization(actor, &place).await.err(),
        ),
        (
            "archive_organization",
            console
                .archive_organization(actor, OrganizationId(1))
                .await
                .err(),
        ),
        (
            "restore_organization",
            console
                .restore_organization(actor, OrganizationId(1))
                .await
                .err(),
        ),
        (
            "set_organization_host",
            console
                .set_organization_host(actor, &NewHost::default())
                .await
                .err(),
        ),
        (
            "rename_organization",
            console
                .rename_organization(actor, &NewName::default())
                .await
                .err(),
        ),
        (
            "create_admin",
            console
                .create_admin(actor, bea, Role::Owner, &password)
                .await
                .err(),
        ),
        (
            "reset",
            console
                .reset_admin_password(actor, bea, &password)
                .await
                .err(),
        ),
        ("check_database", console.check_database(actor).await.err()),
    ]
}

/// Lets an actor try everything: each attempt must be forbidden, and all together leave nothing.
async fn is_refused_everywhere(fixture: &Fixture, actor: &Actor) {
    let (console, made) = (&fixture.console, fixture.client().await);
    add(fixture, OrganizationId(1), "ada").await;
    let before = footprint(&fixture.database).await;
    let mut said = changes_of_clients(console, actor, &made.client).await;
    said.extend(changes_of_holdings(console, actor, &made).await);
    said.extend(changes_of_participants(console, actor).await);
    said.extend(changes_of_admins(console, actor).await);
    said.extend(other_changes(console, actor).await);
    for (method, outcome) in said {
        assert!(
            matches!(outcome, Some(Error::Forbidden(_))),
            "{method}: {outcome:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    let fixture = Fixture::new().await;
    is_refused_everywhere(&fixture, &admin(Role::Auditor)).await;
}

#[tokio::test]
async fn a_client_changes_nothing() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    is_refused_everywhere(&fixture, &Actor::Client { id, address: None }).await;
}

#[tokio::test]
async fn a_viewer_reads_what_a_client_does_not() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let organization = fixture.organization("Porto", "").await;
    let ada = add(&fixture, organization, "ada").await.id;
    let (auditor, program) = (
        admin(Role::Auditor),
        Actor::Client {
            id: client.id.clone(),
            address: None,
        },
    );
    let filter = ClientFilter::default();
    for (actor, may) in [(auditor, true), (program, false)] {
        let console = &fixture.console;
        for outcome in [
            console.get_client(&actor, client.id.as_str()).await.err(),
            console.get_clients(&actor, ClientNumber(0), 10).await.err(),
            console
                .list_clients(&actor, &filter, Cursor::First)
                .await
                .err(),
            console.show_client(&actor, client.id.as_str()).await.err(),
            console.frame_counts(&actor).await.err(),
            console.overview(&actor, Period::Day).await.err(),
            console
                .list_organizations(&actor, "", Cursor::First)
                .await
                .err(),
            console
                .list_archived_organizations(&actor, Cursor::First)
                .await
                .err(),
            console.list_every_organization(&actor, false).await.err(),
            console
                .summarize_organization(&actor, organization)
                .await
                .err(),
            console
                .get_organization(&actor, OrganizationId(1))
                .await
                .err(),
            console.get_participant(&actor, ada).await.err(),
            console
                .list_participants(&actor, organization, "", Cursor::First)
                .await
                .err(),
            console
                .list_every_participant(&actor, organization, "")
                .await
                .err(),
        ] {
            assert!(
                if may {
                    outcome.is_none()
                } else {
                    matches!(outcome, Some(Error::Forbidden(_)))
                },
                "{outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_viewers_page_of_a_client_offers_no_change() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    for (actor, may) in [
        (shell(), true),
        (admin(Role::Manager), true),
        (admin(Role::Auditor), false),
    ] {
        let page = fixture
            .console
            .show_client(&actor, client.id.as_str())
            .await
            .unwrap();
        assert_eq!(page.may_change, may, "{actor:?}");
    }
}
