//! A platform to try things on: as valid as if it had been made by hand.

use claviger::domain::client::{Client, ClientFilter, ClientState, StatusFilter};
use claviger::domain::error::Error;
use claviger::domain::ids::ClientNumber;
use claviger::domain::organization::Organization;
use claviger::domain::page::Cursor;
use claviger::service::Actor;

use super::admin;
use crate::support::{Engine, Fixture, basic, settings, shell};
use claviger::domain::count::Count;
use claviger::domain::role::Role;

/// Every client that is not revoked.
async fn live_clients(fixture: &Fixture) -> Vec<Client> {
    fixture
        .console
        .get_clients(&shell(), ClientNumber(0), 10_000)
        .await
        .unwrap()
}

async fn is_filled_as_asked(engine: Engine) {
    let fixture = Fixture::on(engine, settings()).await;
    let mut told = Vec::new();
    let filled = fixture
        .console
        .fill_demo(&shell(), 300, 7, |made| told.push(made))
        .await
        .unwrap();
    assert_eq!((filled.organizations, filled.clients), (17, 300));
    assert_eq!(told, [300]);
    assert_eq!(fixture.database.count("api_clients").await, 300);
    assert_eq!(fixture.database.count("client_permissions").await, 300 * 20);
    assert_eq!(fixture.database.count("client_secrets").await, 300);
    assert_eq!(fixture.database.count("organizations").await, 17);
    assert_eq!(fixture.database.count("audit_events").await, 1);

    let catalog = &fixture.console.settings().catalog;
    for client in live_clients(&fixture).await {
        assert_eq!(client.permissions.len(), 20, "{client:?}");
        for name in &client.permissions {
            catalog.check_grant(name.as_str(), &client.scopes).unwrap();
        }
        assert!(client.created_at < fixture.console.now());
    }
    let list = fixture
        .console
        .list_clients(&shell(), &ClientFilter::default(), Cursor::First)
        .await
        .unwrap();
    for status in [
        StatusFilter::Expiring,
        StatusFilter::Expired,
        StatusFilter::Suspended,
        StatusFilter::Revoked,
    ] {
        assert_eq!(
            list.counts.unwrap().of(status),
            Count::exactly(3),
            "{status:?}"
        );
    }

    let app = fixture.app();
    assert_eq!(filled.credentials.len(), 7);
    for (id, secret) in &filled.credentials {
        let client = fixture
            .console
            .get_client(&shell(), id.as_str())
            .await
            .unwrap();
        let state = client.lifecycle.state(fixture.console.now());
        assert_eq!(state, ClientState::Active);
        let basic = basic(id.as_str(), secret.expose());
        let answer = app
            .post(
                "/oauth/token",
                &[("authorization", &basic)],
                "grant_type=client_credentials",
            )
            .await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        let secrets = fixture
            .console
            .reveal_newest_secrets(&shell(), &[client])
            .await
            .unwrap();
        let kept = secrets[0].as_ref().unwrap();
        assert_eq!(kept.expose(), secret.expose());
    }
}

#[tokio::test]
async fn a_demo_is_filled_as_asked_on_sqlite() {
    is_filled_as_asked(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_demo_is_filled_as_asked_on_postgres() {
    is_filled_as_asked(Engine::Postgres).await;
}

#[tokio::test]
async fn credentials_are_spread_over_all_clients() {
    let fixture = Fixture::new().await;
    let filled = fixture
        .console
        .fill_demo(&shell(), 200, 10, |_| {})
        .await
        .unwrap();
    let clients = live_clients(&fixture).await;
    let numbers: Vec<ClientNumber> = filled
        .credentials
        .iter()
        .map(|(id, _)| {
            let found = clients.iter().find(|client| client.id == *id);
            found.unwrap().number
        })
        .collect();
    assert_eq!(numbers.len(), 10);
    for (place, number) in (0..).zip(numbers) {
        assert!(
            (place * 20..place * 20 + 20).contains(&number.0),
            "{place}: {number}"
        );
    }
}

#[tokio::test]
async fn only_an_empty_database_is_filled() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "").await;
    let before = fixture.database.everything().await;
    let refused = fixture.console.fill_demo(&shell(), 10, 0, |_| {}).await;
    let told = "This database holds organizations already. A demo fills an empty one.";
    assert!(matches!(refused, Err(Error::Conflict(said)) if said.to_string() == told));
    assert_eq!(fixture.database.everything().await, before);

    let fixture = Fixture::new().await;
    fixture.client_of(None, &["system"], &[]).await;
    let refused = fixture.console.fill_demo(&shell(), 10, 0, |_| {}).await;
    let told = "This database holds clients already. A demo fills an empty one.";
    assert!(matches!(refused, Err(Error::Conflict(said)) if said.to_string() == told));
}

#[tokio::test]
async fn an_editor_fills_nothing() {
    let fixture = Fixture::new().await;
    let manager: Actor = admin(Role::Manager);
    let refused = fixture.console.fill_demo(&manager, 10, 0, |_| {}).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let organizations: Vec<Organization> = fixture
        .console
        .list_every_organization(&shell(), false)
        .await
        .unwrap();
    assert_eq!(organizations, []);
}
