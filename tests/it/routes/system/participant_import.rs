//! The page that imports participants: checked first, then all of them or none.

use std::fmt::Write as _;

use axum::http::Method;
use chrono::TimeDelta;
use claviger::domain::role::Role;

use super::{Browser, FORM, PASSWORD, form, leads_to};
use crate::routes::everything;
use crate::support::{AppResponse, Fixture};

const PAGE: &str = "/system/participants/import?organization=1";
const LIST: &str =
    "nickname,email,name\r\nada,ada@example.org,</textarea>&lt;b>\r\nbea,bea@example.org,\r\n";

async fn porto() -> (Fixture, Browser) {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", "").await;
    let browser = Browser::signed_in(&fixture).await;
    (fixture, browser)
}

async fn send(browser: &mut Browser, step: &str, list: &str) -> AppResponse {
    let body = form(&[("form[form_key]", "key"), ("step", step), ("list", list)]);
    post(browser, "same-origin", &body).await
}

async fn post(browser: &mut Browser, site: &str, body: &str) -> AppResponse {
    let headers = [
        ("accept", "text/html"),
        ("accept-encoding", "gzip"),
        ("content-type", FORM),
        ("sec-fetch-site", site),
    ];
    browser.send(Method::POST, PAGE, &headers, body).await
}

/// The list that a page has in its field.
fn listed(page: &AppResponse) -> &str {
    let field = page.body.split_once("<textarea").unwrap().1;
    let text = field.split_once('>').unwrap().1;
    text.split_once("</textarea>").unwrap().0
}

#[tokio::test]
async fn a_list_is_checked_and_then_imported_once() {
    let (fixture, mut browser) = porto().await;
    let page = browser.open(PAGE).await;
    assert!(page.body.contains("Preview") && page.body.contains("form[form_key]"));
    let before = everything(&fixture).await;
    let preview = send(&mut browser, "preview", LIST).await;
    assert_eq!(preview.status.as_u16(), 200);
    assert_eq!(preview.header("cache-control"), "no-store, no-transform");
    assert!(!preview.headers.contains_key("content-encoding"));
    for said in [
        "Import 2 participants",
        "Nothing has been written yet.",
        "&lt;/textarea&gt;&amp;lt;b&gt;",
        "bea@example.org",
        r#"value="key""#,
    ] {
        assert!(preview.body.contains(said), "{said}: {}", preview.body);
    }
    let again = LIST.replace('&', "&amp;").replace('<', "&lt;");
    assert_eq!(listed(&preview), format!("\n{again}"));
    assert_eq!(everything(&fixture).await, before);

    let edit = send(&mut browser, "edit", LIST).await;
    assert_eq!(edit.status.as_u16(), 200);
    assert_eq!(listed(&edit), format!("\n{again}"));
    for _ in 0..2 {
        let done = send(&mut browser, "import", LIST).await;
        let list = "/system/participants?organization=1&imported=2";
        assert_eq!(leads_to(&done), list);
    }
    assert_eq!(fixture.database.count("participants").await, 2);
    let other = "nickname,email\ncid,cid@example.org";
    let conflict = send(&mut browser, "import", other).await;
    assert_eq!(conflict.status.as_u16(), 409, "the key is used");
    assert_eq!(fixture.database.count("participants").await, 2);
}

