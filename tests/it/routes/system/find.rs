//! `/system/find`: clients, organizations, pages and acts by a few words.

use claviger::domain::role::Role;

use super::{Browser, form};
use crate::support::{Fixture, shell};

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
async fn every_page_has_a_name() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    for (words, href) in [
        ("overview", "/system"),
        ("audit", "/system/audit"),
        ("administrators", "/system/administrators"),
        ("account", "/system/account"),
        ("catalogue", "/system/catalogue"),
        ("organizations", "/system/organizations"),
        ("participants", "/system/participants"),
        ("clients", "/system/api-clients"),
        ("new client", "/system/api-clients/new"),
        ("add organization", "/system/organizations/new"),
        ("invite", "/system/administrators/invite"),
    ] {
        let address = format!("/system/find?{}", form(&[("q", words)]));
        let page = owner.open(&address).await.body;
        let found = page.split_once("id=\"found\"").unwrap().1;
        assert!(
            found.contains(&format!("<a href=\"{href}\">")),
            "{words}: {found}"
        );
        assert_eq!(owner.open(href).await.status.as_u16(), 200, "{href}");
    }
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let page = auditor.open("/system/find?q=administrator").await.body;
    assert!(
        page.contains("<a href=\"/system/administrators\">"),
        "{page}"
    );
    assert!(!page.contains("/system/administrators/invite"), "{page}");
}

/// What is found for a verb before the name of a client.
async fn acts(browser: &mut Browser, verb: &str, name: &str) -> Vec<String> {
    let query = form(&[("q", &format!("{verb} {name}"))]);
    let page = browser.open(&format!("/system/find?{query}")).await.body;
    let Some((_, acts)) = page.split_once("aria-label=\"Actions\"") else {
        return Vec::new();
    };
    let acts = acts.split("</section>").next().unwrap();
    let links = acts.split("<a href=\"").skip(1);
    links
        .map(|link| link.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_can_be_done_with_a_client_is_offered_by_its_verb() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id.to_string();
    let page = format!("/system/api-clients/{id}");
    let mut owner = Browser::signed_in(&fixture).await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    for (verb, leads, is_reading) in [
        ("permissions", format!("{page}/permissions"), true),
        ("tokens", format!("{page}/tokens"), true),
        ("activity", format!("{page}/activity"), true),
        ("rotate", format!("{page}/rotate"), false),
        ("suspend", format!("{page}#suspension"), false),
        ("revoke", format!("{page}/revoke"), false),
    ] {
        assert_eq!(acts(&mut owner, verb, "partic").await, [leads], "{verb}");
        let others = acts(&mut auditor, verb, "partic").await;
        assert_eq!(others.len(), usize::from(is_reading), "{verb}: {others:?}");
    }
    assert!(owner.open(&page).await.body.contains("id=\"suspension\""));
    assert!(acts(&mut owner, "resume", "partic").await.is_empty());
    let console = &fixture.console;
    console.suspend_client(&shell(), &id).await.unwrap();
    assert!(acts(&mut owner, "suspend", "partic").await.is_empty());
    let resume = acts(&mut owner, "resume", "partic").await;
    assert_eq!(resume, [format!("{page}#suspension")]);
}

#[tokio::test]
async fn a_manager_may_only_suspend_a_client_of_the_system() {
    let fixture = Fixture::new().await;
    let made = fixture.client_of(None, &["system"], &[]).await;
    let page = format!("/system/api-clients/{}", made.client.id);
    let mut manager = Browser::of(&fixture, "max@example.org", Role::Manager).await;
    for (verb, is_offered) in [("suspend", true), ("rotate", false), ("revoke", false)] {
        let acts = acts(&mut manager, verb, "partic").await;
        assert_eq!(acts.len(), usize::from(is_offered), "{verb}: {acts:?}");
    }
    assert!(manager.open(&page).await.body.contains("Suspend client"));
    let console = &fixture.console;
    console
        .suspend_client(&shell(), made.client.id.as_str())
        .await
        .unwrap();
    assert!(!manager.open(&page).await.body.contains("Resume client"));
}

#[tokio::test]
async fn what_is_looked_for_is_text() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    let page = owner.open("/system/find?q=%3Cb%3Ex%22").await.body;
    assert!(page.contains("Nothing is called"), "{page}");
    assert!(!page.contains("<b>x"), "{page}");
}
