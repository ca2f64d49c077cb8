//! Changing a client: name, end and switches, and who was quicker.

use chrono::TimeDelta;
use claviger::domain::client::Lifecycle;
use claviger::domain::client::{Client, ClientDetails, ClientFilter, ClientState};
use claviger::domain::count::Count;
use claviger::domain::error::Error;
use claviger::domain::ids::ClientNumber;
use claviger::domain::page::Cursor;
use claviger::domain::permission::PermissionName;
use claviger::domain::role::Role;
use claviger::service::Settings;

use super::{admin, audit_log, field, footprint, kinds};
use crate::support::{Engine, Fixture, noon, settings, shell};

pub(super) fn details(name: &str) -> ClientDetails {
    ClientDetails {
        name: name.to_owned(),
        ..ClientDetails::default()
    }
}

pub(super) async fn update(
    fixture: &Fixture,
    client: &Client,
    details: ClientDetails,
) -> Result<Client, Error> {
    fixture
        .console
        .update_client(
            &admin(Role::Manager),
            client.id.as_str(),
            client.version,
            details,
        )
        .await
}

#[tokio::test]
async fn a_name_an_end_and_the_switches_can_be_changed() {
    let fixture = Fixture::new().await;
    let before = fixture.client().await.client;
    let wanted = ClientDetails {
        name: "  Mobile app ".to_owned(),
        expires_at: Some(noon() + TimeDelta::days(90)),
        token_ttl: Some(600),
        allow_impersonate: true,
        allow_login: true,
    };
    let after = update(&fixture, &before, wanted.clone()).await.unwrap();
    let held: Vec<&str> = after
        .permissions
        .iter()
        .map(PermissionName::as_str)
        .collect();
    assert_eq!(held, ["oauth.impersonate", "oauth.login"]);
    let expected = Client {
        name: "Mobile app".to_owned(),
        lifecycle: Lifecycle::Live {
            suspended_at: None,
            expires_at: wanted.expires_at,
        },
        token_ttl: Some(600),
        permissions: after.permissions.clone(),
        version: after.version,
        ..before.clone()
    };
    assert_eq!(after, expected);
    assert!(after.version > before.version);
    assert_eq!(fixture.reload(&before).await, after);

    let off = update(
        &fixture,
        &after,
        ClientDetails {
            allow_login: true,
            ..details("Mobile app")
        },
    )
    .await
    .unwrap();
    let held: Vec<&str> = off.permissions.iter().map(PermissionName::as_str).collect();
    assert_eq!(
        (held, off.lifecycle.expires_at()),
        (vec!["oauth.login"], None)
    );
}

#[tokio::test]
async fn a_name_is_needed_and_an_end_lies_ahead() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let before = footprint(&fixture.database).await;
    assert_eq!(
        field(update(&fixture, &client, details("  ")).await),
        "name"
    );
    let far = "+10000-01-01T00:00:00Z".parse().unwrap();
    for end in [noon(), noon() - TimeDelta::days(1), far] {
        let wrong = ClientDetails {
            expires_at: Some(end),
            ..details("Name")
        };
        assert_eq!(
            field(update(&fixture, &client, wrong).await),
            "expires_at",
            "{end}"
        );
    }
    for token_ttl in [0, -1, 366 * 86_400 + 1, i64::MAX] {
        let wrong = ClientDetails {
            token_ttl: Some(token_ttl),
            ..details("Name")
        };
        let refused = field(update(&fixture, &client, wrong).await);
        assert_eq!(refused, "token_ttl", "{token_ttl}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn an_expired_client_can_be_renamed_and_brought_back() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let end = Some(noon() + TimeDelta::hours(1));
    let client = update(
        &fixture,
        &client,
        ClientDetails {
            expires_at: end,
            ..details("Soon over")
        },
    )
    .await
    .unwrap();
    fixture.advance(TimeDelta::days(1));
    let renamed = update(
        &fixture,
        &client,
        ClientDetails {
            expires_at: end,
            ..details("Over")
        },
    )
    .await
    .unwrap();
    assert_eq!(
        (
            renamed.name.as_str(),
            renamed.lifecycle.state(fixture.console.now())
        ),
        ("Over", ClientState::Expired)
    );
    let back = update(&fixture, &renamed, details("Back")).await.unwrap();
    assert_eq!(
        back.lifecycle.state(fixture.console.now()),
        ClientState::Active
    );
}

#[tokio::test]
async fn what_ended_with_its_client_does_not_come_back_with_it() {
    let long = Settings {
        token_ttl: 30 * 86_400,
        ..settings()
    };
    let fixture = Fixture::on(Engine::Sqlite, long).await;
    let created = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&created, "").await;
    let inspector = fixture
        .client_of(None, &["system"], &["system.tokens.introspect"])
        .await;
    let lives = async || app.introspect(&inspector, &token).await["active"] == true;
    let ending = |days| ClientDetails {
        expires_at: Some(noon() + TimeDelta::days(days)),
        ..details("Soon over")
    };
    let client = update(&fixture, &created.client, ending(2)).await.unwrap();
    fixture.advance(TimeDelta::days(1));
    let client = update(&fixture, &client, ending(9)).await.unwrap();
    fixture.advance(TimeDelta::days(2));
    assert!(
        lives().await,
        "more time was given before the first was over"
    );
    let client = update(&fixture, &client, ending(4)).await.unwrap();
    fixture.advance(TimeDelta::days(1));
    assert!(!lives().await);
    update(&fixture, &client, details("Back")).await.unwrap();
    assert!(!lives().await);
    let token = app.issued(&created, "").await;
    assert_eq!(app.introspect(&created, &token).await["active"], true);
}

