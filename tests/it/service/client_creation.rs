//! Making a client: what is made up where nothing is chosen.

use std::collections::HashSet;

use chrono::TimeDelta;
use claviger::domain::client::NewClient;
use claviger::domain::error::Error;
use claviger::domain::permission::PermissionName;
use claviger::domain::scope::ScopeName;
use claviger::service::CreatedClient;

use crate::support::{Fixture, new_client, noon, secret, shell};

use super::{names, opens};

/// The characters that ids and secrets are made of.
const ALPHABET: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_";

async fn make(fixture: &Fixture, new: &NewClient) -> CreatedClient {
    fixture
        .console
        .create_client(&shell(), new, None)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_client_comes_back_as_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let organization = fixture.organization("City of Porto", "").await;
    let new = NewClient {
        id: Some("dashboard".to_owned()),
        name: Some(" Dashboard ".to_owned()),
        organization_id: Some(organization),
        scopes: names(&["proposals", "public", "proposals"]),
        permissions: names(&["oauth.login", "proposals.read", "oauth.login"]),
        expires_at: Some(noon() + TimeDelta::microseconds(1)),
    };
    let made = fixture
        .console
        .create_client(&shell(), &new, Some(secret("my-insecure-password")))
        .await
        .unwrap();
    assert_eq!(made.secret.expose(), "my-insecure-password");
    let client = made.client;
    assert_eq!(client.id.as_str(), "dashboard");
    assert_eq!(client.name, "Dashboard");
    assert_eq!(client.organization_id, Some(organization));
    assert_eq!(
        client
            .scopes
            .iter()
            .map(ScopeName::as_str)
            .collect::<Vec<_>>(),
        ["proposals", "public"]
    );
    let held: Vec<&str> = client
        .permissions
        .iter()
        .map(PermissionName::as_str)
        .collect();
    assert_eq!(held, ["oauth.login", "proposals.read"]);
    assert_eq!(
        (client.lifecycle.expires_at(), client.created_at),
        (new.expires_at, noon())
    );
    assert_eq!(client.created_by, "shell:tester");
    assert_eq!(fixture.reload(&client).await, client);
}

#[tokio::test]
async fn ids_and_secrets_are_made_up_in_one_alphabet() {
    let fixture = Fixture::new().await;
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let made = fixture.client_of(None, &["system"], &[]).await;
        for (text, prefix, length) in [
            (made.client.id.as_str(), "id_", 16),
            (made.secret.expose(), "key_", 32),
        ] {
            let rest = text.strip_prefix(prefix).unwrap();
            assert_eq!(rest.len(), length, "{text}");
            assert!(
                rest.chars().all(|character| ALPHABET.contains(character)),
                "{text}"
            );
            assert!(seen.insert(text.to_owned()), "{text} came twice");
        }
    }
}

#[tokio::test]
async fn without_a_name_a_client_is_called_after_its_id() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        name: None,
        ..new_client(None, &["system"], &[])
    };
    let client = make(&fixture, &new).await.client;
    let id = client.id.as_str();
    assert_eq!(
        client.name,
        format!("API Client ***{}", &id[id.len() - 4..])
    );
    let chosen = NewClient {
        id: Some("sysadmin-org".to_owned()),
        ..new
    };
    assert_eq!(
        make(&fixture, &chosen).await.client.name,
        "API Client ***-org"
    );
}

#[tokio::test]
async fn a_chosen_secret_and_a_generated_one_open_the_door() {
    let fixture = Fixture::new().await;
    let made = fixture.client_of(None, &["system"], &[]).await;
    let id = made.client.id.as_str();
    assert!(opens(&fixture, id, made.secret.expose()).await);
    assert!(!opens(&fixture, id, "key_wrong").await);
    let new = NewClient {
        id: Some("chosen".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    fixture
        .console
        .create_client(&shell(), &new, Some(secret("my-insecure-password")))
        .await
        .unwrap();
    assert!(opens(&fixture, "chosen", "my-insecure-password").await);
    assert!(!opens(&fixture, "chosen", "my-insecure-passwort").await);
}

#[tokio::test]
async fn two_who_choose_the_same_id_at_once_get_one_client() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        id: Some("dashboard".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    let actor = shell();
    let make = || fixture.console.create_client(&actor, &new, None);
    let outcomes: [Result<CreatedClient, Error>; 2] = tokio::join!(make(), make()).into();
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    assert_eq!(fixture.database.count("client_secrets").await, 1);
}
