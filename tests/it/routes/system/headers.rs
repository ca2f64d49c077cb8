//! The headers that keep browsers careful, on every kind of answer.

use axum::http::{HeaderName, Method};
use claviger::service::Settings;
use claviger::service::settings::Issuer;

use super::Browser;
use crate::support::{AppResponse, Engine, Fixture, settings};

const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

#[track_caller]
fn assert_careful(answer: &AppResponse) {
    assert_no_guessing(answer);
    for (name, value) in [
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        let values: Vec<_> = answer.headers.get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}: {answer:?}");
    }
    let permissions = answer.header("permissions-policy");
    for feature in ["camera", "geolocation", "microphone", "payment", "usb"] {
        assert!(
            permissions.contains(&format!("{feature}=()")),
            "{permissions}"
        );
    }
}

/// What every answer has, also one to a program.
#[track_caller]
fn assert_no_guessing(answer: &AppResponse) {
    let values = |name| answer.headers.get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(values("x-content-type-options"), ["nosniff"], "{answer:?}");
    assert_eq!(values("content-security-policy").len(), 1, "{answer:?}");
    assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"));
}

/// One answer of every kind that a form gets.
async fn answers_to_forms(
    browser: &mut Browser,
    stranger: &mut Browser,
) -> Vec<(&'static str, AppResponse)> {
    let long = [
        ("content-length", "99999999"),
        ("sec-fetch-site", "same-origin"),
    ];
    vec![
        (
            "a redirect of a form",
            browser
                .submit("theme", "/system/sign-in", &[("theme", "dark")])
                .await,
        ),
        (
            "an answer to a script",
            browser.call("theme", &[("theme", "dark")]).await,
        ),
        (
            "a refusal to a script",
            stranger.call("clients/revoke", &[("id", "id_x")]).await,
        ),
        (
            "a forged post",
            browser
                .send(
                    Method::POST,
                    "/system/do/theme",
                    &[("sec-fetch-site", "cross-site")],
                    "theme=dark",
                )
                .await,
        ),
        (
            "no form",
            browser
                .send(
                    Method::POST,
                    "/system/do/theme",
                    &[("sec-fetch-site", "same-origin")],
                    "theme=dark",
                )
                .await,
        ),
        (
            "too long a form",
            browser
                .send(Method::POST, "/system/do/theme", &long, "")
                .await,
        ),
        (
            "a method that is not taken",
            browser.send(Method::GET, "/system/do/theme", &[], "").await,
        ),
    ]
}

/// One answer of every kind there is, with its name.
async fn answers(fixture: &Fixture) -> Vec<(&'static str, AppResponse)> {
    let mut browser = Browser::signed_in(fixture).await;
    let mut stranger = Browser::new(fixture);
    let mut answers = answers_to_forms(&mut browser, &mut stranger).await;
    answers.extend([
        ("a page", browser.open("/system/api-clients").await),
        ("the sign-in page", stranger.open("/system/sign-in").await),
        ("a page that is not there", browser.open("/nothing").await),
        (
            "a client that is not there",
            browser.open("/system/api-clients/id_nobody").await,
        ),
        (
            "a file that is not there",
            browser.app.get("/nothing.js", &[]).await,
        ),
        (
            "a redirect of the guard",
            stranger.open("/system/api-clients").await,
        ),
        (
            "metadata",
            browser
                .app
                .get("/.well-known/oauth-authorization-server", &[])
                .await,
        ),
        ("health", browser.app.get("/health/live", &[]).await),
    ]);
    answers
}

#[tokio::test]
async fn every_kind_of_answer_is_careful() {
    let fixture = Fixture::new().await;
    for (kind, answer) in answers(&fixture).await {
        assert_careful(&answer);
        let is_page = answer.header("content-type").starts_with("text/html");
        assert_eq!(
            answer.header("content-security-policy") == NO_PAGE,
            !is_page,
            "{kind}: {answer:?}"
        );
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn an_answer_to_a_client_has_the_headers_that_concern_it_and_no_others() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    for answer in [
        app.token(&client, "").await,
        app.post("/oauth/token", &[], "").await,
        app.get("/oauth/introspect", &[]).await,
        app.get("/oauth/verify", &[]).await,
    ] {
        assert_no_guessing(&answer);
        assert_eq!(answer.header("content-security-policy"), NO_PAGE);
        assert_eq!(answer.header("cache-control"), "no-store");
        let names: Vec<_> = answer.headers.keys().map(HeaderName::as_str).collect();
        for of_documents in ["referrer-policy", "permissions-policy", "x-frame-options"] {
            assert!(!names.contains(&of_documents), "{names:?}");
        }
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let issuer = Issuer::parse("https://access.example.org").unwrap();
    let fixture = Fixture::on(
        Engine::Sqlite,
        Settings {
            issuer,
            ..settings()
        },
    )
    .await;
    for path in [
        "/system/sign-in",
        "/system/api-clients",
        "/oauth/token",
        "/health/live",
        "/nothing.js",
    ] {
        let answer = fixture.app().get(path, &[]).await;
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
    }
}

/// The directives of a policy.
fn directives(policy: &str) -> Vec<&str> {
    policy.split(';').map(str::trim).collect()
}

#[tokio::test]
async fn a_page_runs_only_the_scripts_that_it_was_sent_with() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let mut nonces = Vec::new();
    for page in [
        "/system",
        "/system/api-clients",
        "/system/api-clients/new",
        &format!("/system/api-clients/{}", client.client.id),
        "/system/organizations",
        "/system/participants",
        "/system/audit",
        "/nothing",
    ] {
        let answer = browser.open(page).await;
        let policy = answer.header("content-security-policy");
        let (_, rest) = policy.split_once("'nonce-").unwrap();
        let (nonce, _) = rest.split_once('\'').unwrap();
        assert_eq!(
            directives(policy),
            [
                "default-src 'none'",
                &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ],
            "{page}"
        );
        assert!(nonce.len() >= 16, "{nonce}");
        let scripts: Vec<&str> = answer
            .body
            .split("<script")
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap())
            .collect();
        assert!(!scripts.is_empty(), "{page}");
        assert!(
            scripts
                .iter()
                .all(|script| script.contains(&format!(r#"nonce="{nonce}""#))),
            "{page}: {scripts:?}"
        );
        for unwanted in [
            " style=\"",
            "<style",
            " onclick=",
            " onload=",
            "javascript:",
            "//cdn",
            "https://fonts",
        ] {
            assert!(!answer.body.contains(unwanted), "{page}: {unwanted}");
        }
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 8, "each page has a nonce of its own");
}

#[tokio::test]
async fn no_page_is_kept() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for page in [
        "/system",
        "/system/api-clients",
        "/system/api-clients/new",
        &format!("/system/api-clients/{}", client.client.id),
        "/system/nothing",
    ] {
        assert_eq!(
            browser.open(page).await.header("cache-control"),
            "no-store",
            "{page}"
        );
    }
    for page in ["/system/setup", "/system/sign-in"] {
        assert_eq!(
            Browser::new(&fixture)
                .open(page)
                .await
                .header("cache-control"),
            "no-store, no-transform",
            "{page}"
        );
    }
    let id = client.client.id.to_string();
    let answer = browser
        .call("clients/reveal-secret", &[("id", &id), ("number", "1")])
        .await;
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
}