#[tokio::test]
async fn suspending_and_resuming_twice_changes_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    fixture.advance(TimeDelta::hours(1));
    let suspended = fixture.console.suspend_client(&shell(), id).await.unwrap();
    let live = Lifecycle::Live {
        suspended_at: Some(noon() + TimeDelta::hours(1)),
        expires_at: None,
    };
    assert_eq!(suspended.lifecycle, live);
    let before = footprint(&fixture.database).await;
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(
        fixture.console.suspend_client(&shell(), id).await.unwrap(),
        suspended
    );
    assert_eq!(footprint(&fixture.database).await, before);

    fixture.advance(TimeDelta::hours(1));
    let resumed = fixture.console.resume_client(&shell(), id).await.unwrap();
    assert_eq!(
        resumed,
        Client {
            version: resumed.version,
            ..client.clone()
        }
    );
    let before = footprint(&fixture.database).await;
    assert_eq!(
        fixture.console.resume_client(&shell(), id).await.unwrap(),
        resumed
    );
    assert_eq!(footprint(&fixture.database).await, before);
    let expected = ["client.resumed", "client.suspended", "client.created"];
    assert_eq!(kinds(&fixture, &format!("client:{id}")).await, expected);
}

#[tokio::test]
async fn an_update_tells_before_and_after() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    fixture.advance(TimeDelta::minutes(1));
    update(
        &fixture,
        &client,
        ClientDetails {
            allow_login: true,
            ..details("After")
        },
    )
    .await
    .unwrap();
    let event = &audit_log(&fixture, &format!("client:{}", client.id)).await[0].event;
    let told: serde_json::Value = serde_json::from_str(&event.data()).unwrap();
    assert_eq!(told["before"]["name"], "Participation dashboard");
    assert_eq!(told["after"]["name"], "After");
    assert_eq!(told["before"]["permissions"], serde_json::json!([]));
    assert_eq!(
        told["after"]["permissions"],
        serde_json::json!(["oauth.login"])
    );
}

#[tokio::test]
async fn clients_are_got_a_few_at_a_time_and_revoked_ones_not_at_all() {
    let fixture = Fixture::new().await;
    for _ in 0..4 {
        fixture.client_of(None, &["system"], &[]).await;
    }
    let second = fixture
        .console
        .get_clients(&shell(), ClientNumber(1), 1)
        .await
        .unwrap()
        .remove(0);
    fixture
        .console
        .revoke_client(&shell(), second.id.as_str())
        .await
        .unwrap();
    let numbers = async |after, limit| {
        let clients = fixture
            .console
            .get_clients(&shell(), ClientNumber(after), limit)
            .await
            .unwrap();
        clients
            .iter()
            .map(|client| client.number.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(0, 2).await, [1, 3]);
    assert_eq!(numbers(3, 2).await, [4]);
    assert_eq!(numbers(4, 2).await, [0; 0]);
    assert!(
        fixture
            .console
            .get_client(&shell(), second.id.as_str())
            .await
            .is_ok(),
        "by its id it is still found"
    );
}

#[tokio::test]
async fn the_list_shows_state_organization_and_what_is_granted() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let client = fixture
        .client_of(Some(porto), &["blogs"], &["blogs.read", "oauth.login"])
        .await
        .client;
    fixture
        .console
        .suspend_client(&shell(), client.id.as_str())
        .await
        .unwrap();
    let list = fixture
        .console
        .list_clients(&shell(), &ClientFilter::default(), Cursor::First)
        .await
        .unwrap();
    let [row] = &list.page.items[..] else {
        panic!("{list:?}")
    };
    assert_eq!(row.summary.organization.as_deref(), Some("City of Porto"));
    assert_eq!((row.state, row.granted), (ClientState::Suspended, 2));
    let page = fixture
        .console
        .show_client(&shell(), client.id.as_str())
        .await
        .unwrap();
    assert_eq!(row.grantable, page.catalog.permission_count());
    let one = Count::exactly(1);
    let counts = list.counts.unwrap();
    assert_eq!((counts.all, counts.suspended), (one, one));
    assert_eq!(list.organizations[0].name, "City of Porto");
}
