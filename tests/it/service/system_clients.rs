//! Clients with the scope `system` reach every organization, so only an owner makes and changes them.

use std::time::Duration;

use claviger::domain::client::ClientDetails;
use claviger::domain::error::Error;
use claviger::domain::organization::NamedOrganization;
use claviger::domain::permission::{INTROSPECT, PermissionSwitch};
use claviger::domain::role::Role;

use crate::support::{Fixture, new_client};

use super::{admin, footprint, names};

#[tokio::test]
async fn a_manager_only_suspends_a_system_client() {
    let fixture = Fixture::new().await;
    let made = fixture.client_of(None, &["system"], &[INTROSPECT]).await;
    let (manager, console) = (admin(Role::Manager), &fixture.console);
    let (id, seen) = (made.client.id.as_str(), made.client.version);
    let porto = fixture.organization("City of Porto", "").await;
    let before = footprint(&fixture.database).await;
    let details = ClientDetails {
        name: "Other".to_owned(),
        ..ClientDetails::default()
    };
    let mixed = new_client(Some(porto), &["system", "blogs"], &[]);
    let off = PermissionSwitch::each(&names(&[INTROSPECT]), false);
    let said = [
        console
            .create_client(&manager, &new_client(None, &["system"], &[]), None)
            .await
            .err(),
        console.create_client(&manager, &mixed, None).await.err(),
        console
            .update_client(&manager, id, seen, details)
            .await
            .err(),
        console.set_permissions(&manager, id, &off).await.err(),
        console
            .rotate_secret(&manager, id, Duration::ZERO)
            .await
            .err(),
        console
            .reveal_secret(&manager, id, made.secret_number)
            .await
            .err(),
        console
            .reveal_newest_secrets(&manager, std::slice::from_ref(&made.client))
            .await
            .err(),
        console.revoke_client(&manager, id).await.err(),
        console.resume_client(&manager, id).await.err(),
    ];
    for (place, outcome) in said.into_iter().enumerate() {
        assert!(
            matches!(outcome, Some(Error::Forbidden(_))),
            "{place}: {outcome:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
    console.suspend_client(&manager, id).await.unwrap();
    console
        .resume_client(&admin(Role::Owner), id)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_pages_offer_what_the_rules_allow() {
    let fixture = Fixture::new().await;
    let system = fixture.client_of(None, &["system"], &[]).await.client;
    let other = fixture.client().await.client;
    let named = NamedOrganization::default();
    for (role, may) in [(Role::Owner, true), (Role::Manager, false)] {
        let actor = admin(role);
        let console = &fixture.console;
        for (client, may_change) in [(&system, may), (&other, true)] {
            let page = console.show_client(&actor, client.id.as_str()).await;
            assert_eq!(page.unwrap().may_change, may_change, "{role:?}");
        }
        let choices = console.client_choices(&actor, &named).await.unwrap();
        let has_system = choices.scopes.iter().any(|scope| scope.name == "system");
        assert_eq!(has_system, may, "{role:?}");
    }
}
