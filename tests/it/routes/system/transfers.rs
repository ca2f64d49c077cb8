//! Files that are being sent: the page that asked for one learns how far it is, and can end it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use claviger::domain::role::Role;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Browser, FORM, form};
use crate::support::{Fixture, shell};

const LIST: &str = "/system/api-clients";
const FIRST: &str = "/system/transfers/first";

/// A fixture with so many clients that their list takes several parts, and the browser of an owner.
async fn many() -> (Fixture, Browser) {
    let fixture = Fixture::new().await;
    let console = &fixture.console;
    console.fill_demo(&shell(), 600, 7, |_| {}).await.unwrap();
    let browser = Browser::signed_in(&fixture).await;
    (fixture, browser)
}

/// Begins an export, and has read nothing of it.
async fn export(browser: &Browser, address: &str, fields: &[(&str, &str)]) -> Body {
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::post(address)
        .header(header::COOKIE, cookies.join("; "))
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, FORM)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form(fields)))
        .unwrap();
    let response = browser.app.answer(request).await;
    assert_eq!(response.status().as_u16(), 200);
    response.into_body()
}

/// Reads a file to its end, or to where it breaks off.
async fn read(body: &mut Body) -> Result<String, axum::Error> {
    let mut text = String::new();
    while let Some(frame) = body.frame().await {
        text.push_str(std::str::from_utf8(&frame?.into_data().unwrap()).unwrap());
    }
    Ok(text)
}

async fn ask(browser: &mut Browser, method: Method, address: &str) -> Value {
    let headers = [
        ("accept", "application/json"),
        ("claviger-background", "1"),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = browser.send(method, address, &headers, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    serde_json::from_str(&answer.body).unwrap()
}

/// Asks until a transfer has ended.
async fn end(browser: &mut Browser, address: &str) -> Value {
    let asked = async {
        loop {
            let progress = ask(browser, Method::GET, address).await;
            if progress["state"] != "sending" {
                return progress;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(5), asked).await.unwrap()
}

#[tokio::test]
async fn a_page_follows_its_file_to_the_end() {
    let (fixture, mut browser) = many().await;
    let mut body = export(&browser, LIST, &[("transfer", "first")]).await;
    let begun = ask(&mut browser, Method::GET, FIRST).await;
    assert_eq!(begun["state"], "sending", "{begun}");
    assert_eq!(begun["rows"], 0, "nothing was read: {begun}");
    let file = read(&mut body).await.unwrap();
    let ended = end(&mut browser, FIRST).await;
    let rows = file.lines().count() - 1;
    assert_eq!(
        (&ended["state"], &ended["rows"]),
        (&json!("complete"), &json!(rows))
    );
    assert!(ended["thousandths"].as_i64().unwrap() > 900, "{ended}");
    assert!(rows > 500);

    let log = "/system/audit/export";
    let fields = [("format", "ndjson"), ("transfer", "log")];
    let file = read(&mut export(&browser, log, &fields).await)
        .await
        .unwrap();
    let ended = end(&mut browser, "/system/transfers/log").await;
    assert_eq!(ended["rows"], file.lines().count());
    assert_eq!(ended["state"], "complete");
    drop(fixture);
}

#[tokio::test]
async fn a_file_that_nobody_reads_on_has_broken_off() {
    let (_fixture, mut browser) = many().await;
    let mut body = export(&browser, LIST, &[("transfer", "first")]).await;
    body.frame().await.unwrap().unwrap();
    drop(body);
    assert_eq!(end(&mut browser, FIRST).await["state"], "broken");
}

#[tokio::test]
async fn a_file_whose_end_nobody_takes_has_broken_off() {
    let (_fixture, mut browser) = many().await;
    let mut body = export(&browser, LIST, &[("transfer", "first")]).await;
    for part in ["the head", "250 rows", "250 rows", "the last rows"] {
        body.frame().await.expect(part).expect(part);
    }
    let asked = ask(&mut browser, Method::GET, FIRST).await;
    assert_eq!(asked["state"], "sending", "{asked}");
    drop(body);
    assert_eq!(end(&mut browser, FIRST).await["state"], "broken");
}

#[tokio::test]
async fn a_cancelled_file_does_not_look_whole() {
    let (_fixture, mut browser) = many().await;
    let mut body = export(&browser, LIST, &[("transfer", "first")]).await;
    body.frame().await.unwrap().unwrap();
    ask(&mut browser, Method::POST, FIRST).await;
    assert!(read(&mut body).await.is_err(), "the answer breaks off");
    assert_eq!(end(&mut browser, FIRST).await["state"], "cancelled");
}

#[tokio::test]
async fn a_transfer_is_of_one_session() {
    let (fixture, mut browser) = many().await;
    let mut other = Browser::of(&fixture, "bea@example.org", Role::Owner).await;
    let mut body = export(&browser, LIST, &[("transfer", "first")]).await;
    assert_eq!(ask(&mut other, Method::GET, FIRST).await, Value::Null);
    assert_eq!(ask(&mut other, Method::POST, FIRST).await, Value::Null);
    let unknown = "/system/transfers/unknown";
    assert_eq!(ask(&mut browser, Method::GET, unknown).await, Value::Null);
    let foreign = [
        ("accept", "application/json"),
        ("sec-fetch-site", "cross-site"),
    ];
    let refused = browser.send(Method::POST, FIRST, &foreign, "").await;
    assert_eq!(refused.status.as_u16(), 403);
    assert!(read(&mut body).await.is_ok(), "nobody else ended it");
}
