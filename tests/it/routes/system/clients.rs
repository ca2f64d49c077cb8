//! `/system/api-clients/new`: a client is made with a plain form, and its secret is shown.

use chrono::TimeDelta;
use claviger::config::SecretsMode;
use claviger::domain::ids::OrganizationId;
use claviger::domain::role::Role;
use claviger::service::{CreatedClient, Settings};
use serde_json::json;

use super::{Browser, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{AppResponse, Engine, Fixture, settings, shell};

pub(super) const NEW: &str = "/system/api-clients/new";

/// A fixture that keeps no copy of secrets.
async fn hash_only_fixture() -> Fixture {
    Fixture::on(
        Engine::Sqlite,
        Settings {
            secrets: SecretsMode::Once,
            ..settings()
        },
    )
    .await
}

/// Makes a client with the form, as an owner of the fixture.
async fn create(browser: &mut Browser, organization: OrganizationId) -> AppResponse {
    let organization = organization.to_string();
    let fields = [
        ("form[name]", "Dashboard"),
        ("form[organization_id]", &organization),
        ("form[scopes][]", "blogs"),
        ("form[expiry]", "never"),
    ];
    browser.submit("clients/create", NEW, &fields).await
}

/// The secret that a page shows, if it shows one.
fn shown_secret(page: &AppResponse) -> Option<String> {
    let start = page.body.find("key_")?;
    Some(page.body[start..].chars().take(36).collect())
}

fn address(client: &CreatedClient) -> String {
    format!("/system/api-clients/{}", client.client.id)
}

#[tokio::test]
async fn a_new_clients_page_shows_its_secret_once() {
    for fixture in [Fixture::new().await, hash_only_fixture().await] {
        let mut browser = Browser::signed_in(&fixture).await;
        let organization = fixture.organization("City of Porto", "").await;
        let answer = create(&mut browser, organization).await;
        let page = leads_to(&answer);
        let id = page
            .strip_prefix("/system/api-clients/")
            .unwrap()
            .to_owned();
        let client = fixture.console.get_client(&shell(), &id).await.unwrap();
        assert_eq!(
            json!([client.name, client.scopes, client.organization_id]),
            json!(["Dashboard", ["blogs", "public"], organization])
        );

        let first = browser.open(&page).await;
        assert!(first.body.contains("Client created."));
        let secret = shown_secret(&first).unwrap();
        assert!(
            !format!("{answer:?}").contains(&secret),
            "the redirect does not carry it in plain"
        );
        let basic = crate::support::basic(&id, &secret);
        let token = fixture
            .app()
            .post(
                "/oauth/token",
                &[("authorization", &basic)],
                "grant_type=client_credentials",
            )
            .await;
        assert_eq!(token.status.as_u16(), 200, "and it works");

        let second = browser.open(&page).await;
        assert_eq!((second.status.as_u16(), shown_secret(&second)), (200, None));
        assert!(!second.body.contains("Client created."));
    }
}

#[tokio::test]
async fn only_the_session_that_made_a_client_is_shown_its_secret() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let organization = fixture.organization("City of Porto", "").await;
    let page = leads_to(&create(&mut browser, organization).await);
    let sealed = browser.cookies["claviger-shown"].clone();

    let mut other = Browser::of(&fixture, "eve@example.org", Role::Owner).await;
    other
        .cookies
        .insert("claviger-shown".to_owned(), sealed.clone());
    assert_eq!(
        shown_secret(&other.open(&page).await),
        None,
        "another session"
    );
    let another = fixture.client().await;
    assert_eq!(
        shown_secret(&browser.open(&address(&another)).await),
        None,
        "another client"
    );
    browser.cookies.insert(
        "claviger-shown".to_owned(),
        format!("{}A", &sealed[..sealed.len() - 1]),
    );
    let other = if sealed.starts_with('x') { 'y' } else { 'x' };
    browser.cookies.insert(
        "claviger-shown".to_owned(),
        format!("{other}{}", &sealed[1..]),
    );
    assert_eq!(
        shown_secret(&browser.open(&page).await),
        None,
        "another text"
    );
    browser
        .cookies
        .insert("claviger-shown".to_owned(), sealed.clone());
    fixture.advance(TimeDelta::minutes(10));
    assert_eq!(shown_secret(&browser.open(&page).await), None, "too late");
}

#[tokio::test]
async fn a_secret_can_be_revealed_and_each_look_leaves_an_entry() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let (id, number) = (client.client.id.as_str(), client.secret_number.to_string());
    let fields = [("id", id), ("number", number.as_str())];
    let looks = "audit_events WHERE kind = 'secret.revealed' AND actor = 'admin:ada@example.org'";

    let page = browser.open(&address(&client)).await;
    assert!(
        page.body.contains("/system/do/clients/reveal-secret") && shown_secret(&page).is_none()
    );
    let answer = browser.call("clients/reveal-secret", &fields).await;
    assert_eq!(
        answer.json(),
        json!({"number": client.secret_number, "text": client.secret.expose(), "is_new_client": false})
    );
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    assert_eq!(fixture.database.count(looks).await, 1);

    let answer = browser
        .submit("clients/reveal-secret", &address(&client), &fields)
        .await;
    assert_eq!(leads_to(&answer), address(&client));
    assert!(!format!("{answer:?}").contains(client.secret.expose()));
    assert_eq!(
        shown_secret(&browser.open(&address(&client)).await).as_deref(),
        Some(client.secret.expose())
    );
    assert_eq!(shown_secret(&browser.open(&address(&client)).await), None);
    assert_eq!(fixture.database.count(looks).await, 2);
}

#[tokio::test]
async fn where_no_copy_is_kept_nothing_can_be_revealed() {
    let fixture = hash_only_fixture().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    assert!(
        !browser
            .open(&address(&client))
            .await
            .body
            .contains("reveal-secret")
    );
    let before = everything(&fixture).await;
    let number = client.secret_number.to_string();
    let fields = [
        ("id", client.client.id.as_str()),
        ("number", number.as_str()),
    ];
    assert_refused(
        &browser.call("clients/reveal-secret", &fields).await,
        403,
        "No copy of this secret is kept",
    );
    let answer = browser
        .submit("clients/reveal-secret", &address(&client), &fields)
        .await;
    assert_eq!(refusal(&answer).address, address(&client));
    assert_eq!(answer.status.as_u16(), 403);
    assert!(answer.body.contains("No copy of this secret is kept"));
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_search_is_decoded_once() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.client().await;
    let page = browser.open("/system/api-clients?q=%2541+b").await;
    assert!(
        page.body.contains("No client matches “%41 b”"),
        "{}",
        page.body
    );
    let page = browser.open("/system/api-clients?q=dashboa").await;
    assert!(page.body.contains("Participation dashboard"));
}
