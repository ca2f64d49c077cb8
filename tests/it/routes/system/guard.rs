//! Who stands before a page, and what becomes of whoever is not signed in.

use axum::http::Method;
use chrono::TimeDelta;
use claviger::domain::ids::OrganizationId;
use claviger::domain::role::Role;
use claviger::ui::addresses::CHANGE_CLIENTS;
use claviger::ui::app;

use super::participants::add;
use super::{Browser, EMAIL, PASSWORD, assert_refused, endpoints, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, secret, shell};

/// The pages that anybody may see.
const OPEN: [&str; 4] = [
    "/docs/api",
    "/system/setup",
    "/system/sign-in",
    "/system/invitation",
];

/// The addresses of all pages, with an id where one belongs.
fn pages(id: &str) -> Vec<String> {
    app::pages()
        .into_iter()
        .map(|(path, _)| {
            let is_client = path.contains("/api-clients/");
            let path = path.replace("{number}", "1");
            path.replace("{id}", if is_client { id } else { "1" })
        })
        .collect()
}

#[tokio::test]
async fn every_page_but_the_doors_needs_a_session() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let mut stranger = Browser::new(&fixture);
    for page in pages(client.client.id.as_str()) {
        let answer = stranger.open(&page).await;
        if OPEN.contains(&page.as_str()) {
            assert_eq!(answer.status.as_u16(), 200, "{page}");
        } else {
            assert_eq!(leads_to(&answer), format!("/system/sign-in?next={page}"));
        }
        assert!(!answer.body.contains("Participation dashboard"), "{page}");
    }
    let answer = stranger.open("/system/nothing/here?a=b&c=d%20e").await;
    assert_eq!(
        leads_to(&answer),
        "/system/sign-in?next=/system/nothing/here%3Fa%3Db%26c%3Dd%2520e"
    );
}

#[tokio::test]
async fn every_page_opens_for_whoever_is_signed_in() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    add(&fixture, OrganizationId(1), "ada").await;
    let mut browser = Browser::signed_in(&fixture).await;
    for page in pages(client.client.id.as_str()) {
        // This page is about an act on clients, which its address names.
        let page = page.replace(
            CHANGE_CLIENTS,
            &format!("{CHANGE_CLIENTS}?do=revoke&client={}", client.client.id),
        );
        let answer = browser.open(&page).await;
        if page == "/system/sign-in" {
            assert_eq!(leads_to(&answer), "/system");
        } else {
            assert_eq!(answer.status.as_u16(), 200, "{page}");
            assert!(
                answer.header("content-type").starts_with("text/html"),
                "{page}"
            );
        }
    }
}

