//! `/system/api-clients/:id/permissions`: one switch at a time, or the whole form.

use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use claviger::service::CreatedClient;
use serde_json::{Value, json};

use super::{Browser, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, shell};

/// A fixture, an owner's browser, and a client with scopes `public proposals blogs`.
async fn scene() -> (Fixture, Browser, CreatedClient) {
    let fixture = Fixture::new().await;
    let browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    fixture.advance(TimeDelta::seconds(1));
    (fixture, browser, client)
}

async fn held(fixture: &Fixture, client: &CreatedClient) -> Value {
    json!(fixture.reload(&client.client).await.permissions)
}

fn address(client: &CreatedClient) -> String {
    format!("/system/api-clients/{}/permissions", client.client.id)
}

/// Saves the whole form without script.
async fn save(
    browser: &mut Browser,
    client: &CreatedClient,
    switches: &[(&str, &str)],
) -> super::AppResponse {
    let mut fields = vec![("form[id]", client.client.id.as_str())];
    fields.extend(switches);
    browser
        .submit("permissions/save", &address(client), &fields)
        .await
}

/// The fields of one switch.
fn switch<'a>(client: &'a CreatedClient, name: &'a str, on: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("id", client.client.id.as_str()),
        ("switches[0][permission]", name),
        ("switches[0][on]", on),
    ]
}

#[tokio::test]
async fn a_switch_answers_with_what_is_held_and_a_repeat_is_harmless() {
    let (fixture, mut browser, client) = scene().await;
    for (on, expected) in [("true", json!(["blogs.read"])), ("false", json!([]))] {
        let mut before = everything(&fixture).await;
        for is_repeated in [false, true] {
            let fields = switch(&client, "blogs.read", on);
            let answer = browser.call("permissions/set", &fields).await.json();
            let version = fixture.reload(&client.client).await.version;
            let held = json!({"permissions": expected, "version": version});
            assert_eq!(answer, held, "{on} {is_repeated}");
            let after = everything(&fixture).await;
            assert_eq!(after == before, is_repeated, "{on}");
            before = after;
        }
    }
}

#[tokio::test]
async fn several_switches_are_set_at_once() {
    let (fixture, mut browser, client) = scene().await;
    let fields = [
        ("id", client.client.id.as_str()),
        ("switches[0][permission]", "blogs.read"),
        ("switches[0][on]", "true"),
        ("switches[1][permission]", "proposals.read"),
        ("switches[1][on]", "true"),
        ("switches[2][permission]", "oauth.login"),
        ("switches[2][on]", "false"),
    ];
    let answer = browser.call("permissions/set", &fields).await.json();
    assert_eq!(
        answer["permissions"],
        json!(["blogs.read", "proposals.read"])
    );
    assert_eq!(held(&fixture, &client).await, answer["permissions"]);
}

#[tokio::test]
async fn the_form_saves_what_differs_from_what_was_shown_and_nothing_else() {
    let (fixture, mut browser, client) = scene().await;
    let names = ["blogs.read", "proposals.read", "oauth.login"].map(ToOwned::to_owned);
    fixture
        .console
        .set_permissions(
            &shell(),
            client.client.id.as_str(),
            &PermissionSwitch::each(&names, true),
        )
        .await
        .unwrap();
    // As it was shown before somebody else granted `proposals.read` and removed `blogs.destroy`.
    let switches = [
        ("form[shown][]", "blogs.read"),
        ("form[shown][]", "blogs.destroy"),
        ("form[shown][]", "oauth.login"),
        ("form[granted][]", "blogs.destroy"),
        ("form[granted][]", "oauth.login"),
        ("form[granted][]", "blogs.write"),
    ];
    let answer = save(&mut browser, &client, &switches).await;
    assert_eq!(leads_to(&answer), format!("{}?saved", address(&client)));
    assert_eq!(
        held(&fixture, &client).await,
        json!(["proposals.read", "oauth.login", "blogs.write"])
    );
    assert!(
        browser
            .open(&leads_to(&answer))
            .await
            .body
            .contains("saved")
    );
}

