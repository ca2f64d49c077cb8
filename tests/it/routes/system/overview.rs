//! The overview, the start page.

use chrono::TimeDelta;
use claviger::domain::client::ClientDetails;
use claviger::domain::role::Role;

use super::Browser;
use crate::support::{Fixture, noon, shell};

const OVERVIEW: &str = "/system";

/// What a page shows, without the comments that the framework leaves between texts.
async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.open(path).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    answer.body.replace("<!>", "")
}

#[track_caller]
fn assert_has(page: &str, part: &str) {
    assert!(page.contains(part), "{part} is not in {page}");
}

#[tokio::test]
async fn an_empty_directory_has_an_overview() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = page(&mut browser, OVERVIEW).await;
    assert_has(&page, "Nothing needs attention.");
    assert_has(&page, "No client was used in the last 14 days.");
    assert_has(&page, r#"<a href="/system" aria-current="page">"#);
    assert_has(&page, "http://127.0.0.1:3000/oauth/token");
    assert_has(&page, "2\u{a0}hours");
    assert_has(
        &page,
        "Bar chart: token requests in 14 days: 0 issued, 0 introspected, 0 refused",
    );
    assert!(
        !page.contains("Answer time"),
        "nothing was answered: {page}"
    );
    assert!(!page.contains("style="), "{page}");
}

#[tokio::test]
async fn the_chart_is_of_days_or_of_hours() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    fixture.app().issued(&client, "").await;
    fixture.advance(TimeDelta::days(1));
    for _ in 0..3 {
        fixture.app().issued(&client, "").await;
    }
    fixture.tokens.flush_usage().await.unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let days = page(&mut browser, OVERVIEW).await;
    assert_has(&days, "Answer time, p50 and p99</dt>");
    assert_has(&days, "token requests in 14 days: 4 issued");
    assert_has(
        &days,
        r#"<th scope="row">23 Nov</th><td>1</td><td>0</td><td>0</td>"#,
    );
    assert_has(
        &days,
        r#"<a href="/system?range=14d" aria-current="true">14 days</a>"#,
    );
    let quarter = page(&mut browser, "/system?range=90d").await;
    assert_has(&quarter, "token requests in 90 days: 4 issued");
    let hours = page(&mut browser, "/system?range=24h").await;
    assert_has(&hours, "token requests in 24 hours: 3 issued");
    assert_has(
        &hours,
        r#"<th scope="row">12:00</th><td>3</td><td>0</td><td>0</td>"#,
    );
    assert_has(
        &hours,
        r#"<a href="/system?range=24h" aria-current="true">24 hours</a>"#,
    );
    assert_has(&hours, r#"aria-label="4 token requests in 14 days""#);
}

#[tokio::test]
async fn what_needs_somebody_has_a_way_to_act_for_whoever_may() {
    let fixture = Fixture::new().await;
    let client = fixture.client_of(None, &["system"], &[]).await.client;
    let details = ClientDetails {
        name: "Citizen card <b>".to_owned(),
        expires_at: Some(noon() + TimeDelta::days(20)),
        ..ClientDetails::default()
    };
    let (id, seen) = (client.id.as_str(), client.version);
    let updated = fixture
        .console
        .update_client(&shell(), id, seen, details)
        .await;
    updated.unwrap();
    fixture.advance(TimeDelta::days(8));
    let here = format!("/system/api-clients/{}", client.id);
    let revoke = format!(r#"href="{here}/revoke""#);
    let mut owner = Browser::signed_in(&fixture).await;
    let seen = page(&mut owner, OVERVIEW).await;
    assert_has(&seen, "Citizen card &lt;b&gt;");
    assert_has(&seen, "expires in 12 days. It was never used.");
    assert_has(&seen, "and never used.");
    assert_has(&seen, &revoke);
    assert_has(&seen, r#"href="/system/api-clients/new""#);
    let mut auditor = Browser::of(&fixture, "grace@example.org", Role::Auditor).await;
    let seen = page(&mut auditor, OVERVIEW).await;
    assert_has(&seen, "expires in 12 days.");
    assert_has(&seen, &format!(r#"href="{here}""#));
    assert!(!seen.contains(&revoke), "{seen}");
    assert!(!seen.contains("/system/api-clients/new"), "{seen}");
}

#[tokio::test]
async fn the_newest_changes_are_told_in_words() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    fixture.console.suspend_client(&shell(), id).await.unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let page = page(&mut browser, OVERVIEW).await;
    let link = format!(
        r#"<a href="/system/api-clients/{id}/activity" class="link"><bdi>{}</bdi></a>"#,
        client.name
    );
    for link in [" suspended client ", " created client "].map(|act| act.to_owned() + &link) {
        assert_has(&page, &link);
    }
    assert_has(
        &page,
        r#" created organization <a href="/system/organizations/1" class="link">"#,
    );
    assert_has(&page, " created administrator ");
    assert!(!page.contains("signed in"), "{page}");
}
