//! The sign-in page after a session has ended: where it leads, and whose session it was.

use chrono::TimeDelta;

use super::{Browser, EMAIL, leads_to};
use crate::support::Fixture;

const SIGN_IN: &str = "/system/sign-in";

#[tokio::test]
async fn after_a_session_the_page_names_where_it_leads_and_whose_it_was() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    // The row is kept as long as the cookie is.
    fixture.advance(TimeDelta::hours(11));
    fixture.console.sweep().await.unwrap();
    let mut stranger = Browser::new(&fixture);
    let mut forger = Browser::new(&fixture);
    forger.cookies.insert("claviger".to_owned(), "0".repeat(43));
    for (page, named) in [
        (
            "/system/api-clients?status=expired".to_owned(),
            "API clients".to_owned(),
        ),
        (
            "/system/organizations/new".to_owned(),
            "Add organization".to_owned(),
        ),
        (
            format!("/system/api-clients/{id}"),
            format!("the client <code translate=\"no\">{id}</code>"),
        ),
    ] {
        let sign_in = leads_to(&browser.open(&page).await);
        assert!(sign_in.ends_with("&ended=1"), "{sign_in}");
        let shown = browser.open(&sign_in).await.body;
        let sentence = format!("Sign in to go back to <strong>{named}</strong>.");
        assert!(shown.contains(&sentence), "{shown}");
        assert!(shown.contains(&format!(r#"value="{EMAIL}""#)), "{shown}");
        assert!(
            !shown.contains(&client.name),
            "a name is read by whoever is signed in"
        );
        for other in [&mut stranger, &mut forger] {
            let shown = other.open(&sign_in).await.body;
            assert!(
                shown.contains(&sentence) && !shown.contains(EMAIL),
                "{shown}"
            );
        }
    }
    for nowhere in ["/system/api-clients/%3Cb%3E", "//evil.example", "Call+0900"] {
        let page = browser
            .open(&format!("{SIGN_IN}?next={nowhere}&ended=1"))
            .await;
        assert!(page.body.contains("Sign in to go on."), "{}", page.body);
    }
    // What was typed is not overwritten.
    let wrong = browser
        .submit(
            "sign-in",
            SIGN_IN,
            &[("form[email]", "bea@example.org"), ("password", "wrong")],
        )
        .await;
    assert!(wrong.body.contains(r#"value="bea@example.org""#) && !wrong.body.contains(EMAIL));
    fixture.advance(TimeDelta::hours(1));
    fixture.console.sweep().await.unwrap();
    assert!(!browser.open(SIGN_IN).await.body.contains(EMAIL));
}
