//! `/system/organizations/:id`: shown, renamed, archived and restored with what follows from it.

use claviger::domain::role::Role;

use super::{Browser, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, shell};

#[tokio::test]
async fn a_page_leads_to_what_belongs_to_the_organization() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let list = browser.open("/system/organizations").await.body;
    assert!(list.contains(r#"href="/system/organizations/1""#), "{list}");
    let page = browser.open("/system/organizations/1").await.body;
    for part in [
        "City of Porto",
        "/system/api-clients?organization=1",
        "/system/participants?organization=1",
        "/system/api-clients/new?organization=1",
        "/system/organizations/1/rename",
        "/system/organizations/1/host?from=page",
        "/system/organizations/1/archive",
        &format!("/system/api-clients/{}", made.client.id),
        "/system/audit?organization=1",
        "<bdi>tester on the server</bdi></strong> created client",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("/system/organizations/1/restore"), "{page}");
}

#[tokio::test]
async fn a_name_is_changed_with_a_plain_form_unless_somebody_was_faster() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = "/system/organizations/1/rename";
    let version = async || {
        let found = fixture.console.get_organization(&shell(), porto).await;
        found.unwrap().version.to_string()
    };
    let first = version().await;
    let fields = |version, name| {
        [
            ("form[id]", "1"),
            ("form[version]", version),
            ("form[name]", name),
        ]
    };
    let sent = fields(&first, " City of Porto ");
    let answer = browser.submit("organizations/rename", page, &sent).await;
    assert_eq!(leads_to(&answer), "/system/organizations/1?renamed");
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(told.contains("It is called "), "{told}");
    let before = everything(&fixture).await;
    let late = fields(&first, "Too late");
    let answer = browser.submit("organizations/rename", page, &late).await;
    assert_eq!(answer.status.as_u16(), 409);
    assert_eq!(refusal(&answer).address, page);
    let body = &answer.body;
    assert!(
        body.contains("ada@example.org changed this organization") && body.contains("Too late"),
        "{body}"
    );
    let now = version().await;
    let empty = fields(&now, "  ");
    let answer = browser.submit("organizations/rename", page, &empty).await;
    assert_eq!(refusal(&answer).fields, ["name"]);
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn archiving_says_what_ends_and_asks_for_the_name() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    fixture.client_of(Some(porto), &["blogs"], &[]).await;
    let made = fixture.client_of(Some(porto), &["blogs"], &[]).await;
    fixture.app().issued(&made, "").await;
    fixture.tokens.flush_usage().await.unwrap();
    super::super::system::participants::add(&fixture, porto, "ada").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = "/system/organizations/1/archive";
    let asked = browser.open(page).await.body;
    let (_, dialog) = asked.split_once("<dialog").unwrap();
    for part in [
        "2 working clients stop at once",
        "One client was used in the last 14 days",
        made.client.name.as_str(),
        "1 participant",
        "porto.example",
        "pattern=",
    ] {
        assert!(dialog.contains(part), "{part}\n{dialog}");
    }
    let before = everything(&fixture).await;
    let wrong = [("id", "1"), ("confirm", "porto")];
    let answer = browser.submit("organizations/archive", page, &wrong).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(answer.body.contains("That is not the name. Type Porto."));
    assert_eq!(everything(&fixture).await, before);
    let right = [("id", "1"), ("confirm", " Porto ")];
    let answer = browser.submit("organizations/archive", page, &right).await;
    assert_eq!(leads_to(&answer), "/system/organizations/1?archived");
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(told.contains("was archived.") && told.contains("/system/organizations/1/restore"));
    let told = browser.call("organizations/archive", &right).await;
    assert_refused(&told, 409, "was archived before");
    let again = browser.open(page).await.body;
    assert!(again.contains("It is archived already."), "{again}");
}

#[tokio::test]
async fn restoring_says_what_works_again() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.organization_id.unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let page = "/system/organizations/1/restore";
    let early = browser.open(page).await.body;
    assert!(early.contains("It is not archived."), "{early}");
    let archived = fixture.console.archive_organization(&shell(), id).await;
    archived.unwrap();
    let asked = browser.open(page).await.body;
    for part in [
        "One client works again",
        "Tokens from before do not work again",
    ] {
        assert!(asked.contains(part), "{part}\n{asked}");
    }
    let fields = [("id", "1")];
    let answer = browser.submit("organizations/restore", page, &fields).await;
    assert_eq!(leads_to(&answer), "/system/organizations/1?restored");
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(told.contains("was restored."), "{told}");
}

#[tokio::test]
async fn a_host_that_is_changed_on_the_page_leads_back_to_it() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "porto.example").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = "/system/organizations/1/host?from=page";
    let asked = browser.open(page).await.body;
    assert!(asked.contains(r#"data-close="/system/organizations/1""#));
    let fields = |host| [("form[id]", "1"), ("form[host]", host), ("from", "page")];
    let wrong = fields("a b");
    let answer = browser.submit("organizations/set-host", page, &wrong).await;
    assert!(
        answer
            .body
            .contains(r#"data-close="/system/organizations/1""#)
    );
    let right = fields("city.example");
    let answer = browser.submit("organizations/set-host", page, &right).await;
    assert_eq!(leads_to(&answer), "/system/organizations/1?changed");
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(told.contains("has the host"), "{told}");
}

#[tokio::test]
async fn an_auditor_sees_the_page_and_changes_nothing() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "porto.example").await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let before = everything(&fixture).await;
    let page = auditor.open("/system/organizations/1").await.body;
    assert!(page.contains("porto.example") && !page.contains("/system/organizations/1/"));
    for dialog in ["rename", "archive", "host?from=page"] {
        let page = auditor
            .open(&format!("/system/organizations/1/{dialog}"))
            .await;
        let said = page.body.contains("not change it") && !page.body.contains("organizations/do");
        assert!(said && !page.body.contains("<form method=\"post\" class=\"pad\""));
    }
    for (endpoint, fields) in [
        (
            "organizations/rename",
            &[("form[id]", "1"), ("form[name]", "x")][..],
        ),
        (
            "organizations/archive",
            &[("id", "1"), ("confirm", "Porto")],
        ),
    ] {
        let answer = auditor.call(endpoint, fields).await;
        assert_eq!(answer.status.as_u16(), 403, "{endpoint}");
    }
    assert_eq!(everything(&fixture).await, before);
}
