//! `/system/api-clients/:id/permissions`: one switch at a time, or the whole form.

use chrono::TimeDelta;
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

async fn version(fixture: &Fixture, client: &CreatedClient) -> String {
    fixture.reload(&client.client).await.version.to_string()
}

fn address(client: &CreatedClient) -> String {
    format!("/system/api-clients/{}/permissions", client.client.id)
}

/// Saves the whole form without script.
async fn save(
    browser: &mut Browser,
    client: &CreatedClient,
    version: &str,
    switches: &[(&str, &str)],
) -> super::AppResponse {
    let mut fields = vec![
        ("form[id]", client.client.id.as_str()),
        ("form[version]", version),
    ];
    fields.extend(switches);
    browser
        .submit("permissions/save", &address(client), &fields)
        .await
}

#[tokio::test]
async fn a_switch_answers_with_what_is_held_and_the_new_version() {
    let (fixture, mut browser, client) = scene().await;
    let id = client.client.id.as_str();
    let seen = version(&fixture, &client).await;
    let fields = |version, granted| {
        [
            ("id", id),
            ("permission", "blogs.read"),
            ("granted", granted),
            ("version", version),
        ]
    };
    let answer = browser
        .call("permissions/toggle", &fields(&seen, "true"))
        .await;
    let newer = version(&fixture, &client).await;
    assert_eq!(
        answer.json(),
        json!({"permissions": ["blogs.read"], "version": newer.parse::<i64>().unwrap()})
    );
    assert_ne!(seen, newer);

    assert_refused(
        &browser
            .call("permissions/toggle", &fields(&seen, "false"))
            .await,
        409,
        "ada@example.org changed this client",
    );
    assert_eq!(held(&fixture, &client).await, json!(["blogs.read"]));
    let answer = browser
        .call("permissions/toggle", &fields(&newer, "false"))
        .await;
    assert_eq!(answer.json()["permissions"], json!([]));
    assert_eq!(held(&fixture, &client).await, json!([]));
}