#[tokio::test]
async fn the_password_is_asked_for_before_there_is_a_list() {
    let (fixture, mut browser) = porto().await;
    fixture.advance(TimeDelta::minutes(10));
    let confirm = "/system/confirm?next=/system/participants/import%3Forganization%3D1";
    assert_eq!(leads_to(&browser.open(PAGE).await), confirm);
    let fields = [("form[next]", PAGE), ("password", PASSWORD)];
    let back = browser.submit("confirm", "/system/confirm", &fields).await;
    assert_eq!(leads_to(&back), PAGE);
    assert_eq!(browser.open(PAGE).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_list_outlives_the_proof_of_the_password() {
    let (fixture, mut browser) = porto().await;
    fixture.advance(TimeDelta::minutes(10));
    let preview = send(&mut browser, "preview", LIST).await;
    assert_eq!(preview.status.as_u16(), 200, "checking needs no password");
    let before = everything(&fixture).await;
    let asked = send(&mut browser, "import", LIST).await;
    assert_eq!(asked.status.as_u16(), 403);
    assert_eq!(asked.header("cache-control"), "no-store, no-transform");
    let link = "href=\"/system/confirm?next=/system/participants/import%3Forganization%3D1\"";
    assert!(asked.body.contains(link), "{}", asked.body);
    assert_eq!(listed(&asked), listed(&preview), "the list is kept");
    assert!(asked.body.contains(r#"value="key""#));
    assert_eq!(everything(&fixture).await, before);
    let fields = [("form[next]", PAGE), ("password", PASSWORD)];
    browser.submit("confirm", "/system/confirm", &fields).await;
    let done = send(&mut browser, "import", LIST).await;
    let list = "/system/participants?organization=1&imported=2";
    assert_eq!(leads_to(&done), list);
}

#[tokio::test]
async fn what_is_wrong_is_said_by_line_and_nothing_is_imported() {
    let (fixture, mut browser) = porto().await;
    let before = everything(&fixture).await;
    let list = "nickname,email\nada,ada@example.org\n\na b,ada@example.org\ncid\n";
    for step in ["preview", "import"] {
        let answer = send(&mut browser, step, list).await;
        assert_eq!(answer.status.as_u16(), 422, "{step}");
        for said in [
            "Line 4, nickname: ",
            "Line 5: ",
            "The line does not have 2 fields but 1.",
            "2 things are wrong",
        ] {
            assert!(answer.body.contains(said), "{said}: {}", answer.body);
        }
        assert_eq!(listed(&answer), format!("\n{list}"));
    }
    for (list, said) in [
        ("", "The file has no participant."),
        ("nickname;email\nada;a@b", "is no column of participants"),
    ] {
        let answer = send(&mut browser, "preview", list).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.body.contains(r#"id="list-error""#));
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_list_has_its_bounds() {
    let (fixture, mut browser) = porto().await;
    let before = everything(&fixture).await;
    let mut many = "nickname,email,name,password\n".to_owned();
    for number in 0..=500 {
        writeln!(many, "p{number},p{number}@b,,a sentence of one").unwrap();
    }
    let long = "x".repeat(256 * 1024 + 1);
    for list in [&many, &long, &"y".repeat(3_000_000)] {
        let answer = send(&mut browser, "import", list).await;
        assert_eq!(answer.status.as_u16(), 422);
        let said = "This page takes at most 256 KiB and 500 passwords at once.";
        assert!(answer.body.contains(said), "{}", &answer.body[..400]);
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn only_a_page_of_ours_and_who_may_change_participants_imports() {
    let (fixture, mut browser) = porto().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let before = everything(&fixture).await;
    let body = form(&[("step", "import"), ("list", LIST)]);
    for site in ["cross-site", "same-site"] {
        let answer = post(&mut browser, site, &body).await;
        assert_eq!(answer.status.as_u16(), 403, "{site}");
    }
    let mut stranger = Browser::new(&fixture);
    let answer = post(&mut stranger, "same-origin", &body).await;
    assert_eq!(
        leads_to(&answer),
        "/system/sign-in?next=/system/participants/import%3Forganization%3D1"
    );
    for answer in [
        auditor.open(PAGE).await,
        post(&mut auditor, "same-origin", &body).await,
    ] {
        assert_eq!(answer.status.as_u16(), 403);
        assert!(answer.body.contains("not change it"));
        assert!(!answer.body.contains("<textarea"));
    }
    assert_eq!(everything(&fixture).await, before);
}
