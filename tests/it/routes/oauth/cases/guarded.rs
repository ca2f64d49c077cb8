//! G1 to G10: what an API that is guarded with tokens learns of one. An API here asks by introspection, so that the
//! source's 403 is a scope or a permission that is not in the answer.

use claviger::domain::permission::PermissionSwitch;
use serde_json::{Value, json};

use super::Tenants;
use crate::routes::oauth::{assert_not_authenticated, assert_refused};
use crate::support::{new_client, shell};

async fn switch(tenants: &Tenants, permission: &str, on: bool) -> bool {
    let id = tenants.client.client.id.as_str();
    let switches = PermissionSwitch::each(&[permission.to_owned()], on);
    let console = &tenants.fixture.console;
    console
        .set_permissions(&shell(), id, &switches)
        .await
        .is_ok()
}

fn has(seen: &Value, list: &str, name: &str) -> bool {
    match &seen[list] {
        Value::String(text) => text.split(' ').any(|one| one == name),
        Value::Array(names) => names.iter().any(|one| one == name),
        _ => false,
    }
}

/// Differs: errors have the shape of OAuth, not the source's second one.
#[tokio::test]
async fn g01_no_bearer() {
    let tenants = Tenants::new().await;
    let answer = tenants.app.post("/oauth/introspect", &[], "").await;
    assert_not_authenticated(&answer);
}

#[tokio::test]
async fn g02_the_token_lacks_the_scope() {
    let tenants = Tenants::new().await;
    switch(&tenants, "proposals.read", true).await;
    let token = tenants.app.issued(&tenants.client, "&scope=public").await;
    let seen = tenants.introspect(&token).await;
    assert!(!has(&seen, "scope", "proposals"));
    assert!(
        !has(&seen, "permissions", "proposals.read"),
        "it belongs to that scope"
    );
}

#[tokio::test]
async fn g03_g05_g04_g06_a_permission_counts_from_its_grant_to_its_removal() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    let tokens = [
        tenants.app.issued(&tenants.client, "").await,
        Tenants::token(&tenants.password(more).await),
    ];
    for (on, expected) in [(None, false), (Some(true), true), (Some(false), false)] {
        if let Some(on) = on {
            assert!(switch(&tenants, "proposals.read", on).await);
        }
        for token in &tokens {
            let seen = tenants.introspect(token).await;
            assert!(has(&seen, "scope", "proposals"));
            assert_eq!(
                has(&seen, "permissions", "proposals.read"),
                expected,
                "{on:?}"
            );
        }
    }
}

#[tokio::test]
async fn g07_the_client_is_revoked() {
    let tenants = Tenants::new().await;
    let token = tenants.app.issued(&tenants.client, "").await;
    let id = tenants.client.client.id.as_str();
    let console = &tenants.fixture.console;
    console.revoke_client(&shell(), id).await.unwrap();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let answer = tenants
        .app
        .post("/oauth/introspect", &headers, "token=x")
        .await;
    assert_refused(&answer, 401, "invalid_token");
}

/// Differs: the source takes the grant and refuses each request.
#[tokio::test]
async fn g08_a_permission_whose_scope_is_not_owned_cannot_be_granted() {
    let tenants = Tenants::new().await;
    assert!(!switch(&tenants, "blogs.read", true).await);
    let new = new_client(Some(tenants.o1), &["public"], &["blogs.read"]);
    let console = &tenants.fixture.console;
    assert!(console.create_client(&shell(), &new, None).await.is_err());
}

/// Differs: the source accepts it.
#[tokio::test]
async fn g09_a_token_at_another_organizations_host() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    for token in [
        tenants.app.issued(&tenants.client, "").await,
        Tenants::token(&tenants.password(more).await),
    ] {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let app = tenants.fixture.app().at("o2.test");
        let answer = app.post("/oauth/introspect", &headers, "token=x").await;
        assert_refused(&answer, 401, "invalid_token");
    }
}

/// Differs: there are no modules to switch off for an organization. Archiving it is the switch there is.
#[tokio::test]
async fn g10_the_organization_is_switched_off() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    let tokens = [
        tenants.app.issued(&tenants.client, "").await,
        Tenants::token(&tenants.password(more).await),
    ];
    let console = &tenants.fixture.console;
    console
        .archive_organization(&shell(), tenants.o1)
        .await
        .unwrap();
    for token in &tokens {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let app = tenants.fixture.app();
        let answer = app.post("/oauth/introspect", &headers, "token=x").await;
        assert_refused(&answer, 401, "invalid_token");
    }
    console
        .restore_organization(&shell(), tenants.o1)
        .await
        .unwrap();
    for token in &tokens {
        let seen = tenants
            .fixture
            .app()
            .introspect(&tenants.client, token)
            .await;
        assert_eq!(seen, json!({"active": false}), "for good");
    }
}
