//! `/openapi.json` and `/docs/api`: the endpoints for programs, as they are.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use claviger::http::oauth::{Endpoint, openapi};
use claviger::server::router;
use serde_json::Value;

use crate::support::{App, Fixture};

/// The copy in the repository.
const COPY: &str = "docs/openapi.json";

fn document() -> Value {
    serde_json::from_str(&openapi::text()).unwrap()
}

/// Each operation: method, path, and its description.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &'_ Value)| -> Vec<(String, String)> {
        let methods = item.as_object().unwrap().keys();
        methods
            .map(|method| (method.clone(), path.clone()))
            .collect()
    };
    paths
        .iter()
        .flat_map(of_path)
        .map(|(method, path)| {
            let operation = &document["paths"][&path][&method];
            (method.to_uppercase(), path, operation)
        })
        .collect()
}

#[test]
fn the_copy_in_the_repository_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(COPY);
    let text = openapi::text() + "\n";
    if std::env::var_os("CLAVIGER_REWRITE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let copy = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        copy == text,
        "{COPY} is not what the server describes. If the change is meant, rewrite it:\n\n    \
         CLAVIGER_REWRITE=1 cargo test --locked --test it openapi\n"
    );
}

#[test]
fn every_endpoint_is_described_and_nothing_else() {
    let document = document();
    let described: BTreeSet<_> = document["paths"].as_object().unwrap().keys().collect();
    let endpoints = Endpoint::ALL.into_iter().map(|(path, _)| path);
    let public = router::public_endpoints().into_iter().map(|(path, _)| path);
    let routed: BTreeSet<String> = endpoints.chain(public).map(str::to_owned).collect();
    assert_eq!(described, routed.iter().collect());
}

#[test]
fn every_operation_has_an_id_of_its_own_and_every_reference_a_target() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    let ids: BTreeSet<_> = operations
        .iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations.len());
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let target = reference.split('"').next().unwrap();
        assert!(document.pointer(target).is_some(), "{target}");
    }
}

/// Without credentials and parameters: that is described, too, for every operation.
#[tokio::test]
async fn the_router_answers_as_it_is_described() {
    let app = Fixture::new().await.app();
    let document = document();
    for (method, path, operation) in operations(&document) {
        let request = Request::builder().method(method.as_str()).uri(&path);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        let status = answer.status.as_u16().to_string();
        let described = &operation["responses"][&status];
        assert!(described.is_object(), "{method} {path}: {answer:?}");
        let json = &described["content"]["application/json"];
        assert!(json.is_object(), "{method} {path}: {status}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_description_is_served_at_every_host_and_may_be_kept_a_minute() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "porto.example").await;
    for host in ["127.0.0.1:3000", "porto.example"] {
        let answer = fixture.app().at(host).get("/openapi.json", &[]).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.body, openapi::text());
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let refused = fixture.app().post("/openapi.json", &[], "").await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("allow")),
        (405, "GET, HEAD")
    );
}

/// The page for people. It is put together here: there is no script of another party and nothing to fetch.
async fn page(app: &App) -> String {
    let answer = app.get("/docs/api", &[("accept", "text/html")]).await;
    assert_eq!(answer.status.as_u16(), 200);
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"));
    answer.body
}

#[tokio::test]
async fn people_read_all_of_it_without_signing_in() {
    // Long names may be broken after an underscore.
    let page = page(&Fixture::new().await.app())
        .await
        .replace("<!>", "")
        .replace("<wbr>", "");
    let document = document();
    let shown = |text: &str| text.split('`').all(|part| page.contains(part));
    for (_, path, operation) in operations(&document) {
        assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
        for name in ["summary", "description"] {
            let text = operation[name].as_str().unwrap();
            assert!(shown(text), "{path}: {text}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let text = response["description"].as_str().unwrap();
            assert!(page.contains(&format!("<code>{status}</code>")) && shown(text));
        }
    }
    for member in [
        "grant_type",
        "access_token",
        "token_type_hint",
        "X-Client-Id",
    ] {
        assert!(page.contains(&format!(">{member}</code>")), "{member}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"));
}

#[tokio::test]
async fn answers_have_the_members_that_are_described() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let issued = app.token(&client, "").await.json();
    let token = issued["access_token"].as_str().unwrap();
    let described = app.get("/.well-known/oauth-authorization-server", &[]);
    let document = document();
    for (name, answer) in [
        ("ActiveToken", app.introspect(&client, token).await),
        ("InactiveToken", app.introspect(&client, "x").await),
        ("Metadata", described.await.json()),
        ("TokenResponse", issued),
    ] {
        let schema = &document["components"]["schemas"][name];
        for member in answer.as_object().unwrap().keys() {
            let property = &schema["properties"][member];
            assert!(property.is_object(), "{name} has no {member}");
        }
        for member in schema["required"].as_array().unwrap() {
            let member = member.as_str().unwrap();
            assert!(answer.get(member).is_some(), "{name} without {member}");
        }
    }
}
