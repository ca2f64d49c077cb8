//! `POST /oauth/introspect`: what is said of a token.

use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use claviger::service::CreatedClient;
use serde_json::{Value, json};

use super::{assert_kept_from_caches, authorization};
use crate::support::{Engine, Fixture, noon, settings, shell};

async fn grant(fixture: &Fixture, client: &CreatedClient, permissions: &[&str]) {
    let names: Vec<String> = permissions.iter().map(ToString::to_string).collect();
    fixture
        .console
        .set_permissions(
            &shell(),
            client.client.id.as_str(),
            &PermissionSwitch::each(&names, true),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_live_token_is_described_in_order() {
    let fixture = Fixture::new().await;
    let organization = fixture.organization("City of Porto", "porto.example").await;
    let client = fixture
        .client_of(
            Some(organization),
            &["public", "blogs"],
            &["blogs.read", "oauth.login"],
        )
        .await;
    let app = fixture.app();
    let token = app.issued(&client, "&scope=blogs+public").await;
    let answer = app
        .post(
            "/oauth/introspect",
            &[("authorization", &authorization(&client))],
            &format!("token={token}"),
        )
        .await;
    let (id, iat) = (&client.client.id, noon().timestamp());
    let jti = answer.json()["jti"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        answer.body,
        format!(
            r#"{{"active":true,"scope":"blogs public","client_id":"{id}","token_type":"Bearer","iat":{iat},"exp":{},"#,
            iat + 7200
        ) + &format!(
            r#""sub":"{id}","aud":"https://porto.example","iss":"http://127.0.0.1:3000","jti":"{jti}","#
        ) + &format!(
            r#""permissions":["blogs.read","oauth.login"],"organization_id":{organization}}}"#
        )
    );
    assert!(
        jti.len() == 48 && jti.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{jti}"
    );
    assert_kept_from_caches(&answer);
}

#[tokio::test]
async fn a_client_without_an_organization_has_none() {
    let fixture = Fixture::new().await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    let token = fixture.app().issued(&client, "").await;
    let described = fixture.app().introspect(&client, &token).await;
    assert_eq!(described["organization_id"], Value::Null);
    assert!(
        described
            .as_object()
            .unwrap()
            .contains_key("organization_id")
    );
    assert_eq!(
        (&described["aud"], &described["iss"]),
        (
            &json!("http://127.0.0.1:3000"),
            &json!("http://127.0.0.1:3000")
        )
    );
}

#[tokio::test]
async fn every_token_has_a_name_of_its_own() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (first, second) = (app.issued(&client, "").await, app.issued(&client, "").await);
    let jti = async |token: &str| app.introspect(&client, token).await["jti"].clone();
    assert_ne!(jti(&first).await, jti(&second).await);
    assert_eq!(jti(&first).await, jti(&first).await);
}

#[tokio::test]
async fn permissions_are_those_that_the_client_holds_now() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let token = fixture.app().issued(&client, "").await;
        let held = async || fixture.app().introspect(&client, &token).await["permissions"].clone();
        assert_eq!(held().await, json!([]));
        grant(&fixture, &client, &["blogs.read", "proposals.read"]).await;
        assert_eq!(held().await, json!(["blogs.read", "proposals.read"]));
        fixture
            .console
            .set_permissions(
                &shell(),
                client.client.id.as_str(),
                &PermissionSwitch::each(&["blogs.read".to_owned()], false),
            )
            .await
            .unwrap();
        assert_eq!(held().await, json!(["proposals.read"]));
    }
}

#[tokio::test]
async fn a_token_carries_only_what_its_scopes_open_or_needs_none() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    grant(
        &fixture,
        &client,
        &["blogs.read", "proposals.read", "oauth.impersonate"],
    )
    .await;
    let token = fixture.app().issued(&client, "&scope=blogs").await;
    assert_eq!(
        fixture.app().introspect(&client, &token).await["permissions"],
        json!(["blogs.read", "oauth.impersonate"])
    );
}

#[tokio::test]
async fn a_permission_that_the_catalogue_forgot_grants_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    grant(&fixture, &client, &["blogs.read", "proposals.read"]).await;
    fixture.database.execute("UPDATE client_permissions SET permission = 'blogs.forgotten' WHERE permission = 'blogs.read'").await;
    let token = fixture.app().issued(&client, "").await;
    assert_eq!(
        fixture.app().introspect(&client, &token).await["permissions"],
        json!(["proposals.read"])
    );
}

#[tokio::test]
async fn of_any_other_token_nothing_is_said() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let other = fixture
        .client_of(client.client.organization_id, &["public"], &[])
        .await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let revoked = app.issued(&client, "").await;
    app.post(
        "/oauth/revoke",
        &[("authorization", &authorization(&client))],
        &format!("token={revoked}"),
    )
    .await;
    let cut = &token[..token.len() - 1];
    let turned = if token.ends_with('A') {
        format!("{cut}B")
    } else {
        format!("{cut}A")
    };
    for unknown in [
        "x",
        "clv_",
        "clv_0",
        cut,
        &turned,
        &token.to_uppercase(),
        &"x".repeat(5_000),
        "%00",
        "%C3%BC",
        &revoked,
        &format!("{token}%20"),
    ] {
        let answer = app
            .post(
                "/oauth/introspect",
                &[("authorization", &authorization(&client))],
                &format!("token={unknown}"),
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (200, r#"{"active":false}"#),
            "{unknown}"
        );
        assert_kept_from_caches(&answer);
    }
    assert_eq!(
        app.introspect(&other, &token).await,
        json!({"active": false}),
        "another client's"
    );
    assert_eq!(app.introspect(&client, &token).await["active"], true);
    fixture.advance(TimeDelta::seconds(7199));
    assert_eq!(app.introspect(&client, &token).await["active"], true);
    fixture.advance(TimeDelta::seconds(1));
    assert_eq!(
        app.introspect(&client, &token).await,
        json!({"active": false}),
        "expired"
    );
}

#[tokio::test]
async fn a_token_of_another_installation_is_unknown() {
    let (here, there) = (Fixture::new().await, Fixture::new().await);
    let (client, stranger) = (here.client().await, there.client().await);
    let token = there.app().issued(&stranger, "").await;
    assert_eq!(
        here.app().introspect(&client, &token).await,
        json!({"active": false})
    );
}

#[tokio::test]
async fn a_hint_is_a_hint_and_json_will_do() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let header = authorization(&client);
    for hint in ["access_token", "refresh_token", "nonsense", ""] {
        let form = format!("token={token}&token_type_hint={hint}");
        assert_eq!(
            app.post("/oauth/introspect", &[("authorization", &header)], &form)
                .await
                .json()["active"],
            true,
            "{hint}"
        );
    }
    let answer = app
        .post_json(
            "/oauth/introspect",
            &[("authorization", &header)],
            &json!({"token": token}),
        )
        .await;
    assert_eq!(answer.json()["active"], true);
}
