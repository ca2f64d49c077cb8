//! `/system/organizations`: listed, made, given another host, and restored.

use claviger::domain::role::Role;

use super::{Browser, RefusedPage, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, shell};

const NEW: &str = "/system/organizations/new";

#[tokio::test]
async fn an_organization_is_made_with_a_plain_form() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let answer = browser
        .submit(
            "organizations/create",
            NEW,
            &[
                ("form[name]", " City of Porto "),
                ("form[host]", "Porto.Example"),
            ],
        )
        .await;
    assert_eq!(leads_to(&answer), "/system/organizations?created=1");
    let list = browser.open(&leads_to(&answer)).await;
    assert!(list.body.contains("City of Porto") && list.body.contains("porto.example"));
    assert_eq!(
        fixture
            .database
            .count("organizations WHERE name = 'City of Porto' AND host = 'porto.example'")
            .await,
        1
    );
    assert_eq!(fixture.database.count("audit_events WHERE kind = 'organization.created' AND actor = 'admin:ada@example.org' AND target = 'organization:1'").await, 1);
}

#[tokio::test]
async fn one_that_is_not_filled_in_leads_back_with_what_was_typed() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.organization("City of Porto", "porto.example").await;
    let before = everything(&fixture).await;
    for (name, host, wrong) in [
        ("", "", "name"),
        ("x", "https://basel.example", "host"),
        ("x", "porto.example", "host"),
        ("x", "127.0.0.1:3000", "host"),
    ] {
        let answer = browser
            .submit(
                "organizations/create",
                NEW,
                &[("form[name]", name), ("form[host]", host)],
            )
            .await;
        let RefusedPage { address, fields } = refusal(&answer);
        assert_eq!((address.as_str(), fields[0].as_str()), (NEW, wrong));
        assert!(
            answer.status.as_u16() == 422 && answer.body.contains(&format!(r#"value="{host}""#)),
            "{}",
            answer.body
        );
        assert_refused(
            &browser
                .call(
                    "organizations/create",
                    &[("form[name]", name), ("form[host]", host)],
                )
                .await,
            422,
            wrong,
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn an_archived_one_is_not_offered_any_more() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let id = fixture.organization("Gone with the wind", "").await;
    assert!(
        browser
            .open("/system/organizations")
            .await
            .body
            .contains("Gone with the wind")
    );
    fixture
        .console
        .archive_organization(&shell(), id)
        .await
        .unwrap();
    for page in ["/system/organizations", "/system/api-clients/new"] {
        assert!(
            !browser.open(page).await.body.contains("Gone with the wind"),
            "{page}"
        );
    }
    let id = id.to_string();
    let fields = [
        ("form[name]", "x"),
        ("form[organization_id]", id.as_str()),
        ("form[scopes][]", "blogs"),
    ];
    assert_refused(
        &browser.call("clients/create", &fields).await,
        422,
        "There is no organization 1.",
    );
}

#[tokio::test]
async fn a_host_is_changed_and_taken_away_with_a_plain_form() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let porto = fixture.organization("City of Porto", "porto.example").await;
    let page = format!("/system/organizations/{porto}/host");
    let shown = browser.open(&page).await.body;
    assert!(shown.contains(r#"value="porto.example""#), "{shown}");
    assert!(
        shown.contains("Host of ") && shown.contains("<dialog"),
        "{shown}"
    );
    let id = porto.to_string();
    for (typed, kept, said) in [
        (
            "Bücher.Example.:443",
            "host = 'xn--bcher-kva.example'",
            "xn--bcher-kva.example",
        ),
        ("", "host IS NULL", "has no host of its own"),
    ] {
        let fields = [("form[id]", id.as_str()), ("form[host]", typed)];
        let answer = browser
            .submit("organizations/set-host", &page, &fields)
            .await;
        assert_eq!(leads_to(&answer), "/system/organizations?changed=1");
        let list = browser.open(&leads_to(&answer)).await;
        assert!(list.body.contains(said), "{}", list.body);
        let rows = format!("organizations WHERE id = 1 AND {kept}");
        assert_eq!(fixture.database.count(&rows).await, 1, "{typed}");
    }
    let entries =
        "audit_events WHERE kind = 'organization.host_changed' AND actor = 'admin:ada@example.org'";
    assert_eq!(fixture.database.count(entries).await, 2);
}

#[tokio::test]
async fn a_host_that_cannot_be_leads_back_with_what_was_typed() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.organization("City of Porto", "porto.example").await;
    fixture
        .organization("Canton of Basel", "basel.example")
        .await;
    let page = "/system/organizations/1/host";
    let before = everything(&fixture).await;
    for host in [
        "https://porto.example",
        "basel.example.",
        "BASEL.example:443",
        "porto.example:8443",
        "127.0.0.1",
        "127.0.0.1:3000",
    ] {
        let fields = [("form[id]", "1"), ("form[host]", host)];
        let answer = browser
            .submit("organizations/set-host", page, &fields)
            .await;
        let refused = refusal(&answer);
        assert_eq!(
            (refused.address.as_str(), refused.fields[0].as_str()),
            (page, "host")
        );
        assert!(
            answer.body.contains(&format!(r#"value="{host}""#))
                && answer.body.contains("The host was not changed"),
            "{}",
            answer.body
        );
        let told = browser.call("organizations/set-host", &fields).await;
        assert_refused(&told, 422, "host");
    }
    assert_eq!(everything(&fixture).await, before);
    for page in [
        "/system/organizations/99/host",
        "/system/organizations/x/host",
    ] {
        assert_eq!(browser.open(page).await.status.as_u16(), 404, "{page}");
    }
}

#[tokio::test]
async fn an_archived_one_is_found_and_restored_with_a_plain_form() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let list = "/system/organizations";
    let archived = "/system/organizations/archived";
    let restore = "/system/organizations/1/restore";
    let id = fixture
        .organization("Gone with the wind", "gone.example")
        .await;
    assert!(!browser.open(list).await.body.contains(archived));
    fixture
        .console
        .archive_organization(&shell(), id)
        .await
        .unwrap();
    assert!(
        browser.open(list).await.body.contains(archived),
        "there is a way to it, even from an empty list"
    );
    let page = browser.open(archived).await.body;
    assert!(
        page.contains("Gone with the wind") && page.contains(restore),
        "{page}"
    );
    let host = browser.open("/system/organizations/1/host").await.body;
    assert!(host.contains("archived and can have no host"), "{host}");

    let answer = browser
        .submit("organizations/restore", restore, &[("id", "1")])
        .await;
    assert_eq!(leads_to(&answer), "/system/organizations/1?restored");
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(
        told.contains("was restored") && told.contains("/system/organizations/1/host"),
        "{told}"
    );
    assert!(
        !browser
            .open(archived)
            .await
            .body
            .contains("Gone with the wind")
    );

    let before = everything(&fixture).await;
    let answer = browser
        .submit("organizations/restore", restore, &[("id", "1")])
        .await;
    assert_eq!(refusal(&answer).address, restore);
    let page = &answer.body;
    assert!(page.contains("It is not archived."), "{page}");
    let told = browser.call("organizations/restore", &[("id", "1")]).await;
    assert_refused(&told, 409, "is not archived");
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_viewer_sees_hosts_and_archived_ones_and_changes_neither() {
    let fixture = Fixture::new().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    fixture.organization("City of Porto", "porto.example").await;
    let gone = fixture.organization("Gone with the wind", "").await;
    fixture
        .console
        .archive_organization(&shell(), gone)
        .await
        .unwrap();
    let before = everything(&fixture).await;
    let page = auditor.open("/system/organizations/1/host").await.body;
    assert!(
        page.contains("porto.example")
            && page.contains("not change it")
            && !page.contains("form[host]"),
        "{page}"
    );
    let page = auditor.open("/system/organizations/archived").await.body;
    assert!(
        page.contains("Gone with the wind") && !page.contains("organizations/restore"),
        "{page}"
    );
    let list = auditor.open("/system/organizations").await.body;
    assert!(!list.contains("/system/organizations/1/host"), "{list}");
    for (endpoint, fields) in [
        (
            "organizations/set-host",
            &[("form[id]", "1"), ("form[host]", "x.example")][..],
        ),
        ("organizations/restore", &[("id", "2")]),
    ] {
        assert_eq!(
            auditor.call(endpoint, fields).await.status.as_u16(),
            403,
            "{endpoint}"
        );
    }
    assert_eq!(everything(&fixture).await, before);
}
