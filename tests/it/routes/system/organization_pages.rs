//! The lists of very many organizations: pages by name, the search, and the notice after a change.

use super::Browser;
use crate::support::{AppResponse, Fixture};

const LIST: &str = "/system/organizations";

/// A thousand organizations; their names go the other way than their ids, and two share each.
async fn thousand() -> Fixture {
    let fixture = Fixture::new().await;
    let names = (0..1_000).map(|position| format!("Town {:04}", (999 - position) / 2));
    fixture.organizations(names).await;
    fixture
}

/// What follows a text, up to the next quotation mark.
fn after<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    let parts = page.split(before).skip(1);
    parts.map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The ids of the organizations of a page.
fn ids(page: &AppResponse) -> Vec<i64> {
    let ids = after(&page.body, r#""/system/api-clients?organization="#);
    ids.into_iter().map(|id| id.parse().unwrap()).collect()
}

/// Opens pages by one of their links until there is none, and returns the ids of each.
async fn follow(browser: &mut Browser, first: String, link: &str) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut address = Some(first);
    while let Some(next) = address {
        let page = browser.open(&next).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.body.len() < 80_000, "{} bytes", page.body.len());
        pages.push(ids(&page));
        let found = after(&page.body, &format!("href=\"{LIST}?{link}="));
        address = found.first().map(|key| format!("{LIST}?{link}={key}"));
    }
    pages
}

#[tokio::test]
async fn a_thousand_are_on_pages_by_name_without_a_gap() {
    let fixture = thousand().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let first = browser.open(LIST).await.body;
    assert!(first.contains("Showing 50 of 1,000 organizations."));
    let pages = follow(&mut browser, LIST.to_owned(), "after").await;
    assert!(pages.len() == 20 && pages.iter().all(|page| page.len() == 50));
    let mut by_name: Vec<i64> = (1..=1_000).collect();
    by_name.sort_by_key(|id| ((1_000 - id) / 2, *id));
    assert_eq!(pages.concat(), by_name);

    let last = *pages[19].first().unwrap();
    let before = format!("{LIST}?before={last}");
    let mut back = follow(&mut browser, before, "before").await;
    back.reverse();
    assert_eq!(back, pages[..19]);
}

#[tokio::test]
async fn a_search_finds_by_the_beginnings_of_words() {
    let fixture = thousand().await;
    fixture
        .organization("City of Porto", "participa.example")
        .await;
    let mut browser = Browser::signed_in(&fixture).await;
    for (query, said) in [
        ("porto+ci", "Showing 1 organization."),
        ("participa", "Showing 1 organization."),
        ("1001", "Showing 1 organization."),
        ("town+0123", "Showing 2 organizations."),
        ("town", "Showing 50 organizations."),
        ("%3Cb%3E", "No organization matches “&lt;b&gt;”"),
    ] {
        let page = browser.open(&format!("{LIST}?q={query}")).await;
        assert!(page.body.contains(said), "{query}: {}", page.body);
        assert!(page.body.contains(r#"id="filters""#) && page.body.contains(r#"id="results""#));
    }
    let page = browser.open(&format!("{LIST}?q=town")).await.body;
    let next = after(&page, r#"href="/system/organizations?q=town&amp;after="#);
    let page = browser
        .open(&format!("{LIST}?q=town&after={}", next[0]))
        .await;
    assert_eq!(ids(&page).len(), 50);
    let page = browser.open(&format!("{LIST}?after=9999")).await.body;
    assert!(
        page.contains("No more organizations on this page"),
        "{page}"
    );
}

#[tokio::test]
async fn the_notice_after_a_change_needs_no_row_on_the_page() {
    let fixture = thousand().await;
    let last = fixture.organization("Zug", "zug.example").await;
    let mut browser = Browser::signed_in(&fixture).await;
    for (change, said) in [("created", "was added"), ("changed", "has the host")] {
        let page = browser.open(&format!("{LIST}?{change}={last}")).await;
        assert!(!ids(&page).contains(&last.0));
        assert!(
            page.body.contains("Zug") && page.body.contains(said),
            "{change}"
        );
        let page = browser.open(&format!("{LIST}?{change}=9999")).await;
        assert!(page.status.is_success() && !page.body.contains(said));
    }
}

#[tokio::test]
async fn the_archived_ones_are_on_pages() {
    let fixture = thousand().await;
    let archive = "UPDATE organizations SET archived_at = created_at WHERE id <= 120";
    fixture.database.execute(archive).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open(LIST).await.body;
    assert!(page.contains("Showing 50 of 880 organizations.") && page.contains("120 archived"));
    let mut address = Some(format!("{LIST}/archived"));
    let mut restored = Vec::new();
    while let Some(next) = address {
        let page = browser.open(&next).await.body;
        let links = after(&page, "href=\"/system/organizations/");
        let restoring = links
            .iter()
            .filter_map(|link| link.strip_suffix("/restore"));
        restored.extend(restoring.map(ToOwned::to_owned));
        let next = after(&page, "href=\"/system/organizations/archived?after=");
        address = next
            .first()
            .map(|key| format!("{LIST}/archived?after={key}"));
    }
    restored.sort_unstable();
    restored.dedup();
    assert_eq!(restored.len(), 120);
}
