//! `POST /oauth/introspect`: who may ask, and about which tokens.

use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use serde_json::{Value, json};

use super::{assert_not_authenticated, assert_refused, authorization};
use crate::support::{App, AppResponse, Fixture, shell};

const INTROSPECT: &[&str] = &["system.tokens.introspect"];

/// What the holder of a token is told about another.
async fn ask_with_token(app: &App, bearer: &str, token: &str) -> AppResponse {
    app.post(
        "/oauth/introspect",
        &[("authorization", &format!("Bearer {bearer}"))],
        &format!("token={token}"),
    )
    .await
}

/// All that is said of a token that is not live, or not the caller's to see.
fn inactive() -> Value {
    json!({"active": false})
}

#[tokio::test]
async fn with_the_permission_a_client_sees_its_organization() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let basel = fixture.organization("Canton of Basel", "").await;
    let guard = fixture
        .client_of(Some(porto), &["system"], INTROSPECT)
        .await;
    let app = fixture.app();
    let here = app
        .issued(&fixture.client_of(Some(porto), &["public"], &[]).await, "")
        .await;
    let there = app
        .issued(&fixture.client_of(Some(basel), &["public"], &[]).await, "")
        .await;
    let nowhere = app
        .issued(&fixture.client_of(None, &["system"], &[]).await, "")
        .await;
    assert_eq!(app.introspect(&guard, &here).await["active"], true);
    assert_eq!(app.introspect(&guard, &there).await, inactive());
    assert_eq!(app.introspect(&guard, &nowhere).await, inactive());
    fixture
        .console
        .set_permissions(
            &shell(),
            guard.client.id.as_str(),
            &PermissionSwitch::each(&["system.tokens.introspect".to_owned()], false),
        )
        .await
        .unwrap();
    assert_eq!(app.introspect(&guard, &here).await, inactive());
}

#[tokio::test]
async fn with_the_permission_a_client_of_no_organization_sees_all() {
    let fixture = Fixture::new().await;
    let guard = fixture.client_of(None, &["system"], INTROSPECT).await;
    let app = fixture.app();
    for client in [
        fixture.client().await,
        fixture.client_of(None, &["system"], &[]).await,
    ] {
        let token = app.issued(&client, "").await;
        assert_eq!(
            app.introspect(&guard, &token).await["client_id"],
            client.client.id.as_str()
        );
    }
}

#[tokio::test]
async fn whoever_holds_a_live_token_may_ask_about_its_client() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let other = fixture
        .client_of(client.client.organization_id, &["public"], &[])
        .await;
    let app = fixture.app();
    let (mine, another, theirs) = (
        app.issued(&client, "").await,
        app.issued(&client, "").await,
        app.issued(&other, "").await,
    );
    assert_eq!(
        ask_with_token(&app, &mine, &another).await.json()["active"],
        true
    );
    assert_eq!(
        ask_with_token(&app, &mine, &mine).await.json()["active"],
        true,
        "itself included"
    );
    for unseen in [&theirs, "x"] {
        let answer = ask_with_token(&app, &mine, unseen).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, inactive()));
    }
}

#[tokio::test]
async fn a_token_asks_with_its_own_scopes_alone() {
    let fixture = Fixture::new().await;
    let organization = fixture.organization("City of Porto", "").await;
    let guard = fixture
        .client_of(Some(organization), &["public", "system"], INTROSPECT)
        .await;
    let client = fixture
        .client_of(Some(organization), &["public"], &[])
        .await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let (wide, narrow) = (
        app.issued(&guard, "&scope=system").await,
        app.issued(&guard, "&scope=public").await,
    );
    assert_eq!(
        ask_with_token(&app, &wide, &token).await.json()["active"],
        true
    );
    assert_eq!(
        ask_with_token(&app, &narrow, &token).await.json(),
        inactive()
    );
}

#[tokio::test]
async fn a_dead_token_asks_in_vain() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let dead = app.issued(&client, "").await;
    app.post(
        "/oauth/revoke",
        &[("authorization", &authorization(&client))],
        &format!("token={dead}"),
    )
    .await;
    for bearer in [dead.as_str(), "x", "", "clv_x", &format!("{token}x")] {
        let answer = ask_with_token(&app, bearer, &token).await;
        assert_refused(&answer, 401, "invalid_token");
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer realm="claviger", error="invalid_token""#
        );
    }
    assert_eq!(
        ask_with_token(&app, &token, &token).await.status.as_u16(),
        200
    );
    fixture.advance(TimeDelta::hours(2));
    assert_refused(
        &ask_with_token(&app, &token, &token).await,
        401,
        "invalid_token",
    );
}

#[tokio::test]
async fn the_caller_is_judged_before_the_token() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    assert_not_authenticated(&app.post("/oauth/introspect", &[], "token=x").await);
    assert_not_authenticated(&app.post("/oauth/introspect", &[], "").await);
    for form in ["", "token=", "tokens=x"] {
        let answer = app
            .post(
                "/oauth/introspect",
                &[("authorization", &authorization(&client))],
                form,
            )
            .await;
        assert_refused(&answer, 400, "invalid_request");
    }
}
