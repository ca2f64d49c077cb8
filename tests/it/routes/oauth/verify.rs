//! `/oauth/verify`: what a reverse proxy is told about a request before it passes it on.

use axum::http::Method;
use chrono::TimeDelta;

use super::{assert_kept_from_caches, assert_refused, authorization, send};
use crate::support::{App, AppResponse, Fixture, basic, noon, shell};

mod bodies;
mod requirements;
mod subjects;
mod tenants;

/// What every good answer says about the token.
const NAMES: [&str; 5] = [
    "x-client-id",
    "x-organization-id",
    "x-scopes",
    "x-permissions",
    "x-subject",
];

/// Asks as a proxy does that shows a token.
async fn ask(app: &App, query: &str, token: &str) -> AppResponse {
    let bearer = format!("Bearer {token}");
    let path = format!("/oauth/verify{query}");
    app.get(&path, &[("authorization", &bearer)]).await
}

#[track_caller]
fn assert_passes(answer: &AppResponse) {
    assert_eq!(
        (answer.status.as_u16(), answer.length),
        (204, 0),
        "{answer:?}"
    );
    assert_kept_from_caches(answer);
}

/// A refusal with its challenge, which tells nothing about the token.
#[track_caller]
fn assert_challenged(answer: &AppResponse, status: u16, error: &str, challenge: &str) {
    assert_refused(answer, status, error);
    assert_eq!(answer.header("www-authenticate"), challenge);
    assert!(NAMES.iter().all(|name| !answer.headers.contains_key(*name)));
}

#[track_caller]
fn assert_dead(answer: &AppResponse) {
    let challenge = r#"Bearer realm="claviger", error="invalid_token""#;
    assert_challenged(answer, 401, "invalid_token", challenge);
}

#[track_caller]
fn assert_insufficient(answer: &AppResponse) {
    let challenge = r#"Bearer realm="claviger", error="insufficient_scope""#;
    assert_challenged(answer, 403, "insufficient_scope", challenge);
}

#[tokio::test]
async fn a_live_token_passes_and_the_answer_says_whose_it_is() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let granted = ["blogs.read", "proposals.read", "oauth.login"];
    let scopes = ["public", "proposals", "blogs"];
    let client = fixture.client_of(Some(porto), &scopes, &granted).await;
    let app = fixture.app();
    let token = app.issued(&client, "&scope=blogs public").await;
    let answer = ask(&app, "", &token).await;
    assert_passes(&answer);
    let id = client.client.id.as_str();
    let said = NAMES.map(|name| answer.header(name));
    let organization = porto.to_string();
    assert_eq!(
        said,
        [
            id,
            &organization,
            "blogs public",
            "blogs.read oauth.login",
            id
        ],
        "permissions are those within the scopes of the token"
    );
}

#[tokio::test]
async fn what_a_token_does_not_have_is_said_by_an_empty_header() {
    let fixture = Fixture::new().await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    let app = fixture.app();
    let answer = ask(&app, "", &app.issued(&client, "").await).await;
    assert_passes(&answer);
    for name in NAMES {
        assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{name}");
    }
    assert_eq!(answer.header("x-organization-id"), "");
    assert_eq!(answer.header("x-permissions"), "");
}

#[tokio::test]
async fn what_a_request_says_about_itself_counts_for_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let bearer = format!("Bearer {}", app.issued(&client, "").await);
    let mut headers = NAMES.map(|name| (name, "forged")).to_vec();
    headers.push(("authorization", &bearer));
    let answer = app.get("/oauth/verify", &headers).await;
    assert_passes(&answer);
    assert!(!format!("{:?}", answer.headers).contains("forged"));
    headers.pop();
    let answer = app.get("/oauth/verify", &headers).await;
    assert_eq!(answer.status.as_u16(), 401);
}

#[tokio::test]
async fn any_method_and_any_path_below_ask_the_same() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let bearer = format!("bEARER  {} ", app.issued(&client, "").await);
    for method in [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
    ] {
        for path in [
            "/oauth/verify",
            "/oauth/verify/",
            "/oauth/verify/posts/7/%ff//x",
            "/oauth/verify/oauth/token?unknown=1&page=2",
        ] {
            let headers = [("authorization", &*bearer), ("content-type", "text/plain")];
            let method: Method = method.parse().unwrap();
            let answer = send(&app, method.clone(), path, &headers, "a body").await;
            assert_passes(&answer);
            let answer = send(&app, method, path, &[], "a body").await;
            assert_eq!(answer.status.as_u16(), 401, "{path}");
            assert_kept_from_caches(&answer);
        }
    }
    for other in ["/oauth/verify.php", "/oauth/verifyx", "/Oauth/verify"] {
        let answer = app.get(other, &[("authorization", &bearer)]).await;
        assert_refused(&answer, 404, "invalid_request");
    }
}

