//! R1 to R4: revocation.

use claviger::service::CreatedClient;
use serde_json::json;

use super::Tenants;
use crate::routes::oauth::{assert_not_authenticated, assert_refused, authorization};
use crate::support::{App, AppResponse};

async fn revoke(app: &App, client: &CreatedClient, token: &str) -> AppResponse {
    let headers = [("authorization", &*authorization(client))];
    app.post("/oauth/revoke", &headers, &format!("token={token}"))
        .await
}

/// A token for a participant, and one for the client itself.
async fn two_tokens(tenants: &Tenants) -> [String; 2] {
    tenants.participant(tenants.o1, "ada", "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    [
        Tenants::token(&tenants.password(more).await),
        tenants.app.issued(&tenants.client, "").await,
    ]
}

#[tokio::test]
async fn r1_the_own_token() {
    let tenants = Tenants::new().await;
    for token in two_tokens(&tenants).await {
        let answer = revoke(&tenants.app, &tenants.client, &token).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "{}"));
        assert_eq!(tenants.introspect(&token).await, json!({"active": false}));
    }
}

#[tokio::test]
async fn r2_an_unknown_token() {
    let tenants = Tenants::new().await;
    let answer = revoke(&tenants.app, &tenants.client, "clv_unknown").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "{}"));
}

/// Differs: the source answers 403. Errors of these endpoints have 400 (RFC 6749 §5.2, RFC 7009 §2.2.1).
#[tokio::test]
async fn r3_a_token_of_another_client() {
    let tenants = Tenants::new().await;
    let other = tenants
        .fixture
        .client_of(Some(tenants.o1), &["public"], &[])
        .await;
    for token in two_tokens(&tenants).await {
        let answer = revoke(&tenants.app, &other, &token).await;
        assert_refused(&answer, 400, "unauthorized_client");
        assert_eq!(tenants.introspect(&token).await["active"], true);
    }
}

/// Differs: the source answers 403. Nobody is authenticated, so it is 401.
#[tokio::test]
async fn r4_no_credentials() {
    let tenants = Tenants::new().await;
    let answer = tenants.app.post("/oauth/revoke", &[], "token=x").await;
    assert_not_authenticated(&answer);
}