#[tokio::test]
async fn the_bare_address_leads_to_the_overview() {
    let fixture = Fixture::new().await;
    let answer = Browser::new(&fixture).open("/").await;
    assert_eq!(leads_to(&answer), "/system");
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page_without() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for (path, page) in [
        ("/system/", "/system"),
        ("/system/organizations/", "/system/organizations"),
        (
            "/system/api-clients/?q=a%20b",
            "/system/api-clients?q=a%20b",
        ),
        ("/system/sign-in/", "/system/sign-in"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let headers = [("accept", "text/html")];
            let answer = browser.send(method.clone(), path, &headers, "").await;
            assert_eq!(answer.status.as_u16(), 308, "{method} {path}");
            assert_eq!(answer.header("location"), page, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_viewer_is_shown_no_form_that_makes_something() {
    let fixture = Fixture::new().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    for page in [
        "/system/api-clients/new",
        "/system/organizations/new",
        "/system/participants/new",
    ] {
        let answer = auditor.open(page).await;
        assert_eq!(answer.status.as_u16(), 403, "{page}");
        assert!(answer.body.contains("not change it"), "{page}");
        assert!(!answer.body.contains("form[name]"), "{page}");
    }
}

#[tokio::test]
async fn a_dead_session_is_told_apart_from_none() {
    let fixture = Fixture::new().await;
    let ended = "/system/sign-in?next=/system/organizations&ended=1";
    let mut browser = Browser::signed_in(&fixture).await;

    let mut forger = Browser::new(&fixture);
    for id in ["0".repeat(64), "x".to_owned(), "' OR 1=1 --".to_owned()] {
        forger.cookies.insert("claviger".to_owned(), id);
        assert_eq!(leads_to(&forger.open("/system/organizations").await), ended);
    }
    forger.cookies.insert("claviger".to_owned(), String::new());
    assert_eq!(
        leads_to(&forger.open("/system/organizations").await),
        "/system/sign-in?next=/system/organizations"
    );

    fixture.advance(TimeDelta::minutes(29));
    assert_eq!(
        browser.open("/system/organizations").await.status.as_u16(),
        200
    );
    fixture.advance(TimeDelta::minutes(30));
    assert_eq!(
        leads_to(&browser.open("/system/organizations").await),
        ended,
        "idle for half an hour"
    );
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for _ in 0..35 {
        fixture.advance(TimeDelta::minutes(20));
        assert_eq!(
            browser.open("/system/api-clients").await.status.as_u16(),
            200
        );
    }
    fixture.advance(TimeDelta::minutes(20));
    assert_eq!(
        browser
            .call("clients/revoke", &[("id", "id_x")])
            .await
            .status
            .as_u16(),
        401
    );
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture
        .console
        .reset_admin_password(&shell(), EMAIL, &secret("another sentence for the origin"))
        .await
        .unwrap();
    assert_eq!(
        browser
            .call("clients/revoke", &[("id", "id_x")])
            .await
            .status
            .as_u16(),
        401
    );
    assert_eq!(
        leads_to(&browser.open("/system/organizations").await),
        "/system/sign-in?next=/system/organizations&ended=1"
    );
}

#[tokio::test]
async fn a_script_that_is_not_signed_in_is_told_so() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let before = everything(&fixture).await;
    let id = client.client.id.as_str();
    let mut stranger = Browser::new(&fixture);
    for endpoint in endpoints() {
        let fields: &[(&str, &str)] = match endpoint {
            "theme" | "sign-in" | "set-up" | "invitation" => continue,
            "permissions/set" => &[
                ("id", id),
                ("switches[0][permission]", "blogs.read"),
                ("switches[0][on]", "true"),
            ],
            "clients/update" | "clients/rotate" | "clients/label-secret" | "permissions/save" => &[
                ("form[id]", id),
                ("form[version]", "1"),
                ("form[name]", "x"),
            ],
            "organizations/create" => &[("form[name]", "Porto"), ("form[host]", "")],
            "organizations/set-host" => &[("form[id]", "1"), ("form[host]", "x.example")],
            "organizations/rename" => &[("form[id]", "1"), ("form[name]", "x")],
            "permissions/copy" => &[("form[id]", id), ("form[from]", "x")],
            "organizations/archive"
            | "organizations/restore"
            | "participants/block"
            | "participants/unblock"
            | "participants/set-password"
            | "administrators/disable"
            | "administrators/enable"
            | "administrators/end-sessions"
            | "administrators/password-link" => &[("id", "1")],
            "administrators/set-role" => &[("form[id]", "1"), ("form[role]", "owner")],
            "administrators/invite" => &[("form[email]", "x@example.org")],
            "administrators/renew-link" | "administrators/withdraw-link" => {
                &[("email", "x@example.org")]
            }
            "confirm" => &[("form[next]", "/system/organizations"), ("password", "x")],
            "participants/create" => &[("form[organization_id]", "1")],
            "participants/update" => &[("form[id]", "1")],
            _ => &[("id", id), ("number", "1"), ("form[name]", "x")],
        };
        assert_refused(
            &stranger.call(endpoint, fields).await,
            401,
            "sign_in_required",
        );
        let answer = stranger
            .submit(endpoint, "/system/organizations", fields)
            .await;
        if answer.status.as_u16() == 401 {
            // What was typed waits on the sign-in page.
            assert_eq!(refusal(&answer).address, "/system/sign-in", "{endpoint}");
            continue;
        }
        assert_eq!(
            leads_to(&answer),
            "/system/sign-in?next=/system/organizations",
            "{endpoint}"
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn what_does_not_exist_has_a_page_that_says_so() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for path in [
        "/system/api-clients/id_nobody",
        "/system/api-clients/id_nobody/permissions",
        "/system/api-clients/id_nobody/activity",
        "/system/api-clients/id_nobody/revoke",
        "/system/organizations/99",
        "/system/organizations/x",
        "/system/organizations/99/rename",
        "/system/organizations/99/archive",
        "/system/organizations/99/restore",
        "/system/api-clients/id_nobody/rotate",
        "/system/api-clients/id_nobody/secrets/1",
        "/system/api-clients/id_nobody/tokens",
        "/system/api-clients/id_nobody/tokens/revoke",
        "/system/participants/99",
        "/system/participants/x",
        "/system/participants/99/block",
        "/system/administrators/99",
        "/system/administrators/x",
        "/system/nothing",
        "/nothing",
        "/system/do/nothing",
    ] {
        let answer = browser.open(path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert!(answer.body.contains("No page fits this address"), "{path}");
    }
    for path in ["/nothing.js", "/pkg/nothing.wasm", "/favicon.ico"] {
        let answer = browser.app.get(path, &[("accept", "*/*")]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, "text/plain; charset=utf-8"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_the_database_a_page_says_so_and_opens_nothing() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.console.close().await;
    let answer = browser.open("/system/api-clients").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (503, "1")
    );
    assert_eq!(
        browser
            .call("clients/revoke", &[("id", "id_x")])
            .await
            .status
            .as_u16(),
        503
    );
}

#[tokio::test]
async fn a_password_is_not_a_session() {
    let fixture = Fixture::new().await;
    Browser::signed_in(&fixture).await;
    let authorization = crate::support::basic(EMAIL, PASSWORD);
    let answer = fixture
        .app()
        .get(
            "/system/api-clients",
            &[("accept", "text/html"), ("authorization", &authorization)],
        )
        .await;
    assert_eq!(
        leads_to(&answer),
        "/system/sign-in?next=/system/api-clients"
    );
}
