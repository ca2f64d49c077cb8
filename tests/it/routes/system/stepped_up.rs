//! Forms that need a password that was typed a few minutes ago at most, and the page that asks for it.

use chrono::TimeDelta;

use super::{Browser, PASSWORD, assert_refused, leads_to, refusal};
use crate::support::{AppResponse, Fixture};

const CONFIRM: &str = "/system/confirm";
const NEW: &str = "/system/api-clients/new";

/// What the page that asks for the password carries.
#[track_caller]
fn held(page: &AppResponse) -> String {
    let field = page.body.split_once(r#"name="form[held]" value=""#);
    let (_, value) = field.unwrap_or_else(|| panic!("{}", page.body));
    value.split('"').next().unwrap().to_owned()
}

async fn confirm(browser: &mut Browser, held: &str, password: &str) -> AppResponse {
    let fields = [
        ("form[held]", held),
        ("form[next]", NEW),
        ("password", password),
    ];
    browser.submit("confirm", CONFIRM, &fields).await
}

/// A browser whose proof is no longer fresh.
async fn stale(fixture: &Fixture) -> Browser {
    let browser = Browser::signed_in(fixture).await;
    fixture.advance(TimeDelta::minutes(10));
    browser
}

fn system_client(name: &str) -> [(&str, &str); 3] {
    [
        ("form[form_key]", "key"),
        ("form[name]", name),
        ("form[scopes][]", "system"),
    ]
}

#[tokio::test]
async fn the_form_is_carried_out_when_the_password_is_right() {
    let fixture = Fixture::new().await;
    let mut browser = stale(&fixture).await;
    let asked = browser
        .submit("clients/create", NEW, &system_client("Canary <1>"))
        .await;
    assert_eq!(asked.status.as_u16(), 403);
    assert_eq!(refusal(&asked).address, CONFIRM);
    assert!(asked.body.contains("Confirm it is you"));
    assert!(!asked.body.contains("Canary"), "it is sealed");
    assert_eq!(fixture.database.count("api_clients").await, 0);

    let wrong = confirm(&mut browser, &held(&asked), "wrong").await;
    assert_eq!(refusal(&wrong).fields, ["password"]);
    assert!(wrong.body.contains("That is not your password."));
    assert_eq!(fixture.database.count("api_clients").await, 0);

    let form = held(&wrong);
    let done = confirm(&mut browser, &form, PASSWORD).await;
    let page = leads_to(&done);
    assert!(page.starts_with("/system/api-clients/id_"), "{page}");
    let shown = browser.open(&page).await;
    assert!(shown.body.contains("Canary &lt;1&gt;"));
    assert!(shown.body.contains("Client created."), "with its secret");

    // Sent again, as by a reload, it makes nothing more.
    let again = confirm(&mut browser, &form, PASSWORD).await;
    assert_eq!(leads_to(&again), page);
    assert_eq!(fixture.database.count("api_clients").await, 1);
    // Within ten minutes nothing is asked.
    let next = browser
        .submit("clients/create", NEW, &system_client("Second"))
        .await;
    assert_eq!(
        next.status.as_u16(),
        409,
        "the key came with other contents"
    );
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_shown_on_its_page() {
    let fixture = Fixture::new().await;
    let mut browser = stale(&fixture).await;
    let fields = [
        ("form[form_key]", "k"),
        ("form[email]", "bea"),
        ("form[role]", "owner"),
    ];
    let page = "/system/administrators/invite";
    let asked = browser.submit("administrators/invite", page, &fields).await;
    assert_eq!(refusal(&asked).address, CONFIRM);
    let answer = confirm(&mut browser, &held(&asked), PASSWORD).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(refusal(&answer).address, page);
    assert!(answer.body.contains(r#"value="bea""#), "as it was typed");
}

#[tokio::test]
async fn a_secret_is_revealed_after_the_password() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let mut browser = stale(&fixture).await;
    let page = format!("/system/api-clients/{}", made.client.id);
    let fields = [("id", made.client.id.as_str()), ("number", "1")];
    let asked = browser
        .submit("clients/reveal-secret", &page, &fields)
        .await;
    assert!(!asked.body.contains(made.secret.expose()));
    let done = confirm(&mut browser, &held(&asked), PASSWORD).await;
    assert_eq!(leads_to(&done), page);
    let shown = browser.open(&page).await;
    assert!(shown.body.contains(made.secret.expose()));
    let next = browser
        .submit("clients/reveal-secret", &page, &fields)
        .await;
    assert_eq!(leads_to(&next), page, "the password counts for ten minutes");
}

#[tokio::test]
async fn nobody_else_carries_it_out() {
    let fixture = Fixture::new().await;
    let mut browser = stale(&fixture).await;
    let asked = browser
        .submit("clients/create", NEW, &system_client("Canary"))
        .await;
    let form = held(&asked);
    let mut bea = Browser::of(
        &fixture,
        "bea@example.org",
        claviger::domain::role::Role::Owner,
    )
    .await;
    for (who, held) in [(&mut bea, form.as_str()), (&mut browser, &form[1..])] {
        let answer = confirm(who, held, PASSWORD).await;
        assert_eq!(leads_to(&answer), NEW);
    }
    assert_eq!(fixture.database.count("api_clients").await, 0);
}

#[tokio::test]
async fn a_script_is_told_by_a_code() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let made = fixture.client_of(Some(porto), &["oauth"], &[]).await;
    let mut browser = stale(&fixture).await;
    let fields = [
        ("id", made.client.id.as_str()),
        ("switches[0][permission]", "oauth.impersonate"),
        ("switches[0][on]", "true"),
    ];
    let refused = browser.call("permissions/set", &fields).await;
    assert_refused(&refused, 403, "password_needed");
    // The page that it leads to asks, and leads back.
    let page = browser
        .open("/system/confirm?next=/system/organizations")
        .await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("Then you return to where you were."));
    let fields = [
        ("form[next]", "/system/organizations"),
        ("password", PASSWORD),
    ];
    let back = browser.submit("confirm", CONFIRM, &fields).await;
    assert_eq!(leads_to(&back), "/system/organizations");
    for away in ["//evil.example", "https://evil.example/system/x"] {
        let fields = [("form[next]", away), ("password", PASSWORD)];
        let back = browser.submit("confirm", CONFIRM, &fields).await;
        assert_eq!(leads_to(&back), "/system");
    }
}

#[tokio::test]
async fn a_form_with_a_password_is_not_carried_and_one_about_passwords_is() {
    let fixture = Fixture::new().await;
    let mut browser = stale(&fixture).await;
    let about = system_client("Reset password sync");
    let asked = browser.submit("clients/create", NEW, &about).await;
    let done = confirm(&mut browser, &held(&asked), PASSWORD).await;
    assert!(leads_to(&done).starts_with("/system/api-clients/id_"));
    fixture.advance(TimeDelta::minutes(10));
    for field in ["password", "form[password]"] {
        let mut fields = about.to_vec();
        fields.push((field, "a sentence works well"));
        let asked = browser.submit("clients/create", NEW, &fields).await;
        assert_eq!(refusal(&asked).address, CONFIRM);
        assert_eq!(held(&asked), "", "{field}");
    }
}

#[tokio::test]
async fn too_long_a_form_is_led_back_to() {
    let fixture = Fixture::new().await;
    let mut browser = stale(&fixture).await;
    let name = "x".repeat(41 * 1024);
    let mut fields = system_client("x").to_vec();
    fields.push(("padding", &name));
    let asked = browser.submit("clients/create", NEW, &fields).await;
    assert_eq!(refusal(&asked).address, CONFIRM);
    assert_eq!(held(&asked), "");
    let back = confirm(&mut browser, "", PASSWORD).await;
    assert_eq!(leads_to(&back), NEW);
}
