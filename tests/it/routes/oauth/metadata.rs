//! `GET /.well-known/oauth-authorization-server`: what the server says of itself.

use axum::http::Method;
use claviger::service::Settings;
use claviger::service::settings::Issuer;
use serde_json::{Value, json};

use super::{assert_refused, send};
use crate::support::{Engine, Fixture, settings};

const PATH: &str = "/.well-known/oauth-authorization-server";

/// What does not depend on the origin.
fn offered() -> Value {
    let methods = json!(["client_secret_basic", "client_secret_post"]);
    json!({
        "grant_types_supported": [
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "token_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
    })
}

#[tokio::test]
async fn each_door_describes_itself() {
    let issuer = Issuer::parse("https://access.example.org").unwrap();
    let fixture = Fixture::on(
        Engine::Sqlite,
        Settings {
            issuer,
            ..settings()
        },
    )
    .await;
    fixture.organization("City of Porto", "porto.example").await;
    for (host, issuer) in [
        ("access.example.org", "https://access.example.org"),
        ("porto.example", "https://porto.example"),
        ("PORTO.example:443", "https://porto.example"),
        ("porto.example.:8443", "https://porto.example:8443"),
        ("porto.example:80", "https://porto.example:80"),
        ("access.example.org:8443", "https://access.example.org"),
        ("elsewhere.example", "https://access.example.org"),
    ] {
        let answer = fixture.app().at(host).get(PATH, &[]).await;
        let mut expected = offered();
        expected["issuer"] = json!(issuer);
        expected["token_endpoint"] = json!(format!("{issuer}/oauth/token"));
        expected["introspection_endpoint"] = json!(format!("{issuer}/oauth/introspect"));
        expected["revocation_endpoint"] = json!(format!("{issuer}/oauth/revoke"));
        let mut told = answer.json();
        let scopes = told
            .as_object_mut()
            .unwrap()
            .remove("scopes_supported")
            .unwrap();
        assert_eq!(told, expected, "{host}");
        let known: Vec<String> = settings()
            .catalog
            .scopes
            .into_iter()
            .map(|scope| scope.name)
            .collect();
        assert_eq!(scopes, json!(known));
    }
}

#[tokio::test]
async fn it_may_be_kept_for_a_minute() {
    let answer = Fixture::new().await.app().get(PATH, &[]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn it_can_be_read_and_nothing_else() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let read = app.get(PATH, &[]).await;
    let head = send(&app, Method::HEAD, PATH, &[], "").await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), read.body.len().to_string());
    assert_eq!(head.header("cache-control"), "public, max-age=60");
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let answer = send(&app, method.parse().unwrap(), PATH, &[], "").await;
        assert_refused(&answer, 405, "invalid_request");
        assert_eq!(answer.header("allow"), "GET, HEAD", "{method}");
    }
}

#[tokio::test]
async fn an_outage_is_not_kept() {
    let fixture = Fixture::new().await;
    fixture.console.close().await;
    let answer = fixture.app().get(PATH, &[]).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.header("cache-control"),
            answer.header("retry-after")
        ),
        (503, "no-store", "1")
    );
}
