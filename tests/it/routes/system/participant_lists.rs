//! The lists of participants: of which organization, searched, page by page; and whom a client reaches.

use super::Browser;
use super::participants::add;
use crate::support::{Fixture, shell};
use claviger::domain::participant::ImportFile;

const LIST: &str = "/system/participants";

#[tokio::test]
async fn an_organization_is_chosen_first() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    for page in [
        LIST,
        "/system/participants/new",
        "/system/participants/import",
    ] {
        let body = browser.open(page).await.body;
        assert!(body.contains("No organizations yet"), "{page}");
    }
    let porto = fixture.organization("City of Porto", "").await;
    let page = browser.open(LIST).await.body;
    assert!(page.contains("No participants yet") && page.contains("Add participant"));
    assert!(!page.contains("<select"), "there is no other");
    let ovar = fixture.organization("District of Ovar", "").await;
    add(&fixture, porto, "eva").await;
    add(&fixture, ovar, "bea").await;
    let page = browser.open(LIST).await.body;
    assert!(page.contains("Choose an organization") && page.contains("<select"));
    for (id, own, other) in [(porto, "eva@", "bea@"), (ovar, "bea@", "eva@")] {
        let page = browser.open(&format!("{LIST}?organization={id}")).await;
        assert!(page.body.contains(own) && !page.body.contains(other));
        assert!(page.body.contains("Showing 1 of 1 participant."));
        let new = format!("{LIST}/new?organization={id}");
        assert!(page.body.contains(&new));
    }
    let unknown = browser.open(&format!("{LIST}?organization=99")).await;
    assert_eq!(unknown.status.as_u16(), 404);
}

#[tokio::test]
async fn among_very_many_an_organization_is_named() {
    let fixture = Fixture::new().await;
    let names = (0..150).map(|number| format!("Town {}", number / 2));
    fixture.organizations(names).await;
    fixture.organization("City of Porto", "").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open(LIST).await.body;
    assert!(!page.contains("<select") && page.contains(r#"placeholder="Name or ID""#));
    let page = browser
        .open(&format!("{LIST}?organization=porto"))
        .await
        .body;
    assert!(page.contains("No participants yet") && page.contains("City of Porto"));
    let page = browser
        .open(&format!("{LIST}?organization=Town+7"))
        .await
        .body;
    assert!(page.contains("Choose an organization"));
    for id in [15, 16] {
        assert!(page.contains(&format!("href=\"{LIST}?organization={id}\"")));
    }
    let page = browser
        .open(&format!("{LIST}?organization=%3Cb%3E"))
        .await
        .body;
    assert!(
        page.contains("No organization matches “<bdi>&lt;b&gt;</bdi>”."),
        "{page}"
    );
}

#[tokio::test]
async fn a_hundred_are_on_pages_by_nickname_and_found_by_beginnings() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let lines = (0..120).map(|number| format!("p{number:03},p{number:03}@example.org,Person\n"));
    let content = format!("nickname,email,name\n{}", lines.collect::<String>());
    let file = ImportFile {
        organization_id: porto,
        content: content.as_bytes(),
        is_dry_run: false,
    };
    let console = &fixture.console;
    let report = console.import_participants(&shell(), &file, &|_| {}).await;
    assert!(report.unwrap().is_written);
    let mut browser = Browser::signed_in(&fixture).await;
    let (mut address, mut found) = (Some(LIST.to_owned()), Vec::new());
    while let Some(next) = address {
        let page = browser.open(&next).await.body;
        let rows = page.split("rowheader").skip(1);
        let names = rows.filter_map(|row| Some(row.split_once("<bdi>")?.1.get(..4)?.to_owned()));
        found.extend(names);
        let after = page.split_once("&amp;after=").map(|(_, rest)| rest);
        let after = after.and_then(|rest| rest.split('"').next());
        address = after.map(|key| format!("{LIST}?organization=1&after={key}"));
    }
    let all: Vec<String> = (0..120).map(|number| format!("p{number:03}")).collect();
    assert_eq!(found, all);
    for (query, said) in [
        ("q=p01", "Showing 10 participants."),
        ("q=person+p119", "Showing 1 participant."),
        ("q=%3Cb%3E", "No participant matches “&lt;b&gt;”"),
        ("after=9999", "No more participants on this page"),
        ("imported=120", "120 participants were imported."),
    ] {
        let page = browser
            .open(&format!("{LIST}?organization=1&{query}"))
            .await;
        assert!(page.body.contains(said), "{query}: {}", page.body);
    }
}

#[tokio::test]
async fn a_client_says_whom_it_reaches() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    add(&fixture, porto, "ada").await;
    add(&fixture, porto, "bea").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let both = &["oauth.impersonate", "oauth.login"];
    for (organization, permissions, said) in [
        (
            Some(porto),
            &both[..],
            vec!["oauth.impersonate", "oauth.login", "2 participants"],
        ),
        (
            Some(porto),
            &both[1..],
            vec!["oauth.login", "2 participants"],
        ),
        (None, &both[..1], vec!["it reaches nobody"]),
    ] {
        let scopes: &[&str] = if organization.is_some() {
            &["public"]
        } else {
            &["system"]
        };
        let client = fixture.client_of(organization, scopes, permissions).await;
        let page = browser
            .open(&format!("/system/api-clients/{}", client.client.id))
            .await
            .body;
        let card = page
            .split_once(r#"aria-labelledby="participants""#)
            .unwrap()
            .1;
        let card = card.split_once("</section>").unwrap().0;
        assert!(card.contains("High risk"));
        for said in said {
            assert!(card.contains(said), "{said}: {card}");
        }
        let link = card.contains(r#"href="/system/participants?organization=1""#);
        assert_eq!(link, organization.is_some());
    }
    let client = fixture.client_of(Some(porto), &["public"], &[]).await;
    let page = browser
        .open(&format!("/system/api-clients/{}", client.client.id))
        .await
        .body;
    assert!(!page.contains(r#"aria-labelledby="participants""#));
}
