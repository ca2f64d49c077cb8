//! `/system/api-clients/:id`: a client is changed and revoked with plain forms.

use chrono::TimeDelta;
use claviger::domain::client::NewClient;
use claviger::domain::role::Role;
use claviger::service::CreatedClient;
use serde_json::json;

use super::{Browser, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, new_client, shell};

const NEW: &str = "/system/api-clients/new";

pub(super) fn address(client: &CreatedClient) -> String {
    format!("/system/api-clients/{}", client.client.id)
}

#[tokio::test]
async fn details_change_and_the_page_says_so() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let version = client.client.version.to_string();
    fixture.advance(TimeDelta::seconds(1));
    let fields = [
        ("form[id]", client.client.id.as_str()),
        ("form[version]", &version),
        ("form[name]", "Another name"),
        ("form[expires_on]", "2027-06-01"),
        ("form[allow_login]", "on"),
    ];
    let answer = browser
        .submit("clients/update", &address(&client), &fields)
        .await;
    assert_eq!(leads_to(&answer), format!("{}?saved", address(&client)));
    let page = browser.open(&leads_to(&answer)).await;
    assert!(page.body.contains("Another name") && page.body.contains("Details saved."));
    let after = fixture.reload(&client.client).await;
    assert_eq!(
        json!([after.name, after.permissions, after.lifecycle.expires_at()]),
        json!(["Another name", ["oauth.login"], "2027-06-01T00:00:00Z"])
    );

    let late = browser
        .submit("clients/update", &address(&client), &fields)
        .await;
    assert_eq!(refusal(&late).address, address(&client));
    assert!(
        late.body
            .contains("ada@example.org changed this client at 12:00 UTC"),
        "{}",
        late.body
    );
    assert_refused(
        &browser.call("clients/update", &fields).await,
        409,
        "Nothing was saved.",
    );
    assert_eq!(fixture.reload(&client.client).await, after);
}

