//! T1 to T19: tokens.

use serde_json::json;

use super::Tenants;
use crate::routes::oauth::{
    assert_kept_from_caches, assert_not_authenticated, assert_refused, in_body,
};
use crate::support::{AppResponse, basic, shell};

/// A request for client credentials in JSON.
async fn asked(tenants: &Tenants, more: serde_json::Value) -> AppResponse {
    let mut body = json!({
        "grant_type": "client_credentials",
        "client_id": tenants.client.client.id.as_str(),
        "client_secret": tenants.client.secret.expose(),
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    tenants.app.post_json("/oauth/token", &[], &body).await
}

/// The names of the members, in order.
fn members(answer: &AppResponse) -> Vec<String> {
    let pairs = answer.body.trim_matches(['{', '}']).split(',');
    let names = pairs.map(|pair| pair.split(':').next().unwrap().trim_matches('"').to_owned());
    names.collect()
}

const FIVE: [&str; 5] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "created_at",
];

#[tokio::test]
async fn t01_json_with_scope_system() {
    let tenants = Tenants::new().await;
    let client = tenants.fixture.client_of(None, &["system"], &[]).await;
    let body = json!({
        "grant_type": "client_credentials",
        "client_id": client.client.id.as_str(),
        "client_secret": client.secret.expose(),
        "scope": "system",
    });
    let answer = tenants.app.post_json("/oauth/token", &[], &body).await;
    assert_eq!(members(&answer), FIVE);
    let json = answer.json();
    assert_eq!(
        (&json["token_type"], &json["expires_in"], &json["scope"]),
        (&json!("Bearer"), &json!(7200), &json!("system"))
    );
}

#[tokio::test]
async fn t02_a_form_gets_the_same() {
    let tenants = Tenants::new().await;
    let form = format!(
        "grant_type=client_credentials&scope=public&{}",
        in_body(&tenants.client)
    );
    let answer = tenants.app.post("/oauth/token", &[], &form).await;
    assert_eq!(members(&answer), FIVE);
}

#[tokio::test]
async fn t03_a_useless_auth_type_is_ignored() {
    let tenants = Tenants::new().await;
    let answer = asked(&tenants, json!({"auth_type": "login", "scope": "public"})).await;
    assert_eq!(members(&answer), FIVE);
}

#[tokio::test]
async fn t04_http_basic() {
    let tenants = Tenants::new().await;
    let answer = tenants.app.token(&tenants.client, "").await;
    assert_eq!(members(&answer), FIVE);
}

#[tokio::test]
async fn t05_t06_a_wrong_secret_and_an_unknown_client_look_the_same() {
    let tenants = Tenants::new().await;
    let wrong = asked(&tenants, json!({"client_secret": "key_wrong"})).await;
    assert_not_authenticated(&wrong);
    let unknown = asked(&tenants, json!({"client_id": "id_nobody"})).await;
    assert_not_authenticated(&unknown);
    assert_eq!(wrong.body, unknown.body);
}

#[tokio::test]
async fn t07_t08_a_scope_that_is_not_owned_alone_or_beside_one_that_is() {
    let tenants = Tenants::new().await;
    for scope in ["blogs", "public blogs"] {
        let answer = asked(&tenants, json!({"scope": scope})).await;
        assert_refused(&answer, 400, "invalid_scope");
    }
}

#[tokio::test]
async fn t09_two_owned_scopes_come_back_in_order() {
    let tenants = Tenants::new().await;
    let answer = asked(&tenants, json!({"scope": "public proposals"})).await;
    assert_eq!(answer.json()["scope"], "public proposals");
}

/// Differs: the source gives `public` alone. Here no `scope` means all that the client owns, so `public` is among them.
#[tokio::test]
async fn t10_no_scope_is_every_scope_of_the_client() {
    let tenants = Tenants::new().await;
    let answer = asked(&tenants, json!({})).await;
    assert_eq!(answer.json()["scope"], "proposals public");
}

/// Differs: the source refuses a client without `public` that names no scope. By the same rule it gets what it owns.
#[tokio::test]
async fn t11_no_scope_and_system_only() {
    let tenants = Tenants::new().await;
    let client = tenants.fixture.client_of(None, &["system"], &[]).await;
    let answer = tenants.app.token(&client, "").await;
    assert_eq!(answer.json()["scope"], "system");
}

#[tokio::test]
async fn t12_an_unknown_grant_type_has_the_registered_error() {
    let tenants = Tenants::new().await;
    let answer = asked(&tenants, json!({"grant_type": "magic"})).await;
    assert_refused(&answer, 400, "unsupported_grant_type");
}

#[tokio::test]
async fn t13_no_grant_type() {
    let tenants = Tenants::new().await;
    let answer = asked(&tenants, json!({"grant_type": null})).await;
    assert_refused(&answer, 400, "invalid_request");
}

#[tokio::test]
async fn t14_malformed_json() {
    let tenants = Tenants::new().await;
    let headers = [("content-type", "application/json")];
    let answer = super::super::send(
        &tenants.app,
        axum::http::Method::POST,
        "/oauth/token",
        &headers,
        "{\"grant_type\":",
    )
    .await;
    assert_refused(&answer, 400, "invalid_request");
}

#[tokio::test]
async fn t15_no_cache_keeps_a_token() {
    let tenants = Tenants::new().await;
    assert_kept_from_caches(&asked(&tenants, json!({})).await);
}

#[tokio::test]
async fn t16_two_requests_give_two_tokens_that_both_live() {
    let tenants = Tenants::new().await;
    let one = tenants.app.issued(&tenants.client, "").await;
    let other = tenants.app.issued(&tenants.client, "").await;
    assert_ne!(one, other);
    for token in [one, other] {
        assert_eq!(tenants.introspect(&token).await["active"], true);
    }
}

#[tokio::test]
async fn t17_a_client_is_not_known_at_another_organizations_host() {
    let tenants = Tenants::new().await;
    let elsewhere = tenants.fixture.app().at("o2.test");
    assert_not_authenticated(&elsewhere.token(&tenants.client, "").await);
}

#[tokio::test]
async fn t18_there_is_no_refresh_token() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    for answer in [
        asked(&tenants, json!({})).await,
        tenants
            .password(json!({"auth_type": "impersonate", "username": "ada"}))
            .await,
    ] {
        assert_eq!(members(&answer), FIVE);
    }
}

#[tokio::test]
async fn t19_a_revoked_client_gets_nothing() {
    let tenants = Tenants::new().await;
    let id = tenants.client.client.id.as_str();
    let console = &tenants.fixture.console;
    console.revoke_client(&shell(), id).await.unwrap();
    let right = basic(id, tenants.client.secret.expose());
    let form = "grant_type=client_credentials";
    let headers = [("authorization", right.as_str())];
    assert_not_authenticated(&tenants.app.post("/oauth/token", &headers, form).await);
}