#[tokio::test]
async fn the_whole_form_removes_what_it_offered_and_nothing_else() {
    let (fixture, mut browser, client) = scene().await;
    let names = ["blogs.read", "proposals.read", "oauth.login"].map(ToOwned::to_owned);
    fixture
        .console
        .grant_permissions(&shell(), client.client.id.as_str(), &names)
        .await
        .unwrap();
    let seen = version(&fixture, &client).await;
    let switches = [
        ("form[offered][]", "blogs.read"),
        ("form[offered][]", "blogs.write"),
        ("form[offered][]", "oauth.login"),
        ("form[granted][]", "blogs.write"),
    ];
    let answer = save(&mut browser, &client, &seen, &switches).await;
    assert_eq!(leads_to(&answer), format!("{}?saved", address(&client)));
    assert_eq!(
        held(&fixture, &client).await,
        json!(["proposals.read", "blogs.write"])
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
async fn a_buttons_group_is_granted_or_removed_alone() {
    let (fixture, mut browser, client) = scene().await;
    let seen = version(&fixture, &client).await;
    let answer = save(
        &mut browser,
        &client,
        &seen,
        &[
            ("form[offered][]", "proposals.read"),
            ("form[group]", "grant:blogs.read,blogs.write"),
        ],
    )
    .await;
    leads_to(&answer);
    assert_eq!(
        held(&fixture, &client).await,
        json!(["blogs.read", "blogs.write"])
    );
    let seen = version(&fixture, &client).await;
    leads_to(
        &save(
            &mut browser,
            &client,
            &seen,
            &[
                ("form[granted][]", "proposals.read"),
                ("form[group]", "remove:blogs.read,blogs.destroy"),
            ],
        )
        .await,
    );
    assert_eq!(held(&fixture, &client).await, json!(["blogs.write"]));
    let seen = version(&fixture, &client).await;
    for group in ["grant", "grant:", "take:blogs.read", "grant:blogs.read,"] {
        let answer = save(&mut browser, &client, &seen, &[("form[group]", group)]).await;
        assert_eq!(refusal(&answer).address, address(&client), "{group}");
    }
    assert_eq!(held(&fixture, &client).await, json!(["blogs.write"]));
}

#[tokio::test]
async fn a_stale_form_leads_back_and_saves_nothing() {
    let (fixture, mut browser, client) = scene().await;
    let seen = version(&fixture, &client).await;
    fixture
        .console
        .grant_permissions(
            &shell(),
            client.client.id.as_str(),
            &["blogs.read".to_owned()],
        )
        .await
        .unwrap();
    let before = everything(&fixture).await;
    let answer = save(
        &mut browser,
        &client,
        &seen,
        &[("form[offered][]", "blogs.read")],
    )
    .await;
    assert_eq!(refusal(&answer).address, address(&client));
    assert!(answer.body.contains("shell:tester changed this client"));
    assert_eq!(answer.status.as_u16(), 409);
    assert!(answer.body.contains("Nothing was saved."));
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn what_does_not_fit_the_scopes_is_refused_whole() {
    let (fixture, mut browser, client) = scene().await;
    let (id, seen) = (client.client.id.as_str(), version(&fixture, &client).await);
    let before = everything(&fixture).await;
    for (permission, sentence) in [
        ("budgets.read", "needs scope `budgets`"),
        ("system.tokens.introspect", "needs scope `system`"),
        (
            "nobody.knows",
            "There is no permission called `nobody.knows`.",
        ),
        ("", "There is no permission called ``."),
        ("blogs.read blogs.write", "There is no permission called"),
    ] {
        let one = [
            ("id", id),
            ("permission", permission),
            ("granted", "true"),
            ("version", &seen),
        ];
        assert_refused(
            &browser.call("permissions/toggle", &one).await,
            422,
            sentence,
        );
        let many = [
            ("form[id]", id),
            ("form[version]", &seen),
            ("form[granted][]", "blogs.read"),
            ("form[granted][]", permission),
        ];
        assert_refused(
            &browser.call("permissions/save", &many).await,
            422,
            sentence,
        );
        let answer = save(&mut browser, &client, &seen, &many[2..]).await;
        assert_eq!(refusal(&answer).address, address(&client));
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_permission_that_the_catalogue_forgot_can_only_be_removed() {
    let (fixture, mut browser, client) = scene().await;
    fixture
        .console
        .grant_permissions(
            &shell(),
            client.client.id.as_str(),
            &["blogs.read".to_owned()],
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
    let seen = version(&fixture, &client).await;
    let fields = |granted| {
        [
            ("id", client.client.id.as_str()),
            ("permission", "blogs.forgotten"),
            ("granted", granted),
            ("version", &*seen),
        ]
    };
    assert_eq!(
        browser
            .call("permissions/toggle", &fields("false"))
            .await
            .status
            .as_u16(),
        200
    );
    assert_eq!(held(&fixture, &client).await, json!([]));
    let seen = version(&fixture, &client).await;
    let again = [
        ("id", client.client.id.as_str()),
        ("permission", "blogs.forgotten"),
        ("granted", "true"),
        ("version", &*seen),
    ];
    assert_refused(
        &browser.call("permissions/toggle", &again).await,
        422,
        "There is no permission called `blogs.forgotten`.",
    );
}

#[tokio::test]
async fn a_revoked_clients_permissions_rest() {
    let (fixture, mut browser, client) = scene().await;
    fixture
        .console
        .revoke_client(&shell(), client.client.id.as_str())
        .await
        .unwrap();
    let seen = version(&fixture, &client).await;
    let fields = [
        ("id", client.client.id.as_str()),
        ("permission", "blogs.read"),
        ("granted", "true"),
        ("version", &seen),
    ];
    assert_refused(
        &browser.call("permissions/toggle", &fields).await,
        409,
        "This client was revoked.",
    );
}
