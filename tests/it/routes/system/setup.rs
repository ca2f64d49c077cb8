//! `/system/setup`: the first administrator, once.

use super::{Browser, EMAIL, PASSWORD, RefusedPage, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{AppResponse, Fixture};

/// A fixture without an administrator, its set-up code, and a browser.
async fn empty_fixture() -> (Fixture, String, Browser) {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let browser = Browser::new(&fixture);
    (fixture, code, browser)
}

async fn set_up(browser: &mut Browser, code: &str, email: &str, password: &str) -> AppResponse {
    browser
        .submit(
            "set-up",
            &format!("/system/setup?code={code}"),
            &[
                ("form[code]", code),
                ("form[email]", email),
                ("password", password),
            ],
        )
        .await
}

#[tokio::test]
async fn the_link_from_the_log_makes_the_first_administrator_and_signs_them_in() {
    let (fixture, code, mut browser) = empty_fixture().await;
    let page = browser.open(&format!("/system/setup?code={code}")).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("Create the first administrator") && page.body.contains(&code));
    assert_eq!(
        leads_to(&set_up(&mut browser, &code, EMAIL, PASSWORD).await),
        "/system/organizations"
    );
    assert_eq!(
        browser.open("/system/organizations").await.status.as_u16(),
        200
    );
    assert_eq!(
        fixture
            .database
            .count("admins WHERE email = 'ada@example.org' AND role = 'owner'")
            .await,
        1
    );
    assert_eq!(
        fixture
            .database
            .count("audit_events WHERE kind = 'admin.created'")
            .await,
        1
    );
}

#[tokio::test]
async fn it_works_once() {
    let (fixture, code, mut browser) = empty_fixture().await;
    set_up(&mut browser, &code, EMAIL, PASSWORD).await;
    let before = everything(&fixture).await;
    let mut second = Browser::new(&fixture);
    let answer = set_up(&mut second, &code, "eve@example.org", PASSWORD).await;
    assert_eq!(refusal(&answer).address, "/system/setup");
    assert!(second.cookies.is_empty());
    let page = second.open(&format!("/system/setup?code={code}")).await;
    assert!(page.body.contains("Set-up is done") && !page.body.contains("form[code]"));
    assert_eq!(everything(&fixture).await, before);
    assert_eq!(fixture.console.offer_setup().await.unwrap(), None);
}

#[tokio::test]
async fn of_two_who_hold_the_code_one_is_first() {
    let (fixture, code, _) = empty_fixture().await;
    let (mut ada, mut eve) = (Browser::new(&fixture), Browser::new(&fixture));
    let (one, other) = tokio::join!(
        set_up(&mut ada, &code, EMAIL, PASSWORD),
        set_up(&mut eve, &code, "eve@example.org", PASSWORD)
    );
    let done = [one, other]
        .iter()
        .filter(|answer| answer.header("location") == "/system/organizations")
        .count();
    assert_eq!(done, 1);
    assert_eq!(fixture.database.count("admins").await, 1);
}

#[tokio::test]
async fn without_the_code_nobody_gets_in() {
    let (fixture, code, mut browser) = empty_fixture().await;
    let before = everything(&fixture).await;
    for wrong in [
        "",
        "AAAA-AAAA-AAAA-AAAA-AAAA",
        &code[1..],
        &code.replace('-', ""),
    ] {
        let answer = set_up(&mut browser, wrong, EMAIL, PASSWORD).await;
        let RefusedPage { address, fields } = refusal(&answer);
        assert_eq!(
            (address.as_str(), fields[0].as_str()),
            ("/system/setup", "code")
        );
        assert!(!answer.body.contains(PASSWORD));
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_new_start_makes_a_new_code() {
    let (fixture, code, mut browser) = empty_fixture().await;
    let newer = fixture.console.offer_setup().await.unwrap().unwrap();
    assert_ne!(code, newer);
    assert_eq!(
        refusal(&set_up(&mut browser, &code, EMAIL, PASSWORD).await).address,
        "/system/setup"
    );
    assert_eq!(
        leads_to(&set_up(&mut browser, &newer.to_lowercase(), EMAIL, PASSWORD).await),
        "/system/organizations"
    );
}

#[tokio::test]
async fn a_weak_password_leads_back_and_the_code_still_works() {
    let (fixture, code, mut browser) = empty_fixture().await;
    let answer = set_up(&mut browser, &code, "not an address", "pw-canary").await;
    assert_eq!(refusal(&answer).fields, ["email", "password"]);
    assert!(
        answer.body.contains("2 answers need attention")
            && answer.body.contains(r#"value="not an address""#)
            && answer.body.contains(&format!(r#"value="{code}""#)),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains("pw-canary"));
    assert_eq!(fixture.database.count("admins").await, 0);
    assert_eq!(
        leads_to(&set_up(&mut browser, &code, EMAIL, PASSWORD).await),
        "/system/organizations"
    );
}

#[tokio::test]
async fn guessing_the_code_is_held_up() {
    let (_fixture, code, mut browser) = empty_fixture().await;
    let fields = |code| {
        [
            ("form[code]", code),
            ("form[email]", EMAIL),
            ("password", PASSWORD),
        ]
    };
    for _ in 0..10 {
        assert_eq!(
            browser
                .call("set-up", &fields("AAAA"))
                .await
                .status
                .as_u16(),
            422
        );
    }
    assert_refused(
        &browser.call("set-up", &fields("AAAA")).await,
        429,
        "too_many_attempts",
    );
    let right = browser.call("set-up", &fields(&code)).await;
    assert_eq!(right.status.as_u16(), 200, "{right:?}");
}
