//! The organization in the form for a new client: a choice of a few, a name or an id where there are many.

use std::sync::atomic::{AtomicU32, Ordering};

use super::clients::NEW;
use super::{Browser, in_attribute, leads_to, refusal};
use crate::support::{AppResponse, Fixture, shell};

const TEXT: &str = r#"name="form[organization]""#;

/// More organizations than the form lists: towns, one of which has a namesake.
async fn many() -> Fixture {
    let fixture = Fixture::new().await;
    let names = (1..=101).map(|position| format!("Town {position}"));
    fixture.organizations(names).await;
    for name in ["Porto", "Porto Alegre", "Springfield", "springfield"] {
        fixture.organization(name, "").await;
    }
    fixture
}

/// Sends the form with an organization.
async fn send(browser: &mut Browser, organization: &[(&str, &str)]) -> AppResponse {
    // An organization has one client of a name.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("Dashboard {}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut fields = vec![("form[name]", name.as_str()), ("form[scopes][]", "blogs")];
    fields.extend(organization);
    browser.submit("clients/create", NEW, &fields).await
}

/// The ids that a page offers, and whether each is chosen.
fn offered(page: &str) -> Vec<(String, bool)> {
    let radios = page.split(r#"type="radio" name="form[organization_id]""#);
    let radio = |rest: &str| {
        let tag = rest.split('>').next().unwrap();
        let value = tag.split_once("value=\"").unwrap().1;
        let id = value.split('"').next().unwrap();
        (id.to_owned(), tag.contains("checked"))
    };
    radios.skip(1).map(radio).collect()
}

async fn organization_of(fixture: &Fixture, answer: &AppResponse) -> i64 {
    let page = leads_to(answer);
    let id = page.rsplit('/').next().unwrap();
    let client = fixture.console.get_client(&shell(), id).await.unwrap();
    client.organization_id.unwrap().0
}

#[tokio::test]
async fn a_few_are_a_choice_and_many_are_named() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture
        .organizations((1..=100).map(|id| format!("Town {id}")))
        .await;
    let page = browser.open(&format!("{NEW}?organization=7")).await.body;
    assert!(
        page.contains(r#"<option value="7" selected>Town 7"#),
        "{page}"
    );
    assert!(!page.contains(TEXT));

    fixture.organization("Bern & Berne", "").await;
    let page = browser.open(NEW).await.body;
    assert!(page.contains(TEXT) && !page.contains("Town 7"), "{page}");
    assert!(offered(&page).is_empty());
    let page = browser.open(&format!("{NEW}?organization=101")).await.body;
    assert!(
        page.contains(&format!(r#"value="{}""#, in_attribute("Bern & Berne"))),
        "{page}"
    );
    assert!(
        page.contains(r#"name="form[organization_filled_in]" value="101""#),
        "{page}"
    );
}

#[tokio::test]
async fn an_organization_is_named_by_its_name_or_its_id() {
    let fixture = many().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let text = "form[organization]";
    let chosen = "form[organization_id]";
    let filled_in = "form[organization_filled_in]";
    for (fields, id) in [
        (&[(text, " town  42")][..], 42),
        (&[(text, "42")], 42),
        (&[(text, "PORTO")], 102),
        // Two have this name: the one that was filled in, or the chosen one.
        (&[(text, "Springfield"), (filled_in, "105")], 105),
        (&[(text, "springfield"), (chosen, "104")], 104),
        // Another name was typed in its place.
        (&[(text, "Town 9"), (filled_in, "105")], 9),
        (&[(text, "por"), (chosen, "103")], 103),
        (&[(chosen, "103")], 103),
    ] {
        let answer = send(&mut browser, fields).await;
        assert_eq!(organization_of(&fixture, &answer).await, id, "{fields:?}");
    }
}

#[tokio::test]
async fn what_may_mean_several_is_asked_for() {
    let fixture = many().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = fixture.database.count("api_clients").await;
    let text = "form[organization]";
    let chosen = "form[organization_id]";
    for (fields, ids) in [
        (&[(text, "springfield")][..], &["104", "105"][..]),
        (&[(text, "por")], &["102", "103"]),
        (&[(text, "alegre")], &["103"]),
        // The choice belongs to another text.
        (&[(text, "spring"), (chosen, "102")], &["104", "105"]),
        (&[(text, "Ovar")], &[]),
    ] {
        let answer = send(&mut browser, fields).await;
        assert_eq!(refusal(&answer).fields, ["organization_id"]);
        let said = if ids.is_empty() {
            "There is no such organization."
        } else {
            "Choose the organization that you mean."
        };
        assert!(answer.body.contains(said), "{fields:?}: {}", answer.body);
        let typed = format!(r#"value="{}""#, fields[0].1);
        assert!(answer.body.contains(&typed), "{}", answer.body);
        let offered: Vec<String> = offered(&answer.body)
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(offered, ids, "{fields:?}");
    }
    let towns = send(&mut browser, &[(text, "town")]).await;
    assert_eq!(offered(&towns.body).len(), 20);
    assert_eq!(fixture.database.count("api_clients").await, before);
}

#[tokio::test]
async fn a_form_with_another_error_keeps_its_organization() {
    let fixture = many().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let text = "form[organization]";
    let chosen = "form[organization_id]";
    for (fields, value, radios) in [
        (&[(text, "Town 5")][..], "Town 5", &[][..]),
        (
            &[(text, "por"), (chosen, "103")],
            "por",
            &[("102", false), ("103", true)],
        ),
        // The form had a choice when it was opened.
        (&[(chosen, "102")], "Porto", &[]),
    ] {
        let answer = browser.submit("clients/create", NEW, fields).await;
        assert_eq!(refusal(&answer).fields, ["name", "scopes"], "{fields:?}");
        assert!(
            answer.body.contains(&format!(r#"value="{value}""#)),
            "{}",
            answer.body
        );
        let offered = offered(&answer.body);
        let shown: Vec<_> = offered.iter().map(|(id, on)| (id.as_str(), *on)).collect();
        assert_eq!(shown, radios, "{fields:?}");
    }
    // A text that was deleted stays deleted: the client would have no organization.
    let fields = [(text, ""), ("form[organization_filled_in]", "102")];
    let answer = send(&mut browser, &fields).await;
    assert_eq!(refusal(&answer).fields, ["organization_id"]);
    assert!(!answer.body.contains("Porto"), "{}", answer.body);
}
