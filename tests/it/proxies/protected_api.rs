//! `examples/protected_api.rs`: an API that asks by itself, and the part of it that the page shows.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use claviger::server::connections::Timeouts;
use claviger::service::clock::Clock;
use quick_cache::sync::Cache;
use tower::ServiceExt;

use super::blocks;
use crate::support::{Fixture, Listening, noon, shell};

#[allow(dead_code, reason = "the tests start it without its main function")]
#[path = "../../../examples/protected_api.rs"]
mod example;

/// The API, its own client in Claviger, and Claviger.
async fn start(fixture: &Fixture, keep: Duration) -> (Router, Listening) {
    let claviger = Listening::start(fixture, Vec::new(), Timeouts::default()).await;
    let permissions = ["system.tokens.introspect"];
    let own = fixture.client_of(None, &["system"], &permissions).await;
    let api = example::api(example::Claviger {
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        url: format!("http://{}", claviger.address),
        client_id: own.client.id.to_string(),
        client_secret: own.secret.expose().to_owned(),
        keep,
        kept: Cache::new(100),
    });
    (api, claviger)
}

/// Status, challenge and body of an answer of the API.
async fn ask(api: &Router, authorization: Option<&str>) -> (u16, String, String) {
    let mut request = Request::get("/posts");
    if let Some(text) = authorization {
        request = request.header("authorization", text);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge.map_or("", |value| value.to_str().unwrap());
    let (status, challenge) = (response.status().as_u16(), challenge.to_owned());
    let body = axum::body::to_bytes(response.into_body(), 1000)
        .await
        .unwrap();
    (
        status,
        challenge,
        String::from_utf8_lossy(&body).into_owned(),
    )
}

#[tokio::test]
async fn an_api_that_asks_refuses_at_once_what_does_not_pass() {
    let fixture = Fixture::new().await;
    let (api, claviger) = start(&fixture, Duration::ZERO).await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let bearer = format!("Bearer {}", fixture.app().issued(&client, "").await);
    let refused = |status, challenge: &str| (status, challenge.to_owned(), String::new());

    assert_eq!(ask(&api, None).await, refused(401, "Bearer"));
    assert_eq!(ask(&api, Some("Basic eDp4")).await, refused(401, "Bearer"));
    let dead = refused(401, r#"Bearer error="invalid_token""#);
    assert_eq!(ask(&api, Some("Bearer x")).await, dead);
    let insufficient = refused(403, r#"Bearer error="insufficient_scope""#);
    assert_eq!(ask(&api, Some(&bearer)).await, insufficient);

    let switches = PermissionSwitch::each(&["blogs.read".to_owned()], true);
    let actor = shell();
    let granting = fixture.console.set_permissions(&actor, id, &switches);
    granting.await.unwrap();
    let posts = (200, String::new(), format!("posts for {id}"));
    assert_eq!(ask(&api, Some(&bearer)).await, posts);
    assert_eq!(
        ask(&api, Some(&bearer.replace("Bearer", "bearer"))).await,
        posts
    );

    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(ask(&api, Some(&bearer)).await, dead);
    drop(claviger);
    fixture.console.close().await;
    assert_eq!(ask(&api, Some(&bearer)).await, refused(503, ""));
}

/// What it costs to keep answers.
#[tokio::test]
async fn an_api_that_keeps_answers_lets_a_revoked_token_through_meanwhile() {
    let fixture = Fixture::new().await;
    // The example has no clock but the machine's.
    fixture.advance(Clock::System.now() - noon());
    let (api, _claviger) = start(&fixture, Duration::from_mins(10)).await;
    let porto = fixture.organization("City of Porto", "").await;
    let client = fixture.client_of(Some(porto), &["blogs"], &["blogs.read"]);
    let client = client.await;
    let bearer = format!("Bearer {}", fixture.app().issued(&client, "").await);
    assert_eq!(ask(&api, Some(&bearer)).await.0, 200);
    let id = client.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(ask(&api, Some(&bearer)).await.0, 200);
}

#[tokio::test]
async fn an_answer_is_not_kept_beyond_the_end_of_the_token() {
    let fixture = Fixture::new().await;
    // By the clock of the API, the token has expired; by Claviger's it has not.
    fixture.advance(Clock::System.now() - noon() - TimeDelta::days(1));
    let (api, _claviger) = start(&fixture, Duration::from_mins(10)).await;
    let porto = fixture.organization("City of Porto", "").await;
    let client = fixture.client_of(Some(porto), &["blogs"], &["blogs.read"]);
    let client = client.await;
    let bearer = format!("Bearer {}", fixture.app().issued(&client, "").await);
    assert_eq!(ask(&api, Some(&bearer)).await.0, 200);
    let id = client.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(ask(&api, Some(&bearer)).await.0, 401);
}

#[test]
fn the_page_shows_the_example() {
    let example = include_str!("../../../examples/protected_api.rs");
    let (_, shown) = example.split_once("// docs: begin\n").unwrap();
    let (shown, _) = shown.split_once("// docs: end\n").unwrap();
    let blocks = blocks("rust");
    assert_eq!(blocks.len(), 1);
    assert!(
        blocks[0].trim() == shown.trim(),
        "docs/protect-an-api.md and examples/protected_api.rs differ: copy the lines between the marks into the page"
    );
}
