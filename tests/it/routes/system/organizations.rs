//! `/system/organizations`: listed and made.

use serde_json::json;

use super::{Browser, assert_refused, leads_to, refusal};
use crate::routes::everything;
use crate::support::{House, shell};

const NEW: &str = "/system/organizations/new";

#[tokio::test]
async fn an_organization_is_made_with_a_plain_form() {
    let house = House::new().await;
    let mut browser = Browser::signed_in(&house).await;
    let answer = browser
        .submit(
            "organizations/create",
            NEW,
            &[
                ("form[name]", " City of Porto "),
                ("form[host]", "Porto.Example"),
            ],
        )
        .await;
    assert_eq!(leads_to(&answer), "/system/organizations?created=1");
    let list = browser.open(&leads_to(&answer)).await;
    assert!(list.body.contains("City of Porto") && list.body.contains("porto.example"));
    assert_eq!(
        house
            .database
            .count("organizations WHERE name = 'City of Porto' AND host = 'porto.example'")
            .await,
        1
    );
    assert_eq!(house.database.count("audit_events WHERE action = 'organization.created' AND actor = 'ada@example.org' AND target = 'organization:1'").await, 1);
}

#[tokio::test]
async fn one_that_is_not_filled_in_leads_back_with_what_was_typed() {
    let house = House::new().await;
    let mut browser = Browser::signed_in(&house).await;
    house.organization("City of Porto", "porto.example").await;
    let before = everything(&house).await;
    for (name, host, wrong) in [
        ("", "", "name"),
        ("x", "https://basel.example", "host"),
        ("x", "porto.example", "host"),
        ("x", "127.0.0.1:3000", "host"),
    ] {
        let answer = browser
            .submit(
                "organizations/create",
                NEW,
                &[("form[name]", name), ("form[host]", host)],
            )
            .await;
        let (page, error) = refusal(&answer);
        assert_eq!(
            (
                page.as_str(),
                &error["reason"]["Refused"]["Invalid"][0]["field"]
            ),
            (NEW, &json!(wrong)),
            "{error}"
        );
        let again = browser.open(answer.header("location")).await;
        assert!(
            again.status.as_u16() == 200 && again.body.contains(&format!(r#"value="{host}""#)),
            "{}",
            again.body
        );
        assert_refused(
            &browser
                .call(
                    "organizations/create",
                    &[("form[name]", name), ("form[host]", host)],
                )
                .await,
            422,
            wrong,
        );
    }
    assert_eq!(everything(&house).await, before);
}

#[tokio::test]
async fn an_archived_one_is_not_offered_any_more() {
    let house = House::new().await;
    let mut browser = Browser::signed_in(&house).await;
    let id = house.organization("Gone with the wind", "").await;
    assert!(
        browser
            .open("/system/organizations")
            .await
            .body
            .contains("Gone with the wind")
    );
    house
        .service
        .archive_organization(&shell(), id)
        .await
        .unwrap();
    for page in ["/system/organizations", "/system/api-clients/new"] {
        assert!(
            !browser.open(page).await.body.contains("Gone with the wind"),
            "{page}"
        );
    }
    let id = id.to_string();
    let fields = [
        ("form[name]", "x"),
        ("form[organization_id]", id.as_str()),
        ("form[scopes][]", "blogs"),
    ];
    assert_refused(
        &browser.call("clients/create", &fields).await,
        422,
        "There is no organization 1.",
    );
}
