//! `/system/find`: clients, organizations, pages and acts by a few words.

use claviger::domain::role::Role;

use super::Browser;
use crate::support::Fixture;

#[tokio::test]
async fn what_is_found_leads_on() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    let mut owner = Browser::signed_in(&fixture).await;
    let page = owner.open("/system/find?q=partic").await.body;
    assert!(
        page.contains(&format!("<a href=\"/system/api-clients/{id}\">")),
        "{page}"
    );
    let page = owner.open("/system/find?q=revoke+partic").await.body;
    assert!(
        page.contains(&format!("<a href=\"/system/api-clients/{id}/revoke\">")),
        "{page}"
    );
    let page = owner.open("/system/find?q=new+cl").await.body;
    assert!(
        page.contains("<a href=\"/system/api-clients/new\">"),
        "{page}"
    );
}

#[tokio::test]
async fn acts_are_offered_to_whoever_may() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let revoke = format!("{}/revoke", client.id);
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let page = auditor.open("/system/find?q=revoke+partic").await.body;
    assert!(!page.contains(&revoke), "{page}");
    let page = auditor.open("/system/find").await.body;
    assert!(
        page.contains("<a href=\"/system/organizations\">"),
        "{page}"
    );
    assert!(
        !page.contains("<a href=\"/system/api-clients/new\">"),
        "{page}"
    );
}

#[tokio::test]
async fn what_is_looked_for_is_text() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    let page = owner.open("/system/find?q=%3Cb%3Ex%22").await.body;
    assert!(page.contains("Nothing is called"), "{page}");
    assert!(!page.contains("<b>x"), "{page}");
}
