//! I1 to I11: introspection.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{PASSWORD, Tenants};
use crate::routes::oauth::{assert_refused, authorization};
use crate::support::{AppResponse, noon, shell};

/// Introspects a token as the bearer of another.
async fn as_bearer(tenants: &Tenants, bearer: &str, token: &str) -> AppResponse {
    let bearer = format!("Bearer {bearer}");
    let headers = [("authorization", bearer.as_str())];
    let form = format!("token={token}");
    tenants.app.post("/oauth/introspect", &headers, &form).await
}

/// A token of C for itself.
async fn machine(tenants: &Tenants) -> String {
    tenants.app.issued(&tenants.client, "&scope=public").await
}

/// A token of C for a participant.
async fn user(tenants: &Tenants, more: Value) -> String {
    Tenants::token(&tenants.password(more).await)
}

/// Differs: `sub` is the client's id, not the number of a row (RFC 7662 §2.2).
#[tokio::test]
async fn i01_a_bearer_asks_about_another_machine_token() {
    let tenants = Tenants::new().await;
    let (bearer, token) = (machine(&tenants).await, machine(&tenants).await);
    let seen = as_bearer(&tenants, &bearer, &token).await.json();
    assert_eq!(seen["active"], true);
    assert_eq!(seen["scope"], "public");
    assert_eq!(seen["sub"], tenants.client.client.id.as_str());
    assert_eq!(seen["aud"], "https://o1.test");
    for absent in ["resource", "username", "act"] {
        assert_eq!(seen.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn i02_a_user_token_has_its_resource() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let bearer = machine(&tenants).await;
    let token = user(
        &tenants,
        json!({"auth_type": "impersonate", "username": "ada", "extra": {"city": "Porto"}}),
    )
    .await;
    let answer = as_bearer(&tenants, &bearer, &token).await;
    let noon = noon().format("%Y-%m-%dT%H:%M:%SZ");
    let id = tenants.client.client.id.as_str();
    let tail = format!(
        r#""organization_id":{},"username":"ada","act":{{"sub":"{id}"}},"resource":{{"id":"{}","type":"user","attributes":{{"email":"ada@city.example","name":"Ada","created_at":"{noon}","updated_at":"{noon}","personal_url":null,"locale":null,"extra":{{"city":"Porto"}}}},"relationships":{{}},"meta":{{"blocked":false,"locked":false}}}}}}"#,
        tenants.o1, ada.id
    );
    assert!(answer.body.ends_with(&tail), "{}\n{tail}", answer.body);
    assert_eq!(answer.json()["sub"], format!("participant:{}", ada.id));
    assert_eq!(answer.json()["client_id"], id);

    let more = json!({"auth_type": "login", "username": "ada", "password": PASSWORD});
    let token = user(&tenants, more).await;
    let seen = tenants.introspect(&token).await;
    assert_eq!(seen.get("act"), None, "nobody acts for who signed in");
    assert_eq!(seen["resource"]["id"], ada.id.to_string());
}

/// Differs: the source answers 401 to a bearer who asks about an unknown token. RFC 7662 §2.2 has this.
#[tokio::test]
async fn i03_an_unknown_token() {
    let tenants = Tenants::new().await;
    let bearer = machine(&tenants).await;
    let answer = as_bearer(&tenants, &bearer, "clv_unknown").await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (200, r#"{"active":false}"#)
    );
}

#[tokio::test]
async fn i04_an_expired_bearer() {
    let tenants = Tenants::new().await;
    let bearer = machine(&tenants).await;
    tenants.fixture.advance(TimeDelta::hours(2));
    let answer = as_bearer(&tenants, &bearer, "x").await;
    assert_refused(&answer, 401, "invalid_token");
}

/// Differs: the source refuses this. A bearer may ask about its own client's tokens, and this is one.
#[tokio::test]
async fn i05_a_bearer_asks_about_itself() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    for token in [machine(&tenants).await, user(&tenants, more).await] {
        let seen = as_bearer(&tenants, &token, &token).await.json();
        assert_eq!(seen["active"], true);
    }
}

/// Differs for a bearer, whom the source answers with 401: what the caller may not see is inactive (RFC 7662 §2.2).
#[tokio::test]
async fn i06_a_token_of_another_client() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    let other = tenants
        .fixture
        .client_of(Some(tenants.o1), &["public"], &[])
        .await;
    let bearer = tenants.app.issued(&other, "").await;
    for token in [machine(&tenants).await, user(&tenants, more).await] {
        assert_eq!(
            tenants.app.introspect(&other, &token).await,
            json!({"active": false})
        );
        let answer = as_bearer(&tenants, &bearer, &token).await;
        assert_eq!(answer.body, r#"{"active":false}"#);
    }
}

#[tokio::test]
async fn i07_an_expired_token() {
    let tenants = Tenants::new().await;
    let token = machine(&tenants).await;
    tenants.fixture.advance(TimeDelta::hours(2));
    assert_eq!(tenants.introspect(&token).await, json!({"active": false}));
}

/// Differs: the source answers 400. Nobody is authenticated, so it is 401.
#[tokio::test]
async fn i08_no_authentication() {
    let tenants = Tenants::new().await;
    let answer = tenants.app.post("/oauth/introspect", &[], "token=x").await;
    assert_refused(&answer, 401, "invalid_client");
}

/// Differs: the source still says all the rest of a dead token.
#[tokio::test]
async fn i09_a_user_token_of_who_was_blocked() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let mut tokens = Vec::new();
    for more in [
        json!({"auth_type": "impersonate", "username": "ada"}),
        json!({"auth_type": "login", "username": "ada", "password": PASSWORD}),
    ] {
        tokens.push(user(&tenants, more).await);
    }
    let console = &tenants.fixture.console;
    console.block_participant(&shell(), ada.id).await.unwrap();
    for token in &tokens {
        assert_eq!(tenants.introspect(token).await, json!({"active": false}));
        let answer = as_bearer(&tenants, token, token).await;
        assert_refused(&answer, 401, "invalid_token");
    }
    console.unblock_participant(&shell(), ada.id).await.unwrap();
    for token in &tokens {
        assert_eq!(
            tenants.introspect(token).await,
            json!({"active": false}),
            "dead for good"
        );
    }
}

#[tokio::test]
async fn i10_a_token_of_a_revoked_client() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    let tokens = [machine(&tenants).await, user(&tenants, more).await];
    let api = tenants
        .fixture
        .client_of(Some(tenants.o1), &["system"], &["system.tokens.introspect"])
        .await;
    let seen = tenants.app.introspect(&api, &tokens[1]).await;
    assert_eq!(seen["username"], "ada");
    let id = tenants.client.client.id.as_str();
    let console = &tenants.fixture.console;
    console.revoke_client(&shell(), id).await.unwrap();
    for token in &tokens {
        assert_eq!(
            tenants.app.introspect(&api, token).await,
            json!({"active": false})
        );
    }
}

/// Differs: the source fails with 500. There is an audience, the issuer.
#[tokio::test]
async fn i11_a_client_without_an_organization() {
    let tenants = Tenants::new().await;
    let client = tenants.fixture.client_of(None, &["system"], &[]).await;
    let app = tenants.fixture.app();
    let token = app.issued(&client, "").await;
    let headers = [("authorization", &*authorization(&client))];
    let form = format!("token={token}");
    let seen = app.post("/oauth/introspect", &headers, &form).await.json();
    assert_eq!(seen["active"], true);
    assert_eq!(seen["aud"], "http://127.0.0.1:3000");
}
