//! The form of a new client, not filled in or wrong: it comes back with what was typed and what is wrong.

use super::{Browser, RefusedPage, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, NAME, shell};

use super::clients::NEW;

/// In place of the id of an organization that is there.
const ORGANIZATION: &str = "ORGANIZATION";

/// The fields of a form, and the names of those that are wrong.
type Wrong = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const NOT_FILLED_IN: [Wrong; 10] = [
    (
        &[("form[name]", "A <b>name</b>"), ("form[scopes][]", "blogs")],
        &["organization_id"],
    ),
    (
        &[("form[name]", ""), ("form[organization_id]", ORGANIZATION)],
        &["name", "scopes"],
    ),
    (
        &[
            ("form[name]", "x"),
            ("form[organization_id]", ORGANIZATION),
            ("form[scopes][]", "nothing"),
        ],
        &["scopes"],
    ),
    (
        &[
            ("form[name]", "x"),
            ("form[organization_id]", "99"),
            ("form[scopes][]", "blogs"),
        ],
        &["organization_id"],
    ),
    (
        &[
            ("form[name]", "x"),
            ("form[organization_id]", "one"),
            ("form[scopes][]", "blogs"),
        ],
        &["organization_id"],
    ),
    (
        &[
            ("form[name]", "x"),
            ("form[scopes][]", "system"),
            ("form[expiry]", "soon"),
        ],
        &["expiry"],
    ),
    (
        &[
            ("form[name]", "x"),
            ("form[scopes][]", "system"),
            ("form[expiry]", "date"),
            ("form[expires_on]", "2026-11-23"),
        ],
        &["expires_on"],
    ),
    (
        &[("form[name]", "x\u{202E}y"), ("form[scopes][]", "system")],
        &["name"],
    ),
    // Nothing was chosen, not even that it has none.
    (
        &[
            ("form[name]", "x"),
            ("form[organization_id]", ""),
            ("form[scopes][]", "system"),
        ],
        &["organization_id"],
    ),
    (&[], &["name", "organization_id", "scopes"]),
];

#[tokio::test]
async fn a_client_that_is_not_filled_in_leads_back_with_what_was_typed() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let organization = fixture.organization("City of Porto", "").await.to_string();
    let before = everything(&fixture).await;
    for (fields, wrong) in NOT_FILLED_IN {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| match *value {
                ORGANIZATION => (*name, organization.as_str()),
                value => (*name, value),
            })
            .collect();
        let answer = browser.submit("clients/create", NEW, &fields).await;
        let RefusedPage { address, fields } = refusal(&answer);
        assert_eq!(address, NEW);
        assert_eq!(fields, wrong, "{}", answer.body);
        assert_eq!(answer.status.as_u16(), 422);
        assert!(
            answer.body.contains("The client was not created") && !answer.body.contains("<b>name"),
            "{}",
            answer.body
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_client_has_no_organization_where_none_is_chosen() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for name in ["City of Porto", "City of Braga"] {
        fixture.organization(name, "").await;
    }
    let page = browser.open(NEW).await.body;
    assert!(
        page.contains(r#"<option value="">Choose an organization"#) && !page.contains(" selected"),
        "{page}"
    );
    let mut fields = vec![
        ("form[organization_id]", "none"),
        ("form[scopes][]", "system"),
    ];
    let nameless = browser.submit("clients/create", NEW, &fields).await;
    assert_eq!(refusal(&nameless).fields, ["name"]);
    let kept = r#"<option value="none" selected>"#;
    assert!(nameless.body.contains(kept), "{}", nameless.body);
    fields.push(("form[name]", "Platform provisioning"));
    let made = leads_to(&browser.submit("clients/create", NEW, &fields).await);
    let id = made.rsplit('/').next().unwrap();
    let client = fixture.console.get_client(&shell(), id).await.unwrap();
    assert_eq!(client.organization_id, None);
}

#[tokio::test]
async fn a_name_that_is_taken_is_an_error_of_its_field() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client_of(None, &["system"], &[]).await.client;
    let other = fixture.client_of(None, &["system"], &[]).await.client;
    let before = everything(&fixture).await;
    let fields = [("form[name]", NAME), ("form[scopes][]", "system")];
    let answer = browser.submit("clients/create", NEW, &fields).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(refusal(&answer).fields, ["name"]);
    let sentence = "Another client without an organization is called “Participation dashboard”. Add what makes this one different.";
    assert!(answer.body.contains(sentence), "{}", answer.body);

    let version = other.version.to_string();
    let fields = [
        ("form[id]", other.id.as_str()),
        ("form[version]", version.as_str()),
        ("form[name]", client.name.as_str()),
    ];
    let page = format!("/system/api-clients/{}", other.id);
    let answer = browser.submit("clients/update", &page, &fields).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(answer.body.contains(sentence), "{}", answer.body);
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn every_answer_that_is_wrong_is_named_at_once() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    for (fields, wrong) in [
        (
            vec![("form[expiry]", "date"), ("form[expires_on]", "")],
            vec!["name", "scopes", "expires_on"],
        ),
        (
            vec![("form[expiry]", "date"), ("form[expires_on]", "tomorrow")],
            vec!["name", "scopes", "expires_on"],
        ),
        (
            vec![
                ("form[expiry]", "date"),
                ("form[expires_on]", "+12345-01-01"),
            ],
            vec!["name", "scopes", "expires_on"],
        ),
        (
            vec![
                ("form[name]", " "),
                ("form[organization_id]", "one"),
                ("form[scopes][]", "blogs"),
                ("form[expiry]", "soon"),
            ],
            vec!["name", "organization_id", "expiry"],
        ),
    ] {
        let answer = browser.submit("clients/create", NEW, &fields).await;
        assert_eq!(refusal(&answer).fields, wrong, "{}", answer.body);
        let headline = "The client was not created: 3 answers need attention";
        assert!(answer.body.contains(headline), "{}", answer.body);
    }
    assert_eq!(everything(&fixture).await, before);
}