#[tokio::test]
async fn every_detail_that_is_wrong_is_named() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let version = client.client.version.to_string();
    for day in ["tomorrow", "2026-11-23", "+12345-01-01"] {
        let fields = [
            ("form[id]", client.client.id.as_str()),
            ("form[version]", &version),
            ("form[name]", " "),
            ("form[expires_on]", day),
        ];
        let answer = browser
            .submit("clients/update", &address(&client), &fields)
            .await;
        assert_eq!(answer.status.as_u16(), 422, "{day}");
        assert!(
            answer
                .body
                .contains("The details were not saved: 2 answers need attention"),
            "{day}: {}",
            answer.body
        );
        // The fields are in a dialog that is closed; the button that opens it is not.
        assert_eq!(answer.body.matches(r##"href="#edit-opener""##).count(), 2);
        assert!(answer.body.contains(r#"id="edit-opener""#));
        let text = answer.body.replace("<!>", "").replace("<!---->", "");
        assert!(
            text.contains(">Name: Give it a name.</a>") && text.contains(">Expires on: "),
            "{day}: {text}"
        );
    }
    let after = fixture.reload(&client.client).await;
    assert_eq!(after, client.client);
}

#[tokio::test]
async fn a_client_ends_when_its_name_is_typed() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    let id = client.client.id.as_str();
    let ask = format!("{}/revoke", address(&client));
    let before = everything(&fixture).await;
    for typed in ["", "participation dashboard", ".*", "%", id] {
        let answer = browser
            .submit("clients/revoke", &ask, &[("id", id), ("confirm", typed)])
            .await;
        assert_eq!(refusal(&answer).address, ask);
        assert!(answer.body.contains("That is not the name."), "{typed}");
    }
    assert_eq!(everything(&fixture).await, before);
    assert_eq!(
        fixture.app().introspect(&client, &token).await["active"],
        true
    );

    let answer = browser
        .submit(
            "clients/revoke",
            &ask,
            &[("id", id), ("confirm", " Participation dashboard ")],
        )
        .await;
    assert_eq!(
        leads_to(&answer),
        format!("/system/api-clients?revoked={id}")
    );
    assert_eq!(fixture.app().token(&client, "").await.status.as_u16(), 401);
    let list = browser.open(&leads_to(&answer)).await;
    assert!(list.body.contains("revoked"), "the list says so");
    let twice = browser
        .call(
            "clients/revoke",
            &[("id", id), ("confirm", "Participation dashboard")],
        )
        .await;
    assert_refused(&twice, 409, "was revoked by ada@example.org");
    let page = browser.open(&address(&client)).await;
    assert!(page.status.as_u16() == 200 && !page.body.contains("reveal-secret"));
}

/// A change for every endpoint that makes one, and what only those may see who make changes.
fn changes<'a>(
    id: &'a str,
    version: &'a str,
    number: &'a str,
) -> Vec<(&'static str, Vec<(&'static str, &'a str)>)> {
    vec![
        (
            "clients/create",
            vec![
                ("form[name]", "x"),
                ("form[scopes][]", "system"),
                ("form[expiry]", "never"),
            ],
        ),
        (
            "clients/update",
            vec![
                ("form[id]", id),
                ("form[version]", version),
                ("form[name]", "x"),
            ],
        ),
        (
            "clients/reveal-secret",
            vec![("id", id), ("number", number)],
        ),
        (
            "clients/revoke",
            vec![("id", id), ("confirm", "Participation dashboard")],
        ),
        (
            "permissions/set",
            vec![
                ("id", id),
                ("switches[0][permission]", "blogs.read"),
                ("switches[0][on]", "true"),
            ],
        ),
        (
            "permissions/save",
            vec![("form[id]", id), ("form[granted][]", "blogs.read")],
        ),
        (
            "organizations/create",
            vec![("form[name]", "x"), ("form[host]", "")],
        ),
    ]
}

#[tokio::test]
async fn the_name_is_compared_as_text() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let new = NewClient {
        name: Some("A.*[b](c)? $^|\\ %_".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    let created = fixture.console.create_client(&shell(), &new, None).await;
    let id = created.unwrap().client.id.to_string();
    let before = everything(&fixture).await;
    for typed in [
        "",
        ".*",
        "Axx[b](c)? $^|\\ %_",
        "a.*[b](c)? $^|\\ %_",
        "A.*[b](c)? $^|\\",
        "%",
    ] {
        let fields = [("id", id.as_str()), ("confirm", typed)];
        let answer = browser.call("clients/revoke", &fields).await;
        assert_refused(&answer, 422, r#""field":"confirm""#);
    }
    assert_eq!(everything(&fixture).await, before);
    let fields = [("id", id.as_str()), ("confirm", "  A.*[b](c)? $^|\\ %_ ")];
    let answer = browser.call("clients/revoke", &fields).await;
    assert!(
        answer.status.is_success() || answer.status.is_redirection(),
        "{answer:?}"
    );
    let fields = [("id", id.as_str()), ("confirm", "whatever")];
    let answer = browser.call("clients/revoke", &fields).await;
    assert_refused(&answer, 409, "was revoked by ada@example.org");
}

#[tokio::test]
async fn a_client_that_ends_on_the_same_day_ends_at_the_same_time() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let end = "2026-11-23T12:30:00Z";
    let new = NewClient {
        expires_at: Some(end.parse().unwrap()),
        ..new_client(None, &["system"], &[])
    };
    let created = fixture.console.create_client(&shell(), &new, None).await;
    let client = created.unwrap();
    let (id, version) = (client.client.id.as_str(), client.client.version.to_string());
    let fields = [
        ("form[id]", id),
        ("form[version]", version.as_str()),
        ("form[name]", "Another name"),
        ("form[expires_on]", "2026-11-23"),
    ];
    browser
        .submit("clients/update", &address(&client), &fields)
        .await;
    let after = fixture.reload(&client.client).await;
    assert_eq!(
        json!([after.name, after.lifecycle.expires_at()]),
        json!(["Another name", end])
    );
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let client = fixture.client().await;
    let (id, version, number) = (
        client.client.id.as_str(),
        client.client.version.to_string(),
        client.secret_number.to_string(),
    );
    for page in [
        "/system/api-clients",
        "/system/organizations",
        &address(&client),
        &format!("{}/permissions", address(&client)),
    ] {
        let answer = auditor.open(page).await;
        assert_eq!(answer.status.as_u16(), 200, "{page}");
        assert!(
            !answer.body.contains("/system/do/clients/update")
                && !answer.body.contains("reveal-secret"),
            "{page}"
        );
    }
    let before = everything(&fixture).await;
    for (endpoint, fields) in changes(id, &version, &number) {
        assert_refused(
            &auditor.call(endpoint, &fields).await,
            403,
            "Your account may read this but not change it.",
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn names_are_shown_as_text() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let name = r#"<script>alert(1)</script>"'&amp;</title>"#;
    let organization = fixture.organization(name, "").await.to_string();
    let fields = [
        ("form[name]", name),
        ("form[organization_id]", organization.as_str()),
        ("form[scopes][]", "blogs"),
    ];
    let page = leads_to(&browser.submit("clients/create", NEW, &fields).await);
    for page in [
        page.as_str(),
        &format!("{page}/revoke"),
        &format!("{page}/permissions"),
        "/system/api-clients",
        "/system/organizations",
        NEW,
    ] {
        let answer = browser.open(page).await;
        assert!(answer.body.contains("alert(1)"), "{page} names it");
        assert!(
            !answer.body.contains("<script>alert") && !answer.body.contains("&amp;</title>"),
            "{page}"
        );
    }
}
