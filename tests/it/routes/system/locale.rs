//! How pages write numbers and dates.

use axum::http::Method;

use super::Browser;
use crate::support::Fixture;

/// A page as it is for somebody with these languages.
async fn page(browser: &mut Browser, address: &str, languages: Option<&str>) -> String {
    let mut headers = vec![("accept", "text/html"), ("sec-fetch-site", "same-origin")];
    headers.extend(languages.map(|languages| ("accept-language", languages)));
    browser.send(Method::GET, address, &headers, "").await.body
}

#[tokio::test]
async fn a_page_is_written_for_its_reader() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    // What is older than a week has its date.
    fixture.advance(chrono::TimeDelta::days(8));
    let mut browser = Browser::signed_in(&fixture).await;
    let address = format!("/system/api-clients/{}", made.client.id);
    for (languages, name, created, exact) in [
        (
            None,
            "international",
            "23 Nov 2026",
            "23 November 2026, 12:00:00 UTC",
        ),
        (
            Some("en-US,en;q=0.9"),
            "american",
            "Nov 23, 2026",
            "November 23, 2026, 12:00:00 UTC",
        ),
        (
            Some("de-CH,de;q=0.9"),
            "swiss",
            "23 Nov 2026",
            "23 November 2026, 12:00:00 UTC",
        ),
        (
            Some("ja"),
            "year-first",
            "2026-11-23",
            "2026-11-23, 12:00:00 UTC",
        ),
        (
            Some("%%%"),
            "international",
            "23 Nov 2026",
            "23 November 2026, 12:00:00 UTC",
        ),
    ] {
        let page = page(&mut browser, &address, languages).await;
        assert!(
            page.contains(&format!("data-locale=\"{name}\"")),
            "{languages:?}"
        );
        assert!(
            page.contains(&format!(">{created}</time> by ")),
            "{languages:?}: {page}"
        );
        assert!(
            page.contains(&format!("title=\"{exact}\"")),
            "{languages:?}: {page}"
        );
        assert!(page.contains("<html lang=\"en\""));
    }
}

#[tokio::test]
async fn numbers_have_the_separators_of_their_reader() {
    let fixture = Fixture::new().await;
    let console = &fixture.console;
    let shell = crate::support::shell();
    console.fill_demo(&shell, 30, 7, |_| {}).await.unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let list = "/system/api-clients";
    let plain = page(&mut browser, list, None).await;
    let number = |page: &str| {
        let labels = page.split("aria-label=\"").skip(1);
        let mut numbers = labels.filter_map(|label| label.split_once(" token requests in "));
        let found = numbers.find(|(number, _)| number.len() > 3 && number.len() < 12);
        found.unwrap().0.to_owned()
    };
    let written = number(&plain);
    assert!(written.contains(','), "{written}");
    let german = page(&mut browser, list, Some("de")).await;
    assert_eq!(number(&german), written.replace(',', "."));
}
