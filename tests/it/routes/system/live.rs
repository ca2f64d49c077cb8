//! `/system/live`: the stream of changes.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::Browser;
use crate::support::{Fixture, shell};

/// The next lines of a stream, when some come.
async fn next(body: &mut Body) -> Option<String> {
    let frame = timeout(Duration::from_secs(5), body.frame()).await.ok()??;
    let bytes = frame.unwrap().into_data().unwrap();
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

async fn open(browser: &Browser) -> (axum::http::HeaderMap, u16, Body) {
    follow(browser, "/system/live").await
}

/// The request of a browser that follows.
fn request(browser: &Browser, address: &str) -> axum::http::request::Builder {
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Request::get(address)
        .header(header::COOKIE, cookies.join("; "))
        .header(header::ACCEPT, "text/event-stream")
        .header("sec-fetch-site", "same-origin")
}

/// The same at an address.
async fn follow(browser: &Browser, address: &str) -> (axum::http::HeaderMap, u16, Body) {
    let request = request(browser, address).body(Body::empty()).unwrap();
    let response = browser.app.answer(request).await;
    let (parts, body) = response.into_parts();
    (parts.headers, parts.status.as_u16(), body)
}

/// A change and its id.
fn change(event: &str) -> (serde_json::Value, i64) {
    let (id, data) = event.trim().split_once("\ndata: ").unwrap();
    let id = id.strip_prefix("id: ").unwrap();
    (serde_json::from_str(data).unwrap(), id.parse().unwrap())
}

/// The value of an attribute of a page.
fn attribute<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

#[tokio::test]
async fn what_a_page_missed_arrives_first() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    let mut browser = Browser::signed_in(&fixture).await;
    for path in [
        "/system/api-clients".to_owned(),
        format!("/system/api-clients/{id}"),
    ] {
        let page = browser.open(&path).await.body;
        let since = attribute(&page, "data-since");
        // Between the page and its stream.
        fixture.console.suspend_client(&shell(), id).await.unwrap();
        fixture.console.resume_client(&shell(), id).await.unwrap();
        let address = format!("/system/live?show={id}&since={since}");
        let (_, _, mut body) = follow(&browser, &address).await;
        let (_, first) = change(&next(&mut body).await.unwrap());
        assert_eq!(first, since.parse::<i64>().unwrap() + 1, "{path}");
        // A browser that connects again does so at the same address, with the id of the last event.
        let request = request(&browser, &address).header("last-event-id", first.to_string());
        let response = browser
            .app
            .answer(request.body(Body::empty()).unwrap())
            .await;
        let (_, second) = change(&next(&mut response.into_body()).await.unwrap());
        assert_eq!(second, first + 1, "{path}");
    }
}

#[tokio::test]
async fn a_change_arrives_and_says_whose_it_is() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let browser = Browser::signed_in(&fixture).await;
    let (headers, status, mut body) = open(&browser).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(headers["x-accel-buffering"], "no");
    assert!(headers.get(header::CONTENT_ENCODING).is_none());
    let cache = headers[header::CACHE_CONTROL].to_str().unwrap();
    assert!(cache.contains("no-"), "{cache}");

    let console = &fixture.console;
    console.publish_changes().await.unwrap();
    console
        .suspend_client(&shell(), client.id.as_str())
        .await
        .unwrap();
    console.publish_changes().await.unwrap();
    let (sent, _) = change(&next(&mut body).await.unwrap());
    assert_eq!(sent["about"], format!("client:{}", client.id));
    assert_eq!(sent["mine"], false);
    assert_eq!(sent["by"], "tester on the server");
    assert!(sent["version"].is_i64());
}

#[tokio::test]
async fn the_use_of_shown_clients_arrives_as_the_page_shows_it() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let mut browser = Browser::signed_in(&fixture).await;
    let address = format!("/system/live?show=%3Cb%3E,id_of_nobody_at_all,{id}");
    let (_, status, mut body) = follow(&browser, &address).await;
    assert_eq!(status, 200);
    fixture.console.publish_uses().await.unwrap();
    browser.app.issued(&made, "").await;
    fixture.tokens.flush_usage().await.unwrap();
    fixture.console.publish_uses().await.unwrap();
    let sent = next(&mut body).await.unwrap();
    let (event, data) = sent.trim().split_once("\ndata: ").unwrap();
    assert_eq!(event, "event: use");
    let cells: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(cells.as_array().unwrap().len(), 1, "{cells}");
    assert_eq!(cells[0]["client"], id);
    let (used, requests) = (&cells[0]["last_used"], &cells[0]["requests"]);
    assert!(
        used.as_str().unwrap().ends_with(">Just now</time>"),
        "{used}"
    );
    let list = browser.open("/system/api-clients").await.body;
    let page = browser
        .open(&format!("/system/api-clients/{id}"))
        .await
        .body;
    for page in [list, page] {
        let of = |name: &str| {
            let (_, rest) = page.split_once(name).unwrap();
            rest.split_once('>').unwrap().1.to_owned()
        };
        assert!(
            of("data-last-used")
                .trim_start()
                .starts_with(used.as_str().unwrap())
        );
        let drawing = of("data-requests");
        let label = "aria-label=\"1 token request in 14 days\"";
        assert!(
            drawing.split("</svg>").next().unwrap().contains(label),
            "{drawing}"
        );
        assert!(requests.as_str().unwrap().contains(label), "{requests}");
    }
}

#[tokio::test]
async fn opening_a_stream_is_no_use_of_the_session() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for _ in 0..2 {
        fixture.advance(chrono::TimeDelta::minutes(14));
        let (_, status, _) = open(&browser).await;
        assert_eq!(status, 200);
    }
    fixture.advance(chrono::TimeDelta::minutes(2));
    let page = browser.open("/system").await;
    assert_eq!(page.status.as_u16(), 303, "30 minutes without use");
}

#[tokio::test]
async fn what_a_page_loads_by_itself_takes_no_shown_secret() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = format!("/system/api-clients/{}", made.client.id);
    let fields = [("id", made.client.id.as_str()), ("number", "1")];
    browser
        .submit("clients/reveal-secret", &page, &fields)
        .await;
    let background = [("accept", "text/html"), ("claviger-background", "1")];
    let loaded = browser.send(Method::GET, &page, &background, "").await;
    assert!(!loaded.body.contains(made.secret.expose()));
    assert!(
        browser
            .open(&page)
            .await
            .body
            .contains(made.secret.expose())
    );
}

#[tokio::test]
async fn a_stream_ends_with_the_server() {
    let fixture = Fixture::new().await;
    let browser = Browser::signed_in(&fixture).await;
    let (_, status, mut body) = open(&browser).await;
    assert_eq!(status, 200);
    fixture.console.close_live();
    let end = timeout(Duration::from_secs(5), body.frame()).await;
    assert!(end.unwrap().is_none());
    let (_, status, _) = open(&browser).await;
    assert_eq!(status, 503);
}

#[tokio::test]
async fn strangers_follow_nothing() {
    let fixture = Fixture::new().await;
    let (headers, status, _) = open(&Browser::new(&fixture)).await;
    assert_eq!(status, 303);
    assert_eq!(
        headers[header::LOCATION],
        "/system/sign-in?next=/system/live"
    );
}
