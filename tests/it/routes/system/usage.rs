//! The pages tell how much a client is used and when it was last.

use chrono::TimeDelta;
use claviger::service::CreatedClient;

use super::Browser;
use crate::support::Fixture;

const LIST: &str = "/system/api-clients";

/// What a page shows, without the comments that the framework leaves between texts.
async fn page(browser: &mut Browser, path: &str) -> String {
    browser.open(path).await.body.replace("<!>", "")
}

#[track_caller]
fn assert_has(page: &str, part: &str) {
    assert!(page.contains(part), "{part} is not in {page}");
}

/// Lets a client get some tokens, all of them written.
async fn use_it(fixture: &Fixture, client: &CreatedClient, count: u32) {
    for _ in 0..count {
        fixture.app().issued(client, "").await;
    }
    fixture.tokens.flush_usage().await.unwrap();
}

#[tokio::test]
async fn a_client_that_nobody_used_has_only_ticks() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let address = format!("{LIST}/{}", client.client.id);
    for path in [LIST, &address] {
        let page = page(&mut browser, path).await;
        assert_has(&page, r#"aria-label="0 token requests in 14 days""#);
        assert_has(&page, r#"<path d="M0 19h4v1h-4zM6 19h4v1h-4z"#);
        assert_has(&page, r##"<use class="base" href="#days"></use></svg>"##);
        assert_has(&page, "Last used");
    }
    let list = page(&mut browser, LIST).await;
    assert_has(&list, r#"class="beside nowrap" data-last-used>Never</td>"#);
    assert_has(&page(&mut browser, &address).await, "Never used.");
    let question = page(&mut browser, &format!("{address}/revoke")).await;
    assert_has(&question, "This cannot be undone.");
    assert!(!question.contains("It is in use:"), "{question}");
}

#[tokio::test]
async fn a_client_in_use_says_since_when_and_how_much() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    use_it(&fixture, &client, 1).await;
    fixture.advance(TimeDelta::days(1));
    use_it(&fixture, &client, 3).await;
    fixture.advance(TimeDelta::minutes(2));
    let mut browser = Browser::signed_in(&fixture).await;
    let time = r#"<time datetime="2026-11-24T12:00:00Z" title="24 November 2026, 12:00:00 UTC">2 min ago</time>"#;
    let address = format!("{LIST}/{}", client.client.id);
    for path in [LIST, &address] {
        let page = page(&mut browser, path).await;
        assert_has(&page, r#"aria-label="4 token requests in 14 days""#);
        let bars =
            r#"<path d="M72 14h4v6h-4z"></path><path class="last" d="M78 2h4v18h-4z"></path>"#;
        assert_has(&page, bars);
        assert_has(&page, time);
    }
    let page_of_client = page(&mut browser, &address).await;
    let time = time.replace(">2", " data-inside=\"\">2");
    assert_has(
        &page_of_client,
        &format!("Last used {time} from 192.0.2.0/24."),
    );
    let question = page(&mut browser, &format!("{address}/revoke")).await;
    let sentence =
        format!("<strong>It is in use:</strong> last used {time}, 4 requests in 14 days.");
    assert_has(&question, &sentence);
}

#[tokio::test]
async fn the_organizations_say_what_their_clients_did() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let bern = fixture.organization("Bern", "").await;
    let clients = [
        fixture.client_of(Some(porto), &["blogs"], &[]).await,
        fixture.client_of(Some(porto), &["blogs"], &[]).await,
    ];
    fixture.client_of(Some(bern), &["blogs"], &[]).await;
    use_it(&fixture, &clients[0], 1).await;
    fixture.advance(TimeDelta::days(1));
    use_it(&fixture, &clients[1], 2).await;
    fixture.advance(TimeDelta::minutes(2));
    let mut browser = Browser::signed_in(&fixture).await;
    let list = page(&mut browser, "/system/organizations").await;
    let rows: Vec<&str> = list.split("<tr").skip(2).collect();
    let [of_bern, of_porto] = rows[..] else {
        panic!("{list}");
    };
    assert_has(of_bern, "0 token requests in 14 days");
    assert_has(of_bern, ">Never</td>");
    assert_has(of_porto, "3 token requests in 14 days");
    assert_has(
        of_porto,
        r#"data-before="Requests:" class="end counted">3</td>"#,
    );
    assert_has(of_porto, ">2 min ago</time>");
    let page = page(&mut browser, &format!("/system/organizations/{porto}")).await;
    assert_has(&page, "3 requests in 14 days");
}
