//! Permissions: granted, removed, toggled; all of them or none.

use chrono::TimeDelta;
use claviger::domain::admin::Role;
use claviger::domain::audit::Action;
use claviger::domain::client::Client;
use claviger::domain::error::Error;
use claviger::domain::permission::PermissionName;
use claviger::service::clock::Random;
use claviger::service::{Service, Settings};

use crate::support::{House, master, settings, shell};

use super::{actions, admin, audit_log, field, footprint, names};

fn held(client: &Client) -> Vec<&str> {
    client
        .permissions
        .iter()
        .map(PermissionName::as_str)
        .collect()
}

/// The same house under a catalogue in which blogs know no permission.
async fn without_blogs(house: &House) -> Service {
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
    let store = house.database.store.clone();
    Service::start(
        store,
        master(),
        settings,
        house.clock.clone(),
        Random::System,
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn permissions_are_granted_in_the_order_given() {
    let house = House::new().await;
    let id = house.client().await.client.id;
    let wanted = names(&["proposals.read", "oauth.login", "blogs.read"]);
    let client = house
        .service
        .grant_permissions(&shell(), id.as_str(), &wanted)
        .await
        .unwrap();
    assert_eq!(
        held(&client),
        ["proposals.read", "oauth.login", "blogs.read"]
    );
    assert_eq!(house.reload(&client).await, client);
    let fewer = house
        .service
        .revoke_permissions(&shell(), id.as_str(), &names(&["oauth.login"]))
        .await
        .unwrap();
    assert_eq!(held(&fewer), ["proposals.read", "blogs.read"]);
}

#[tokio::test]
async fn one_that_may_not_be_granted_keeps_all_from_being_granted() {
    let house = House::new().await;
    let id = house.client().await.client.id;
    let before = footprint(&house.database).await;
    for wrong in [
        "blogs.dream",
        "oauth.read",
        "system.tokens.introspect",
        "",
        "a\0b",
    ] {
        let wanted = names(&["blogs.read", wrong]);
        let refused = house
            .service
            .grant_permissions(&shell(), id.as_str(), &wanted)
            .await;
        assert_eq!(field(refused), "permissions", "{wrong:?}");
    }
    let unknown = house
        .service
        .revoke_permissions(&shell(), id.as_str(), &names(&["blogs.dream"]))
        .await;
    assert_eq!(field(unknown), "permissions");
    assert_eq!(footprint(&house.database).await, before);
}

#[tokio::test]
async fn what_changes_nothing_leaves_nothing() {
    let house = House::new().await;
    let porto = Some(house.organization("City of Porto", "").await);
    let client = house
        .client_of(porto, &["blogs"], &["blogs.read"])
        .await
        .client;
    let (service, id) = (&house.service, client.id.as_str());
    let before = footprint(&house.database).await;
    assert_eq!(
        service
            .grant_permissions(&shell(), id, &names(&["blogs.read"]))
            .await
            .unwrap(),
        client
    );
    assert_eq!(
        service
            .revoke_permissions(&shell(), id, &names(&["oauth.login"]))
            .await
            .unwrap(),
        client
    );
    assert_eq!(
        service
            .toggle_permission(&shell(), id, client.version, "blogs.read", true)
            .await
            .unwrap(),
        client
    );
    assert_eq!(
        service
            .change_permissions_at(&shell(), id, client.version, &[], &[])
            .await
            .unwrap(),
        client
    );
    assert_eq!(footprint(&house.database).await, before);
    assert_eq!(
        actions(&house, &format!("client:{id}")).await,
        [Action::ClientCreated]
    );
}

#[tokio::test]
async fn a_toggle_on_an_old_page_conflicts_and_changes_nothing() {
    let house = House::new().await;
    let seen = house.client().await.client;
    let id = seen.id.as_str();
    house.advance(TimeDelta::minutes(7));
    let editor = admin(Role::Editor);
    let now = house
        .service
        .toggle_permission(&editor, id, seen.version, "blogs.read", true)
        .await
        .unwrap();
    assert_eq!(held(&now), ["blogs.read"]);
    let before = footprint(&house.database).await;
    let message = "editor@example.org changed this client at 12:07 UTC on 23 Nov 2026, after your page was loaded. \
                   Nothing was saved.";
    let late = house
        .service
        .toggle_permission(&shell(), id, seen.version, "proposals.read", true)
        .await;
    assert_eq!(late, Err(Error::Conflict(message.to_owned())));
    let all = names(&["proposals.read"]);
    let late = house
        .service
        .change_permissions_at(&shell(), id, seen.version, &all, &[])
        .await;
    assert_eq!(late, Err(Error::Conflict(message.to_owned())));
    assert_eq!(footprint(&house.database).await, before);
    assert_eq!(house.reload(&seen).await, now);
}

#[tokio::test]
async fn several_are_granted_and_removed_in_one_step() {
    let house = House::new().await;
    let porto = Some(house.organization("City of Porto", "").await);
    let client = house
        .client_of(
            porto,
            &["blogs", "proposals"],
            &["blogs.read", "oauth.login"],
        )
        .await
        .client;
    let (grant, remove) = (names(&["proposals.read"]), names(&["blogs.read"]));
    house.advance(TimeDelta::minutes(1));
    let changed = house
        .service
        .change_permissions_at(
            &shell(),
            client.id.as_str(),
            client.version,
            &grant,
            &remove,
        )
        .await;
    assert_eq!(held(&changed.unwrap()), ["oauth.login", "proposals.read"]);
    let audit_log = audit_log(&house, &format!("client:{}", client.id)).await;
    assert_eq!(audit_log[0].action, Action::PermissionsChanged);
    assert_eq!(
        audit_log[0].detail,
        r#"{"granted":["proposals.read"],"removed":["blogs.read"]}"#
    );
}

#[tokio::test]
async fn a_held_permission_that_is_no_longer_known_is_shown_as_retired_and_can_be_removed() {
    let house = House::new().await;
    let porto = Some(house.organization("City of Porto", "").await);
    let client = house
        .client_of(porto, &["blogs", "public"], &["blogs.read", "oauth.login"])
        .await
        .client;
    let id = client.id.as_str();
    let service = without_blogs(&house).await;
    assert_eq!(
        service.show_client(&shell(), id).await.unwrap().retired,
        ["blogs.read"]
    );
    let again = service
        .grant_permissions(&shell(), id, &names(&["blogs.read"]))
        .await
        .unwrap();
    assert_eq!(again, client, "it is held, so granting it changes nothing");
    let removed = service
        .toggle_permission(&shell(), id, client.version, "blogs.read", false)
        .await
        .unwrap();
    assert_eq!(held(&removed), ["oauth.login"]);
    assert_eq!(
        service.show_client(&shell(), id).await.unwrap().retired,
        [""; 0]
    );
    let back = service
        .grant_permissions(&shell(), id, &names(&["blogs.read"]))
        .await;
    assert_eq!(
        field(back),
        "permissions",
        "once removed it cannot come back"
    );
}