#[tokio::test]
async fn the_page_names_the_switches_that_are_on_in_its_form() {
    let (fixture, mut browser, client) = scene().await;
    let names = ["blogs.read".to_owned()];
    fixture
        .console
        .set_permissions(
            &shell(),
            client.client.id.as_str(),
            &PermissionSwitch::each(&names, true),
        )
        .await
        .unwrap();
    let body = browser.open(&address(&client)).await.body;
    let shown: Vec<&str> = body.split("name=\"form[shown][]\"").skip(1).collect();
    assert_eq!(shown.len(), 1);
    assert!(
        shown[0].starts_with(" value=\"blogs.read\""),
        "{}",
        &shown[0][..60]
    );
}

#[tokio::test]
async fn a_buttons_group_is_granted_or_removed_alone() {
    let (fixture, mut browser, client) = scene().await;
    let switches = [
        ("form[shown][]", "proposals.read"),
        ("form[group]", "grant:blogs.read,blogs.write"),
    ];
    leads_to(&save(&mut browser, &client, &switches).await);
    assert_eq!(
        held(&fixture, &client).await,
        json!(["blogs.read", "blogs.write"])
    );
    let switches = [
        ("form[granted][]", "proposals.read"),
        ("form[group]", "remove:blogs.read,blogs.destroy"),
    ];
    leads_to(&save(&mut browser, &client, &switches).await);
    assert_eq!(held(&fixture, &client).await, json!(["blogs.write"]));
    for group in ["grant", "grant:", "take:blogs.read", "grant:blogs.read,"] {
        let answer = save(&mut browser, &client, &[("form[group]", group)]).await;
        assert_eq!(refusal(&answer).address, address(&client), "{group}");
    }
    assert_eq!(held(&fixture, &client).await, json!(["blogs.write"]));
}

#[tokio::test]
async fn what_does_not_fit_the_scopes_is_refused_whole() {
    let (fixture, mut browser, client) = scene().await;
    let id = client.client.id.as_str();
    let before = everything(&fixture).await;
    for (permission, sentence) in [
        ("budgets.read", "needs scope “budgets”"),
        ("system.tokens.introspect", "needs scope “system”"),
        (
            "nobody.knows",
            "There is no permission called “nobody.knows”.",
        ),
        ("", "There is no permission called “”."),
        ("blogs.read blogs.write", "There is no permission called"),
    ] {
        let one = switch(&client, permission, "true");
        assert_refused(&browser.call("permissions/set", &one).await, 422, sentence);
        let many = [
            ("form[id]", id),
            ("form[granted][]", "blogs.read"),
            ("form[granted][]", permission),
        ];
        assert_refused(
            &browser.call("permissions/save", &many).await,
            422,
            sentence,
        );
        let answer = save(&mut browser, &client, &many[1..]).await;
        assert_eq!(refusal(&answer).address, address(&client));
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_permission_that_the_catalogue_forgot_can_only_be_removed() {
    let (fixture, mut browser, client) = scene().await;
    fixture
        .console
        .set_permissions(
            &shell(),
            client.client.id.as_str(),
            &PermissionSwitch::each(&["blogs.read".to_owned()], true),
        )
        .await
        .unwrap();
    fixture
        .database
        .execute("UPDATE client_permissions SET permission = 'blogs.forgotten'")
        .await;
    assert!(
        browser
            .open(&address(&client))
            .await
            .body
            .contains("blogs.forgotten")
    );
    let off = switch(&client, "blogs.forgotten", "false");
    let answer = browser.call("permissions/set", &off).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(held(&fixture, &client).await, json!([]));
    let again = switch(&client, "blogs.forgotten", "true");
    assert_refused(
        &browser.call("permissions/set", &again).await,
        422,
        "There is no permission called “blogs.forgotten”.",
    );
}

#[tokio::test]
async fn a_revoked_clients_permissions_rest() {
    let (fixture, mut browser, client) = scene().await;
    let at_once = "Every change is saved at once";
    let address = format!("/system/api-clients/{}/permissions", client.client.id);
    assert!(browser.open(&address).await.body.contains(at_once));
    fixture
        .console
        .revoke_client(&shell(), client.client.id.as_str())
        .await
        .unwrap();
    let fields = switch(&client, "blogs.read", "true");
    assert_refused(
        &browser.call("permissions/set", &fields).await,
        409,
        "This client was revoked.",
    );
    assert!(!browser.open(&address).await.body.contains(at_once));
}
