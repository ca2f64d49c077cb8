//! Making a client: what is refused, by its field, and that nothing is left of it.

use chrono::TimeDelta;
use claviger::domain::client::NewClient;
use claviger::domain::ids::OrganizationId;

use crate::support::{Fixture, new_client, noon, secret, shell};

use super::{field, footprint, names};

/// Tries to make a client, which must be refused for one field and leave nothing.
async fn refused(fixture: &Fixture, new: &NewClient, chosen: Option<&str>) -> String {
    let before = footprint(&fixture.database).await;
    let outcome = fixture
        .console
        .create_client(&shell(), new, chosen.map(secret))
        .await;
    assert_eq!(
        footprint(&fixture.database).await,
        before,
        "nothing is half-written"
    );
    field(outcome)
}

/// A way to spoil what somebody typed, and the field that is then wrong.
type Spoiling = (&'static str, fn(&mut NewClient));

const SPOILING: [Spoiling; 15] = [
    ("scopes", |new| {
        (new.scopes, new.permissions) = (names(&[]), names(&[]));
    }),
    ("scopes", |new| {
        new.scopes = names(&["proposals", "nowhere"]);
    }),
    ("scopes", |new| new.scopes = names(&["proposals", ""])),
    ("permissions", |new| {
        new.permissions = names(&["proposals.dream"]);
    }),
    ("permissions", |new| {
        new.permissions = names(&["blogs.read"]);
    }),
    ("permissions", |new| {
        new.permissions = names(&["oauth.read"]);
    }),
    ("organization_id", |new| new.organization_id = None),
    ("organization_id", |new| {
        new.organization_id = Some(OrganizationId(99));
    }),
    ("id", |new| new.id = Some("new".to_owned())),
    ("id", |new| new.id = Some("a b".to_owned())),
    ("name", |new| new.name = Some(String::new())),
    ("name", |new| new.name = Some("a\u{202E}b".to_owned())),
    ("expires_at", |new| new.expires_at = Some(noon())),
    ("expires_at", |new| {
        new.expires_at = Some(noon() - TimeDelta::days(1));
    }),
    ("expires_at", |new| {
        new.expires_at = Some("+10000-01-01T00:00:00Z".parse().unwrap());
    }),
];

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing() {
    let fixture = Fixture::new().await;
    let porto = Some(fixture.organization("City of Porto", "").await);
    let good = new_client(porto, &["public", "proposals"], &["proposals.read"]);
    for (wrong, spoil) in SPOILING {
        let mut new = good.clone();
        spoil(&mut new);
        assert_eq!(refused(&fixture, &new, None).await, wrong, "{new:?}");
    }
    fixture
        .console
        .create_client(&shell(), &good, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        id: Some("x".to_owned()),
        ..new_client(None, &["nowhere"], &["proposals.read"])
    };
    let refusal = fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap_err();
    for field in ["id", "scopes", "organization_id", "permissions"] {
        assert!(refusal.field(field).is_some(), "{field}: {refusal:?}");
    }
}

#[tokio::test]
async fn only_a_client_with_nothing_but_the_system_scope_needs_no_organization() {
    let fixture = Fixture::new().await;
    let porto = Some(fixture.organization("City of Porto", "").await);
    for (organization, scopes) in [(None, vec!["system", "system"]), (porto, vec!["system"])] {
        let client = fixture.client_of(organization, &scopes, &[]).await.client;
        assert_eq!(client.organization_id, organization);
    }
    for scopes in [vec!["system", "public"], vec!["public"]] {
        let new = new_client(None, &scopes, &[]);
        assert_eq!(refused(&fixture, &new, None).await, "organization_id");
    }
}

#[tokio::test]
async fn an_archived_organization_gets_no_new_clients() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    fixture
        .console
        .archive_organization(&shell(), porto)
        .await
        .unwrap();
    assert_eq!(
        refused(&fixture, &new_client(Some(porto), &["public"], &[]), None).await,
        "organization_id"
    );
}

#[tokio::test]
async fn an_id_is_taken_for_good() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        id: Some("dashboard".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap();
    assert_eq!(refused(&fixture, &new, None).await, "id");
    fixture
        .console
        .revoke_client(&shell(), "dashboard")
        .await
        .unwrap();
    assert_eq!(refused(&fixture, &new, None).await, "id");
}

#[tokio::test]
async fn a_chosen_secret_is_long_and_plain() {
    let fixture = Fixture::new().await;
    let new = new_client(None, &["system"], &[]);
    for text in [
        "",
        "elevenchars",
        "with space in it",
        "ünïcödé-secret",
        &"x".repeat(257),
    ] {
        assert_eq!(
            refused(&fixture, &new, Some(text)).await,
            "secret",
            "{text:?}"
        );
    }
    for text in ["twelve-chars", &"x".repeat(256)] {
        fixture
            .console
            .create_client(&shell(), &new, Some(secret(text)))
            .await
            .unwrap();
    }
}
