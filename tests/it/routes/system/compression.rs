//! Which pages are compressed, and that none is that shows a secret.

use axum::http::Method;

use super::{Browser, EMAIL, leads_to};
use crate::support::{AppResponse, Fixture, new_client, shell};

const LIST: &str = "/system/api-clients";

/// Opens a page as a browser that accepts these codings.
async fn open(browser: &mut Browser, page: &str, codings: &str) -> AppResponse {
    let headers = [("accept", "text/html"), ("accept-encoding", codings)];
    browser.send(Method::GET, page, &headers, "").await
}

/// Posts a form without script as a browser that accepts gzip.
async fn submit(
    browser: &mut Browser,
    endpoint: &str,
    page: &str,
    fields: &[(&str, &str)],
) -> AppResponse {
    let headers = [
        ("accept", "text/html"),
        ("accept-encoding", "gzip, br"),
        ("content-type", super::FORM),
        ("sec-fetch-site", "same-origin"),
    ];
    let address = format!("/system/do/{endpoint}?{}", super::form(&[("back", page)]));
    browser
        .send(Method::POST, &address, &headers, &super::form(fields))
        .await
}

#[track_caller]
fn assert_not_compressed(answer: &AppResponse) {
    assert!(
        !answer.headers.contains_key("content-encoding"),
        "{answer:?}"
    );
    assert_eq!(answer.length, answer.body.len());
}

/// The same of every answer for the same content: without the nonce and without what is about a moment.
fn without_nonce(page: &AppResponse) -> String {
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap();
    page.body.replace(nonce.split('\'').next().unwrap(), "")
}

#[tokio::test]
async fn a_list_is_compressed_for_whoever_accepts_it() {
    let fixture = Fixture::new().await;
    for _ in 0..25 {
        let new = new_client(None, &["system"], &[]);
        let made = fixture.console.create_client(&shell(), &new, None).await;
        made.unwrap();
    }
    let mut browser = Browser::signed_in(&fixture).await;
    let plain = browser.open(LIST).await;
    assert_not_compressed(&plain);
    for codings in ["gzip", "br, gzip", "gzip;q=0.5, *;q=0", "GZIP"] {
        let page = open(&mut browser, LIST, codings).await;
        assert_eq!(page.header("content-encoding"), "gzip", "{codings}");
        assert_eq!(page.header("vary"), "accept-encoding");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(without_nonce(&page), without_nonce(&plain));
        assert!(
            page.length <= 15_000,
            "{} bytes for a list of 25",
            page.length
        );
    }
    for codings in ["", "br", "identity", "gzip;q=0", "gzip;q=0, br"] {
        let page = open(&mut browser, LIST, codings).await;
        assert_not_compressed(&page);
        assert_eq!(page.header("vary"), "accept-encoding", "{codings}");
    }
}

#[tokio::test]
async fn a_page_with_a_secret_is_not_compressed() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let fields = [("form[name]", "Dashboard"), ("form[scopes][]", "system")];
    let new = "/system/api-clients/new";
    let page = leads_to(&browser.submit("clients/create", new, &fields).await);
    let shown = open(&mut browser, &page, "gzip").await;
    assert!(shown.body.contains("key_"));
    assert_not_compressed(&shown);
    assert_eq!(shown.header("cache-control"), "no-store, no-transform");
    let next = open(&mut browser, &page, "gzip").await;
    assert!(!next.body.contains("key_"));
    assert_eq!(next.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn neither_is_one_that_asks_for_a_secret_or_repeats_what_was_posted() {
    let fixture = Fixture::new().await;
    let mut stranger = Browser::new(&fixture);
    for page in ["/system/sign-in", "/system/setup"] {
        assert_not_compressed(&open(&mut stranger, page, "gzip").await);
    }
    let fields = [("form[email]", EMAIL), ("password", "wrong")];
    let refused = submit(&mut stranger, "sign-in", "/system/sign-in", &fields).await;
    assert_eq!(refused.status.as_u16(), 401);
    assert_not_compressed(&refused);
    let mut browser = Browser::signed_in(&fixture).await;
    let page = "/system/organizations/new";
    let refused = submit(
        &mut browser,
        "organizations/create",
        page,
        &[("form[name]", "")],
    )
    .await;
    assert_eq!(refused.status.as_u16(), 422);
    assert_not_compressed(&refused);
    assert_eq!(refused.header("cache-control"), "no-store, no-transform");
}

#[tokio::test]
async fn what_is_not_a_page_is_left_as_it_is() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let accepts = ("accept-encoding", "gzip");
    for path in [
        "/health/live",
        "/.well-known/oauth-authorization-server",
        "/nothing.js",
    ] {
        assert_not_compressed(&app.get(path, &[accepts]).await);
    }
    let basic = crate::support::basic(client.client.id.as_str(), client.secret.expose());
    let headers = [("authorization", basic.as_str()), accepts];
    let form = "grant_type=client_credentials";
    let issued = app.post("/oauth/token", &headers, form).await;
    assert_eq!(issued.status.as_u16(), 200);
    assert_not_compressed(&issued);
    assert!(!issued.headers.contains_key("vary"));
}
