//! Forms that were sent after their session had ended: what was typed is on the form again after the next sign-in.

use chrono::TimeDelta;
use claviger::domain::role::Role;
use serde_json::Value;

use super::{Browser, EMAIL, PASSWORD, leads_to, refusal};
use crate::support::{AppResponse, Fixture, secret, shell};

const NEW: &str = "/system/api-clients/new";
const SIGN_IN: &str = "/system/sign-in?next=/system/api-clients/new";
const CLIENT: [(&str, &str); 2] = [("form[name]", "Canary <1>"), ("form[scopes][]", "system")];

/// What the sign-in page carries.
#[track_caller]
fn carried(page: &AppResponse) -> String {
    let field = page.body.split_once(r#"name="form[typed]" value=""#);
    let (_, value) = field.unwrap_or_else(|| panic!("{}", page.body));
    value.split('"').next().unwrap().to_owned()
}

/// A browser whose session has ended, and the answer to the form that it sent then.
async fn sent_too_late(fixture: &Fixture) -> (Browser, AppResponse) {
    let mut browser = Browser::signed_in(fixture).await;
    fixture.advance(TimeDelta::minutes(30));
    let answer = browser.submit("clients/create", NEW, &CLIENT).await;
    (browser, answer)
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str, typed: &str) -> AppResponse {
    let fields = [
        ("form[next]", NEW),
        ("form[typed]", typed),
        ("form[email]", email),
        ("password", password),
    ];
    browser.submit("sign-in", SIGN_IN, &fields).await
}

#[tokio::test]
async fn what_was_typed_is_there_again_after_the_sign_in() {
    let fixture = Fixture::new().await;
    let (mut browser, answer) = sent_too_late(&fixture).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert_eq!(refusal(&answer).address, "/system/sign-in");
    assert!(
        answer
            .body
            .contains("Sign in, and what you typed is there again.")
    );
    assert!(!answer.body.contains("Canary"), "it is sealed");
    assert!(!answer.headers.contains_key("set-cookie"));

    let wrong = sign_in(&mut browser, EMAIL, "wrong", &carried(&answer)).await;
    assert_eq!(wrong.status.as_u16(), 401);
    let page = sign_in(&mut browser, EMAIL, PASSWORD, &carried(&wrong)).await;
    assert_eq!(page.status.as_u16(), 200, "{page:?}");
    assert!(page.body.contains(r#"value="Canary &lt;1&gt;""#));
    assert!(
        page.body
            .contains("You were signed out before this was sent. Check it and send it again.")
    );
    assert!(
        page.body
            .contains(r#"data-address="/system/api-clients/new""#)
    );
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    assert_eq!(fixture.database.count("api_clients").await, 0);

    let sent = browser.submit("clients/create", NEW, &CLIENT).await;
    assert!(leads_to(&sent).starts_with("/system/api-clients/id_"));
}

#[tokio::test]
async fn nobody_else_sees_it() {
    let fixture = Fixture::new().await;
    let made = fixture
        .console
        .create_admin(&shell(), "bea@example.org", Role::Owner, &secret(PASSWORD))
        .await;
    made.unwrap();
    let (mut browser, answer) = sent_too_late(&fixture).await;
    let typed = carried(&answer);
    let page = sign_in(&mut browser, "bea@example.org", PASSWORD, &typed).await;
    assert_eq!(leads_to(&page), NEW);
    for forged in [&typed[1..], "AAAA", ""] {
        let page = sign_in(&mut browser, EMAIL, PASSWORD, forged).await;
        assert_eq!(leads_to(&page), NEW, "{forged}");
    }
    fixture.advance(TimeDelta::hours(1));
    let page = sign_in(&mut browser, EMAIL, PASSWORD, &typed).await;
    assert_eq!(leads_to(&page), NEW, "an hour later");
}

#[tokio::test]
async fn a_script_is_led_to_the_page_as_before() {
    let fixture = Fixture::new().await;
    let (mut browser, answer) = sent_too_late(&fixture).await;
    let typed = carried(&answer);
    let fields = [
        ("form[next]", NEW),
        ("form[typed]", typed.as_str()),
        ("form[email]", EMAIL),
        ("password", PASSWORD),
    ];
    let answer = browser.call("sign-in", &fields).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, Value::Null));
    assert!(browser.cookies.contains_key("claviger"));
}

#[tokio::test]
async fn where_there_is_no_page_the_sign_in_leads_on() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.advance(TimeDelta::minutes(30));
    let answer = browser
        .submit("clients/create", "/system/nothing", &CLIENT)
        .await;
    let page = sign_in(&mut browser, EMAIL, PASSWORD, &carried(&answer)).await;
    assert_eq!(leads_to(&page), NEW);
    let home = browser.open("/system/api-clients").await;
    assert_eq!(home.status.as_u16(), 200, "signed in nevertheless");
}

#[tokio::test]
async fn too_long_a_form_is_not_carried() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.advance(TimeDelta::minutes(30));
    let name = "x".repeat(60_000);
    let answer = browser
        .submit("clients/create", NEW, &[("form[name]", &name)])
        .await;
    assert_eq!(leads_to(&answer), format!("{SIGN_IN}&ended=1"));
}
