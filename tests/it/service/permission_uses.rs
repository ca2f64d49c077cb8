//! When permissions were last exercised: a verification required them, and a token passed.

use chrono::TimeDelta;
use claviger::domain::view::{ConcernReason, Period, PermissionHistory};
use claviger::service::{CreatedClient, Credentials, RequestOrigin, Requirements, TokenRequest};

use crate::support::{Fixture, authority, noon, secret, shell};

use super::names;

fn origin() -> RequestOrigin<'static> {
    RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: None,
    }
}

/// Asks whether a new token of the client has these permissions.
async fn verify(fixture: &Fixture, client: &CreatedClient, permissions: &[&str]) -> bool {
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: secret(client.secret.expose()),
    };
    let request = TokenRequest::client_credentials(None);
    let issued = fixture
        .tokens
        .issue_token(&origin(), &credentials, request)
        .await
        .unwrap();
    let required = Requirements {
        permissions: names(permissions),
        ..Requirements::default()
    };
    let token = secret(issued.token.expose());
    let verified = fixture.tokens.verify(&origin(), &token, &required).await;
    verified.is_ok()
}

async fn history(fixture: &Fixture, client: &CreatedClient) -> PermissionHistory {
    fixture.tokens.flush_usage().await.unwrap();
    let client = fixture.reload(&client.client).await;
    let found = fixture.console.permission_history(&shell(), &client).await;
    found.unwrap()
}

async fn reader(fixture: &Fixture) -> CreatedClient {
    let porto = fixture.organization("Porto", "").await;
    let held = ["blogs.read", "blogs.write"];
    fixture.client_of(Some(porto), &["blogs"], &held).await
}

#[tokio::test]
async fn what_a_verification_required_was_exercised() {
    let fixture = Fixture::new().await;
    let client = reader(&fixture).await;
    assert!(verify(&fixture, &client, &[]).await);
    let told = history(&fixture, &client).await;
    assert!(!told.is_known, "nobody asked for a permission yet");
    fixture.advance(TimeDelta::hours(1));
    assert!(verify(&fixture, &client, &["blogs.read"]).await);
    let told = history(&fixture, &client).await;
    assert!(told.is_known);
    let hour = noon() + TimeDelta::hours(1);
    assert_eq!(told.exercised("blogs.read"), Some(hour));
    assert_eq!(told.exercised("blogs.write"), None);
    assert_eq!(told.grants["blogs.write"].granted_at, noon());
}

#[tokio::test]
async fn what_was_refused_was_not_exercised() {
    let fixture = Fixture::new().await;
    let client = reader(&fixture).await;
    assert!(!verify(&fixture, &client, &["blogs.read", "blogs.destroy"]).await);
    let told = history(&fixture, &client).await;
    assert!(!told.is_known && told.uses.is_empty());
}

#[tokio::test]
async fn a_use_is_known_to_the_minute_and_survives_a_change_of_the_client() {
    let fixture = Fixture::new().await;
    let client = reader(&fixture).await;
    for (seconds, expected) in [(0, 0), (59, 0), (1, 60), (3_600, 3_660)] {
        fixture.advance(TimeDelta::seconds(seconds));
        assert!(verify(&fixture, &client, &["blogs.read"]).await);
        let told = history(&fixture, &client).await;
        let at = noon() + TimeDelta::seconds(expected);
        assert_eq!(told.exercised("blogs.read"), Some(at), "{seconds}");
    }
    let id = client.client.id.as_str();
    let console = &fixture.console;
    console.suspend_client(&shell(), id).await.unwrap();
    console.resume_client(&shell(), id).await.unwrap();
    let at = noon() + TimeDelta::seconds(3_660);
    let told = history(&fixture, &client).await;
    assert_eq!(told.exercised("blogs.read"), Some(at));
}

#[tokio::test]
async fn a_permission_without_use_for_long_needs_somebody() {
    let fixture = Fixture::new().await;
    let client = reader(&fixture).await;
    let silent = fixture
        .client_of(None, &["system"], &["system.organizations.read"])
        .await;
    let unexercised = async || {
        fixture.tokens.flush_usage().await.unwrap();
        let console = &fixture.console;
        let overview = console.overview(&shell(), Period::Day).await.unwrap();
        let concerns = overview.concerns.into_iter();
        concerns
            .filter_map(|concern| match concern.reason {
                ConcernReason::Unexercised { permissions } => Some((concern.id, permissions)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert!(verify(&fixture, &client, &["blogs.read", "blogs.write"]).await);
    fixture.advance(TimeDelta::days(89));
    assert!(verify(&fixture, &client, &["blogs.read"]).await);
    assert!(verify(&fixture, &silent, &[]).await);
    assert_eq!(unexercised().await, []);
    fixture.advance(TimeDelta::days(2));
    // Of the one whose tokens are never checked for a permission, nothing is known.
    let expected = [(client.client.id.clone(), 1)];
    assert_eq!(unexercised().await, expected);
    assert!(verify(&fixture, &client, &["blogs.write"]).await);
    assert_eq!(unexercised().await, []);
}
