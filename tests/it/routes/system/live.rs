//! `/system/live`: the stream of changes.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
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
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::get("/system/live")
        .header(header::COOKIE, cookies.join("; "))
        .header(header::ACCEPT, "text/event-stream")
        .header("sec-fetch-site", "same-origin")
        .body(Body::empty())
        .unwrap();
    let response = browser.app.answer(request).await;
    let (parts, body) = response.into_parts();
    (parts.headers, parts.status.as_u16(), body)
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
    let sent = next(&mut body).await.unwrap();
    let data = sent.trim().strip_prefix("data: ").unwrap();
    let sent: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(sent["about"], format!("client:{}", client.id));
    assert_eq!(sent["mine"], false);
    assert_eq!(sent["by"], shell().reference().name());
    assert!(sent["version"].is_i64());
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
