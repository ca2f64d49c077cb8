//! Forms with a key that are sent twice: by a double click, a reload, or after an answer that was lost.

use super::{Browser, EMAIL, PASSWORD, leads_to, refusal};
use crate::support::Fixture;

const NEW: &str = "/system/api-clients/new";
const CLIENT: [(&str, &str); 3] = [
    ("form[form_key]", "AAAAAAAAAAAAAAAAAAAAAA"),
    ("form[name]", "Dashboard"),
    ("form[scopes][]", "system"),
];

/// The secret on a page.
async fn secret_on(browser: &mut Browser, page: &str) -> Option<String> {
    let body = browser.open(page).await.body;
    let start = body.find("key_")?;
    Some(body[start..start + 36].to_owned())
}

#[tokio::test]
async fn a_client_is_made_once_and_its_secret_is_shown_again_to_the_same_session() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = leads_to(&browser.submit("clients/create", NEW, &CLIENT).await);
    let secret = secret_on(&mut browser, &page).await;
    assert!(secret.is_some());
    assert_eq!(secret_on(&mut browser, &page).await, None, "shown once");

    let again = browser.submit("clients/create", NEW, &CLIENT).await;
    assert_eq!(leads_to(&again), page);
    assert_eq!(secret_on(&mut browser, &page).await, secret);
    let script = browser.call("clients/create", &CLIENT).await;
    assert_eq!(
        format!("/system/api-clients/{}", script.json().as_str().unwrap()),
        page
    );
    assert_eq!(fixture.database.count("api_clients").await, 1);

    let fields = [("form[email]", EMAIL), ("password", PASSWORD)];
    browser.submit("sign-in", "/system/sign-in", &fields).await;
    let again = browser.submit("clients/create", NEW, &CLIENT).await;
    assert_eq!(leads_to(&again), page);
    assert_eq!(
        secret_on(&mut browser, &page).await,
        None,
        "another session"
    );
}

#[tokio::test]
async fn an_organization_is_made_once() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let form = [
        ("form[form_key]", "key"),
        ("form[name]", "City of Porto"),
        ("form[host]", "porto.example"),
    ];
    for _ in 0..2 {
        let answer = browser
            .submit("organizations/create", "/system/organizations/new", &form)
            .await;
        assert_eq!(leads_to(&answer), "/system/organizations?created=1");
    }
    assert_eq!(fixture.database.count("organizations").await, 1);
}

#[tokio::test]
async fn a_key_with_other_contents_is_a_conflict() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let mut form = CLIENT;
    form[1].1 = "";
    let nameless = browser.submit("clients/create", NEW, &form).await;
    assert_eq!(nameless.status.as_u16(), 422);
    let key = format!(r#"name="form[form_key]" value="{}""#, CLIENT[0].1);
    assert!(nameless.body.contains(&key), "{}", nameless.body);
    browser.submit("clients/create", NEW, &CLIENT).await;
    form[1].1 = "Newsletter";
    let other = browser.submit("clients/create", NEW, &form).await;
    assert_eq!(other.status.as_u16(), 409);
    assert_eq!(refusal(&other).address, NEW);
    assert_eq!(fixture.database.count("api_clients").await, 1);
}