#[tokio::test]
async fn g1_without_a_bearer_token_the_challenge_names_no_error() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let challenge = r#"Bearer realm="claviger""#;
    let schemes = [
        authorization(&client),
        format!("DPoP {token}"),
        token.clone(),
        "Bearer".to_owned(),
        String::new(),
    ];
    for header in &schemes {
        let headers = [("authorization", header.as_str())];
        let answer = app.get("/oauth/verify", &headers).await;
        assert_challenged(&answer, 401, "invalid_token", challenge);
    }
    let answer = app.get("/oauth/verify", &[]).await;
    assert_challenged(&answer, 401, "invalid_token", challenge);
    // Two are no token, whichever of them is live.
    let bearer = format!("Bearer {token}");
    for other in ["Bearer x", &bearer, &authorization(&client)] {
        let headers = [("authorization", bearer.as_str()), ("authorization", other)];
        assert_dead(&app.get("/oauth/verify", &headers).await);
    }
}

#[tokio::test]
async fn a_token_that_is_not_live_does_not_pass() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (token, revoked) = (app.issued(&client, "").await, app.issued(&client, "").await);
    let header = authorization(&client);
    app.post(
        "/oauth/revoke",
        &[("authorization", &header)],
        &format!("token={revoked}"),
    )
    .await;
    for dead in [&revoked, "x", "", "clv_x", &format!("{token}x")] {
        assert_dead(&ask(&app, "", dead).await);
    }
    let (console, id) = (&fixture.console, client.client.id.as_str());
    assert_passes(&ask(&app, "", &token).await);
    console.suspend_client(&shell(), id).await.unwrap();
    assert_dead(&ask(&app, "", &token).await);
    console.resume_client(&shell(), id).await.unwrap();
    assert_passes(&ask(&app, "", &token).await);
    fixture.advance(TimeDelta::hours(2));
    assert_dead(&ask(&app, "", &token).await);
}

#[tokio::test]
async fn g7_a_revoked_client_is_refused_at_once_on_every_node() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let nodes = [fixture.app(), App::new(fixture.other_node().await)];
    let token = nodes[0].issued(&client, "").await;
    for node in &nodes {
        assert_passes(&ask(node, "", &token).await);
    }
    let id = client.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    for node in &nodes {
        assert_dead(&ask(node, "", &token).await);
    }
}

#[tokio::test]
async fn a_proxy_that_knows_200_alone_can_ask_for_it() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let answer = ask(&app, "?status=200", &token).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, "{}"));
    assert_kept_from_caches(&answer);
    assert_eq!(answer.header("x-client-id"), client.client.id.as_str());
    assert_passes(&ask(&app, "?status=204", &token).await);
    assert_dead(&ask(&app, "?status=200", "x").await);
}

/// No guess at a token is counted, because none can succeed; so this endpoint never answers 429.
#[tokio::test]
async fn who_may_not_guess_any_more_passes_with_a_token() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let wrong = basic(client.client.id.as_str(), "key_wrong");
    let guess = async || {
        let form = "grant_type=client_credentials";
        app.post("/oauth/token", &[("authorization", &wrong)], form)
            .await
    };
    let mut last = guess().await;
    for _ in 0..200 {
        assert_dead(&ask(&app, "", "x").await);
        last = guess().await;
    }
    assert_eq!(last.status.as_u16(), 429);
    assert_passes(&ask(&app, "", &token).await);
    assert_dead(&ask(&app, "", "x").await);
}

#[tokio::test]
async fn without_its_database_nothing_is_judged() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let mislay = "ALTER TABLE directory_version RENAME TO mislaid";
    fixture.database.execute(mislay).await;
    let answer = ask(&app, "", &token).await;
    assert_refused(&answer, 503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(NAMES.iter().all(|name| !answer.headers.contains_key(*name)));
    let repair = "ALTER TABLE mislaid RENAME TO directory_version";
    fixture.database.execute(repair).await;
    assert_passes(&ask(&app, "", &token).await);
}

#[tokio::test]
async fn a_question_counts_as_an_introspection_of_the_client_whose_token_it_is() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    fixture.advance(TimeDelta::minutes(3));
    assert_passes(&ask(&app, "", &token).await);
    assert_passes(&ask(&app, "", &token).await);
    assert_insufficient(&ask(&app, "?permission=blogs.read", &token).await);
    assert_dead(&ask(&app, "", "x").await);
    fixture.tokens.flush_usage().await.unwrap();
    let counted = format!(
        "usage_hourly WHERE client = {} AND issued = 1 AND introspected = 2 AND refused = 1",
        client.client.number
    );
    assert_eq!(fixture.database.count(&counted).await, 1);
    let id = client.client.id.as_str();
    let page = fixture.console.show_client(&shell(), id).await.unwrap();
    let used = Some(noon() + TimeDelta::minutes(3));
    assert_eq!(page.secrets[0].last_used_at, used);
}
