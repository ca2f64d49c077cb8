//! `POST /oauth/revoke`: a client ends one of its tokens.

use chrono::TimeDelta;
use claviger::service::CreatedClient;
use serde_json::json;

use super::{assert_kept_from_caches, assert_not_authenticated, assert_refused, authorization};
use crate::routes::everything;
use crate::support::{App, AppResponse, Fixture};

async fn revoke(app: &App, client: &CreatedClient, token: &str) -> AppResponse {
    app.post(
        "/oauth/revoke",
        &[("authorization", &authorization(client))],
        &format!("token={token}"),
    )
    .await
}

#[track_caller]
fn assert_done(answer: &AppResponse) {
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "{}"));
    assert_kept_from_caches(answer);
}

#[tokio::test]
async fn a_client_ends_its_own_token_and_no_other() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (token, another) = (app.issued(&client, "").await, app.issued(&client, "").await);
    assert_done(&revoke(&app, &client, &token).await);
    assert_eq!(
        app.introspect(&client, &token).await,
        json!({"active": false})
    );
    assert_eq!(app.introspect(&client, &another).await["active"], true);
    assert_eq!(
        fixture
            .database
            .count("audit_events WHERE kind = 'token.revoked'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_token_that_is_unknown_or_dead_needs_no_ending() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let dead = app.issued(&client, "").await;
    assert_done(&revoke(&app, &client, &dead).await);
    let before = everything(&fixture).await;
    for token in [dead.as_str(), "x", "clv_x", "%00"] {
        assert_done(&revoke(&app, &client, token).await);
    }
    assert_eq!(
        everything(&fixture).await,
        before,
        "nothing is written for a token that is dead"
    );
}

/// By the clock of another node it may still be live.
#[tokio::test]
async fn a_token_that_has_ended_is_revoked_all_the_same_and_once() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let ended = app.issued(&client, "").await;
    fixture.advance(TimeDelta::hours(2));
    assert_done(&revoke(&app, &client, &ended).await);
    assert_eq!(fixture.database.count("denylist").await, 1);
    assert_done(&revoke(&app, &client, &ended).await);
    fixture.console.sweep().await.unwrap();
    assert_done(&revoke(&app, &client, &ended).await);
    assert_eq!(fixture.database.count("denylist").await, 0);
    let entries = fixture
        .database
        .count("audit_events WHERE kind = 'token.revoked'");
    assert_eq!(entries.await, 1);
}

#[tokio::test]
async fn another_clients_token_lives_on() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let guard = fixture
        .client_of(None, &["system"], &["system.tokens.introspect"])
        .await;
    let sibling = fixture
        .client_of(client.client.organization_id, &["public"], &[])
        .await;
    let token = app.issued(&client, "").await;
    let before = everything(&fixture).await;
    for other in [&guard, &sibling] {
        assert_refused(
            &revoke(&app, other, &token).await,
            400,
            "unauthorized_client",
        );
    }
    assert_eq!(everything(&fixture).await, before);
    assert_eq!(app.introspect(&client, &token).await["active"], true);
}

#[tokio::test]
async fn of_another_clients_dead_token_nothing_is_said() {
    let fixture = Fixture::new().await;
    let (client, other) = (fixture.client().await, fixture.client().await);
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    revoke(&app, &client, &token).await;
    assert_done(&revoke(&app, &other, &token).await);
}

#[tokio::test]
async fn nothing_ends_without_the_clients_credentials() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    assert_not_authenticated(
        &app.post("/oauth/revoke", &[], &format!("token={token}"))
            .await,
    );
    let form = format!("token={token}&client_id={}", client.client.id);
    assert_not_authenticated(&app.post("/oauth/revoke", &[], &form).await);
    assert_not_authenticated(
        &app.post("/oauth/revoke", &[], &format!("{form}&client_secret=wrong"))
            .await,
    );
    assert_eq!(app.introspect(&client, &token).await["active"], true);
}

#[tokio::test]
async fn the_token_must_be_named_and_a_hint_is_ignored() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let header = authorization(&client);
    assert_refused(
        &app.post("/oauth/revoke", &[("authorization", &header)], "")
            .await,
        400,
        "invalid_request",
    );
    let token = app.issued(&client, "").await;
    let form = format!("token={token}&token_type_hint=refresh_token");
    assert_done(
        &app.post("/oauth/revoke", &[("authorization", &header)], &form)
            .await,
    );
    assert_eq!(app.introspect(&client, &token).await["active"], false);
}

#[tokio::test]
async fn the_denial_is_kept_for_as_long_as_the_token_would_have_lived() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    revoke(&fixture.app(), &client, &token).await;
    fixture.advance(TimeDelta::seconds(7199));
    fixture.console.sweep().await.unwrap();
    assert_eq!(fixture.database.count("denylist").await, 1);
    assert_eq!(
        fixture.app().introspect(&client, &token).await["active"],
        false
    );
    fixture.advance(TimeDelta::seconds(1));
    fixture.console.sweep().await.unwrap();
    assert_eq!(fixture.database.count("denylist").await, 0);
    assert_eq!(
        fixture.app().introspect(&client, &token).await["active"],
        false,
        "by now it has expired"
    );
}
