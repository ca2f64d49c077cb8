//! The dialogs that change and revoke a client: what they offer, keep and accept.

use chrono::TimeDelta;
use claviger::domain::client::NewClient;
use serde_json::json;

use super::client_changes::address;
use super::{Browser, leads_to};
use crate::support::{Fixture, new_client, shell};

#[tokio::test]
async fn an_expired_client_can_be_renamed() {
    let fixture = Fixture::new().await;
    let end = "2026-11-24T12:30:00Z";
    let new = NewClient {
        expires_at: Some(end.parse().unwrap()),
        ..new_client(None, &["system"], &[])
    };
    let created = fixture.console.create_client(&shell(), &new, None).await;
    let client = created.unwrap();
    fixture.advance(TimeDelta::days(3));
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open(&address(&client)).await;
    assert!(
        page.body.contains(r#"value="2026-11-24""#) && !page.body.contains(r#" min=""#),
        "the field takes the day that has passed"
    );
    assert!(
        page.body.contains("<dt>Expired</dt>")
            && page.body.contains("Choose a later day under Edit details.")
            && !page.body.contains("Grant permissions"),
        "{}",
        page.body
    );
    let version = client.client.version.to_string();
    let fields = [
        ("form[id]", client.client.id.as_str()),
        ("form[version]", version.as_str()),
        ("form[name]", "Another name"),
        ("form[expires_on]", "2026-11-24"),
    ];
    let answer = browser
        .submit("clients/update", &address(&client), &fields)
        .await;
    assert_eq!(leads_to(&answer), format!("{}?saved", address(&client)));
    let after = fixture.reload(&client.client).await;
    assert_eq!(
        json!([after.name, after.lifecycle.expires_at()]),
        json!(["Another name", end])
    );
}

#[tokio::test]
async fn refused_details_are_kept_and_a_script_opens_their_dialog() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let page = browser.open(&address(&client)).await;
    assert!(!page.body.contains("data-open") && page.body.contains("data-reset"));
    let version = client.client.version.to_string();
    let fields = [
        ("form[id]", client.client.id.as_str()),
        ("form[version]", version.as_str()),
        ("form[name]", "x\u{202E}y"),
        ("form[expires_on]", "2027-06-01"),
        ("form[allow_login]", "on"),
    ];
    let answer = browser
        .submit("clients/update", &address(&client), &fields)
        .await;
    for kept in ["data-open", r#"value="2027-06-01""#, "value=\"x\u{202E}y\""] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    // What was typed is left by loading the page again: a reset would bring it back.
    assert!(!answer.body.contains("data-reset"));
}

#[tokio::test]
async fn a_name_is_confirmed_as_the_page_shows_it() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let new = NewClient {
        name: Some("Neucha\u{302}tel  open\u{A0}data".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    let created = fixture.console.create_client(&shell(), &new, None).await;
    let client = created.unwrap();
    let id = client.client.id.as_str();
    let ask = format!("{}/revoke?from=permissions", address(&client));
    let page = browser.open(&ask).await;
    let back = format!(r#"data-close="{}/permissions""#, address(&client));
    assert!(page.body.contains(&back) && page.body.contains(r"tel\s+open\s+data"));
    let fields = [("id", id), ("confirm", "Neuch\u{E2}tel open data")];
    let answer = browser.submit("clients/revoke", &ask, &fields).await;
    assert_eq!(
        leads_to(&answer),
        format!("/system/api-clients?revoked={id}")
    );
    let answer = browser.submit("clients/revoke", &ask, &fields).await;
    assert!(
        answer.body.contains("This client was revoked by ")
            && !answer.body.contains("/system/do/clients/revoke"),
        "{}",
        answer.body
    );
}
