//! `/system/sign-in` and the way out.

use chrono::TimeDelta;

use super::{Browser, EMAIL, PASSWORD, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{AppResponse, Engine, Fixture, secret, settings, shell};

const SIGN_IN: &str = "/system/sign-in";

/// A fixture with an administrator, and a browser that does not know them.
async fn before_sign_in() -> (Fixture, Browser) {
    let fixture = Fixture::new().await;
    fixture
        .console
        .create_admin(
            &shell(),
            EMAIL,
            claviger::domain::role::Role::Owner,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    let browser = Browser::new(&fixture);
    (fixture, browser)
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str, next: &str) -> AppResponse {
    browser
        .submit(
            "sign-in",
            SIGN_IN,
            &[
                ("form[next]", next),
                ("form[email]", email),
                ("password", password),
            ],
        )
        .await
}

#[tokio::test]
async fn the_right_password_opens_the_page_that_was_asked_for() {
    let (_fixture, mut browser) = before_sign_in().await;
    let origin = leads_to(
        &browser
            .open("/system/api-clients?q=a%20b&status=active")
            .await,
    );
    let page = browser.open(&origin).await;
    assert!(
        page.body
            .contains(r#"name="form[next]" value="/system/api-clients?q=a%20b&amp;status=active""#),
        "{}",
        page.body
    );
    let answer = sign_in(
        &mut browser,
        EMAIL,
        PASSWORD,
        "/system/api-clients?q=a%20b&status=active",
    )
    .await;
    assert_eq!(
        leads_to(&answer),
        "/system/api-clients?q=a%20b&status=active"
    );
    let page = browser.open("/system/api-clients").await;
    assert!(page.body.contains(EMAIL));
}

#[tokio::test]
async fn an_address_is_read_without_regard_to_case_and_space() {
    let (fixture, mut browser) = before_sign_in().await;
    assert_eq!(
        leads_to(&sign_in(&mut browser, " Ada@Example.ORG ", PASSWORD, "").await),
        "/system"
    );
    assert_eq!(fixture.database.count("audit_events WHERE kind = 'admin.signed_in' AND actor = 'admin:ada@example.org' AND address = '192.0.2.1'").await, 1);
}

#[tokio::test]
async fn the_cookie_is_for_this_server_alone() {
    let (_fixture, mut browser) = before_sign_in().await;
    let answer = sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    let id = browser.cookies["claviger"].clone();
    assert_eq!(
        answer.header("set-cookie"),
        format!("claviger={id}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict")
    );
    assert!(
        id.len() >= 43
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
        "{id}"
    );
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let issuer = claviger::service::settings::Issuer::parse("https://access.example.org").unwrap();
    let fixture = Fixture::on(
        Engine::Sqlite,
        claviger::service::Settings {
            issuer,
            ..settings()
        },
    )
    .await;
    fixture
        .console
        .create_admin(
            &shell(),
            EMAIL,
            claviger::domain::role::Role::Owner,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    let mut browser = Browser::new(&fixture);
    let answer = sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    let id = browser.cookies["__Host-claviger"].clone();
    assert_eq!(
        answer.header("set-cookie"),
        format!("__Host-claviger={id}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure")
    );
    assert_eq!(
        browser.open("/system/api-clients").await.status.as_u16(),
        200
    );
    let mut bare = Browser::new(&fixture);
    bare.cookies.insert("claviger".to_owned(), id);
    assert_eq!(
        bare.call("clients/revoke", &[("id", "id_x")])
            .await
            .status
            .as_u16(),
        401,
        "a neighbouring host could have set that one"
    );
}

#[tokio::test]
async fn the_id_is_new_each_time_and_kept_as_a_digest() {
    let (fixture, mut browser) = before_sign_in().await;
    let planted = "ab".repeat(32);
    browser
        .cookies
        .insert("claviger".to_owned(), planted.clone());
    sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    let first = browser.cookies["claviger"].clone();
    sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    let second = browser.cookies["claviger"].clone();
    assert!(first != second && first != planted && second != planted);
    let everything = everything(&fixture).await.to_lowercase();
    assert!(
        !everything.contains(&first.to_lowercase()) && !everything.contains(&second.to_lowercase())
    );
}

#[tokio::test]
async fn a_wrong_password_leads_back_with_what_was_typed_but_the_password() {
    let (fixture, mut browser) = before_sign_in().await;
    let before = everything(&fixture).await;
    let answer = sign_in(
        &mut browser,
        EMAIL,
        "a wrong sentence",
        "/system/organizations",
    )
    .await;
    assert_eq!(refusal(&answer).address, SIGN_IN);
    assert!(!answer.headers.contains_key("set-cookie"));

    assert_eq!(answer.status.as_u16(), 401);
    assert!(
        answer
            .body
            .contains("The email and the password do not match."),
        "{}",
        answer.body
    );
    assert!(answer.body.contains(&format!(r#"value="{EMAIL}""#)));
    assert!(!answer.body.contains("a wrong sentence"));
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn whoever_is_signed_in_is_told_of_a_wrong_password_too() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    assert_eq!(leads_to(&browser.open(SIGN_IN).await), "/system");
    let wrong = sign_in(&mut browser, EMAIL, "wrong", "").await;
    assert_eq!(wrong.status.as_u16(), 401);
    assert_eq!(refusal(&wrong).address, SIGN_IN);
    assert!(
        wrong
            .body
            .contains("The email and the password do not match."),
        "{}",
        wrong.body
    );
    let right = sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    assert_eq!(leads_to(&right), "/system");
}

#[tokio::test]
async fn an_unknown_address_is_told_the_same() {
    let (_fixture, mut browser) = before_sign_in().await;
    let told = async |browser: &mut Browser, email: &str| {
        let answer = browser
            .call(
                "sign-in",
                &[
                    ("form[email]", email),
                    ("form[next]", ""),
                    ("password", "a wrong sentence"),
                ],
            )
            .await;
        assert_refused(&answer, 401, "wrong_credentials");
        (
            answer.body.replace(email, ""),
            format!("{:?}", answer.headers),
        )
    };
    assert_eq!(
        told(&mut browser, EMAIL).await,
        told(&mut browser, "eve@example.org").await
    );
}

#[tokio::test]
async fn ten_wrong_passwords_close_the_door_for_a_while_and_not_for_others() {
    let (fixture, mut browser) = before_sign_in().await;
    for _ in 0..10 {
        let answer = browser
            .call(
                "sign-in",
                &[
                    ("form[email]", EMAIL),
                    ("form[next]", ""),
                    ("password", "wrong"),
                ],
            )
            .await;
        assert_eq!(answer.status.as_u16(), 401);
    }
    let right = [
        ("form[email]", EMAIL),
        ("form[next]", ""),
        ("password", PASSWORD),
    ];
    let answer = browser.call("sign-in", &right).await;
    assert_refused(&answer, 429, "too_many_attempts");
    assert_eq!(answer.header("retry-after"), "900");
    let mut elsewhere = Browser {
        app: fixture.app().from("203.0.113.1"),
        ..Browser::new(&fixture)
    };
    assert_eq!(elsewhere.call("sign-in", &right).await.status.as_u16(), 200);
    fixture.advance(TimeDelta::minutes(15));
    assert_eq!(browser.call("sign-in", &right).await.status.as_u16(), 200);
}

#[tokio::test]
async fn whoever_signs_out_leaves_nothing_behind() {
    let (fixture, mut browser) = before_sign_in().await;
    sign_in(&mut browser, EMAIL, PASSWORD, "").await;
    let session = browser.cookies.clone();
    let answer = browser
        .submit("sign-out", "/system/organizations", &[])
        .await;
    assert_eq!(leads_to(&answer), SIGN_IN);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(
        cookies.contains(
            &&"claviger=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
                .parse()
                .unwrap()
        ),
        "{cookies:?}"
    );
    browser.cookies = session;
    assert_eq!(
        browser
            .call("clients/revoke", &[("id", "id_x")])
            .await
            .status
            .as_u16(),
        401,
        "the id that was kept no longer works"
    );
    assert_eq!(fixture.database.count("admin_sessions").await, 0);
    assert_eq!(
        fixture
            .database
            .count("audit_events WHERE kind = 'admin.signed_out'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_theme_is_remembered_for_a_year() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::new(&fixture);
    let answer = browser.submit("theme", SIGN_IN, &[("theme", "dark")]).await;
    assert_eq!(leads_to(&answer), SIGN_IN);
    assert_eq!(
        answer.header("set-cookie"),
        "claviger-theme=dark; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
    );
    assert!(
        browser
            .open(SIGN_IN)
            .await
            .body
            .contains(r#"data-theme="dark""#)
    );
    assert_refused(
        &browser.call("theme", &[("theme", "\"><script>")]).await,
        422,
        "There is no such theme.",
    );
    browser
        .cookies
        .insert("claviger-theme".to_owned(), "\"><script>".to_owned());
    assert!(!browser.open(SIGN_IN).await.body.contains("data-theme"));
}
