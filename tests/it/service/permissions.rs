//! Permissions: granted and removed; all of them or none.

use chrono::TimeDelta;
use claviger::domain::client::Client;
use claviger::domain::permission::PermissionName;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::service::clock::Random;
use claviger::service::{Console, Services, Settings};

use crate::support::{Fixture, master, settings, shell};

use super::{admin, audit_log, field, footprint, kinds, names};

fn held(client: &Client) -> Vec<&str> {
    client
        .permissions
        .iter()
        .map(PermissionName::as_str)
        .collect()
}

/// The same fixture under a catalogue in which blogs know no permission.
async fn without_blogs(fixture: &Fixture) -> Console {
    let mut catalog = settings().catalog;
    for scope in catalog
        .scopes
        .iter_mut()
        .filter(|scope| scope.name == "blogs")
    {
        scope.groups.clear();
    }
    let settings = Settings {
        catalog,
        ..settings()
    };
    let store = fixture.database.store.clone();
    Services::start(
        store,
        master(),
        settings,
        fixture.clock.clone(),
        Random::System,
    )
    .await
    .unwrap()
    .console
}

#[tokio::test]
async fn permissions_are_granted_in_the_order_given() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    let wanted = names(&["proposals.read", "oauth.login", "blogs.read"]);
    let client = fixture
        .console
        .set_permissions(
            &shell(),
            id.as_str(),
            &PermissionSwitch::each(&wanted, true),
        )
        .await
        .unwrap();
    assert_eq!(
        held(&client),
        ["proposals.read", "oauth.login", "blogs.read"]
    );
    assert_eq!(fixture.reload(&client).await, client);
    let fewer = fixture
        .console
        .set_permissions(
            &shell(),
            id.as_str(),
            &PermissionSwitch::each(&names(&["oauth.login"]), false),
        )
        .await
        .unwrap();
    assert_eq!(held(&fewer), ["proposals.read", "blogs.read"]);
}

#[tokio::test]
async fn one_that_may_not_be_granted_keeps_all_from_being_granted() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    let before = footprint(&fixture.database).await;
    for wrong in [
        "blogs.dream",
        "oauth.read",
        "system.tokens.introspect",
        "",
        "a\0b",
    ] {
        let wanted = names(&["blogs.read", wrong]);
        let refused = fixture
            .console
            .set_permissions(
                &shell(),
                id.as_str(),
                &PermissionSwitch::each(&wanted, true),
            )
            .await;
        assert_eq!(field(refused), "permissions", "{wrong:?}");
    }
    let unknown = fixture
        .console
        .set_permissions(
            &shell(),
            id.as_str(),
            &PermissionSwitch::each(&names(&["blogs.dream"]), false),
        )
        .await;
    assert_eq!(field(unknown), "permissions");
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn what_changes_nothing_leaves_nothing() {
    let fixture = Fixture::new().await;
    let porto = Some(fixture.organization("City of Porto", "").await);
    let client = fixture
        .client_of(porto, &["blogs"], &["blogs.read"])
        .await
        .client;
    let (console, id) = (&fixture.console, client.id.as_str());
    let before = footprint(&fixture.database).await;
    assert_eq!(
        console
            .set_permissions(
                &shell(),
                id,
                &PermissionSwitch::each(&names(&["blogs.read"]), true)
            )
            .await
            .unwrap(),
        client
    );
    assert_eq!(
        console
            .set_permissions(
                &shell(),
                id,
                &PermissionSwitch::each(&names(&["oauth.login"]), false)
            )
            .await
            .unwrap(),
        client
    );
    assert_eq!(
        console.set_permissions(&shell(), id, &[]).await.unwrap(),
        client
    );
    assert_eq!(footprint(&fixture.database).await, before);
    assert_eq!(
        kinds(&fixture, &format!("client:{id}")).await,
        ["client.created"]
    );
}

#[tokio::test]
async fn switches_of_two_people_undo_nothing_of_each_other() {
    let fixture = Fixture::new().await;
    let seen = fixture.client().await.client;
    let id = seen.id.as_str();
    for (actor, name) in [
        (admin(Role::Manager), "blogs.read"),
        (shell(), "proposals.read"),
    ] {
        let switches = PermissionSwitch::each(&names(&[name]), true);
        let console = &fixture.console;
        console
            .set_permissions(&actor, id, &switches)
            .await
            .unwrap();
    }
    let now = fixture.reload(&seen).await;
    assert_eq!(held(&now), ["blogs.read", "proposals.read"]);
}

#[tokio::test]
async fn the_last_switch_of_a_permission_counts() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let wanted = names(&["blogs.read", "blogs.write"]);
    let switches = [
        PermissionSwitch::each(&wanted, true),
        PermissionSwitch::each(&wanted[..1], false),
        PermissionSwitch::each(&wanted[1..], true),
    ];
    let changed = fixture
        .console
        .set_permissions(&shell(), client.id.as_str(), &switches.concat())
        .await;
    assert_eq!(held(&changed.unwrap()), ["blogs.write"]);
}

#[tokio::test]
async fn several_are_granted_and_removed_in_one_step() {
    let fixture = Fixture::new().await;
    let porto = Some(fixture.organization("City of Porto", "").await);
    let client = fixture
        .client_of(
            porto,
            &["blogs", "proposals"],
            &["blogs.read", "oauth.login"],
        )
        .await
        .client;
    let switches = [
        PermissionSwitch::each(&names(&["proposals.read"]), true),
        PermissionSwitch::each(&names(&["blogs.read"]), false),
    ];
    fixture.advance(TimeDelta::minutes(1));
    let changed = fixture
        .console
        .set_permissions(&shell(), client.id.as_str(), &switches.concat())
        .await;
    assert_eq!(held(&changed.unwrap()), ["oauth.login", "proposals.read"]);
    let audit_log = audit_log(&fixture, &format!("client:{}", client.id)).await;
    assert_eq!(audit_log[0].event.kind(), "permissions.changed");
    assert_eq!(
        audit_log[0].event.data(),
        r#"{"granted":["proposals.read"],"removed":["blogs.read"]}"#
    );
}

#[tokio::test]
async fn a_held_permission_that_is_no_longer_known_is_shown_as_retired_and_can_be_removed() {
    let fixture = Fixture::new().await;
    let porto = Some(fixture.organization("City of Porto", "").await);
    let client = fixture
        .client_of(porto, &["blogs", "public"], &["blogs.read", "oauth.login"])
        .await
        .client;
    let id = client.id.as_str();
    let console = without_blogs(&fixture).await;
    assert_eq!(
        console.show_client(&shell(), id).await.unwrap().retired,
        ["blogs.read"]
    );
    let again = console
        .set_permissions(
            &shell(),
            id,
            &PermissionSwitch::each(&names(&["blogs.read"]), true),
        )
        .await
        .unwrap();
    assert_eq!(again, client, "it is held, so granting it changes nothing");
    let removed = console
        .set_permissions(
            &shell(),
            id,
            &PermissionSwitch::each(&names(&["blogs.read"]), false),
        )
        .await
        .unwrap();
    assert_eq!(held(&removed), ["oauth.login"]);
    assert_eq!(
        console.show_client(&shell(), id).await.unwrap().retired,
        [""; 0]
    );
    let back = console
        .set_permissions(
            &shell(),
            id,
            &PermissionSwitch::each(&names(&["blogs.read"]), true),
        )
        .await;
    assert_eq!(
        field(back),
        "permissions",
        "once removed it cannot come back"
    );
}
