//! The page of a client's tokens: revoked, examined, and why requests were refused.

use axum::http::Method;
use claviger::domain::role::Role;
use claviger::service::CreatedClient;

use super::{Browser, FORM, form, leads_to};
use crate::routes::everything;
use crate::support::{AppResponse, Fixture, secret, shell};

fn tokens_of(client: &CreatedClient) -> String {
    format!("/system/api-clients/{}/tokens", client.client.id)
}

/// A client with two tokens, the older first, and the browser of an owner.
async fn two_tokens() -> (Fixture, CreatedClient, [String; 2], Browser) {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let first = fixture.app().issued(&client, "").await;
    fixture.advance(chrono::TimeDelta::seconds(90));
    let second = fixture.app().issued(&client, "&scope=public").await;
    fixture.tokens.flush_usage().await.unwrap();
    let browser = Browser::signed_in(&fixture).await;
    (fixture, client, [first, second], browser)
}

/// Asks what a token is.
async fn examine(browser: &mut Browser, page: &str, token: &str) -> AppResponse {
    let headers = [
        ("accept", "text/html"),
        ("content-type", FORM),
        ("sec-fetch-site", "same-origin"),
    ];
    browser
        .send(Method::POST, page, &headers, &form(&[("token", token)]))
        .await
}

/// What the forms of a page send as `token`, in the order of the page.
fn handles(page: &str) -> Vec<String> {
    let parts = page.split(r#"name="token" value=""#).skip(1);
    parts
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The end of a token's id.
async fn end(fixture: &Fixture, token: &str) -> String {
    let examined = fixture
        .console
        .examine_token(&shell(), &secret(token))
        .await;
    examined.unwrap().id.end()
}

async fn is_active(fixture: &Fixture, client: &CreatedClient, token: &str) -> bool {
    fixture.app().introspect(client, token).await["active"] == true
}

#[tokio::test]
async fn one_token_is_revoked_without_a_question_and_the_page_says_so() {
    let (fixture, client, [first, second], mut browser) = two_tokens().await;
    let here = tokens_of(&client);
    let page = browser.open(&here).await.body;
    assert!(page.contains("2 live"), "{page}");
    assert!(!page.contains(&first) && !page.contains(&second));
    let [newest, oldest] = &handles(&page)[..] else {
        panic!("{page}")
    };
    assert_ne!(newest, oldest);
    let id = client.client.id.as_str();
    let fields = [("id", id), ("token", oldest.as_str())];
    let answer = browser.submit("tokens/revoke", &here, &fields).await;
    let done = format!("{here}?revoked={}", end(&fixture, &first).await);
    assert_eq!(leads_to(&answer), done);
    assert!(!is_active(&fixture, &client, &first).await);
    assert!(is_active(&fixture, &client, &second).await);
    let page = browser.open(&done).await.body;
    let said = format!("Token …{} revoked.", end(&fixture, &first).await);
    for part in [said.as_str(), "Its next request gets a 401.", "1 live"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(handles(&page).len(), 1);
    // What is no end of an id is not repeated.
    let page = browser.open(&format!("{here}?revoked=%3Cb%3Eevil")).await;
    assert!(!page.body.contains("revoked."), "{}", page.body);
    // A handle of another client's token is refused, and the page says why.
    let other = fixture.client_of(None, &["system"], &[]).await;
    let fields = [("id", other.client.id.as_str()), ("token", newest)];
    let answer = browser.submit("tokens/revoke", &here, &fields).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(answer.body.contains("The token was not revoked."));
    assert!(is_active(&fixture, &client, &second).await);
}

#[tokio::test]
async fn tokens_after_the_tenth_are_folded_away() {
    let (fixture, client, _, mut browser) = two_tokens().await;
    for total in [10, 11, 12] {
        while handles(&browser.open(&tokens_of(&client)).await.body).len() < total {
            fixture.app().issued(&client, "").await;
            fixture.tokens.flush_usage().await.unwrap();
        }
        let page = browser.open(&tokens_of(&client)).await.body;
        let (shown, older) = page.split_once("older token").unwrap_or((&page, ""));
        assert_eq!(handles(shown).len(), 10, "{total}");
        assert_eq!(handles(older).len(), total - 10, "{total}");
        let words = match total {
            10 => continue,
            11 => "Show one older token<",
            _ => "Show 2 older tokens<",
        };
        assert!(page.contains(words), "{page}");
    }
}

#[tokio::test]
async fn all_tokens_are_revoked_after_a_question() {
    let (fixture, client, tokens, mut browser) = two_tokens().await;
    let (here, id) = (tokens_of(&client), client.client.id.as_str());
    let ask = format!("{here}/revoke");
    assert!(
        browser
            .open(&here)
            .await
            .body
            .contains(&format!(r#"href="{ask}""#))
    );
    let dialog = browser.open(&ask).await.body;
    for sentence in [
        "2 live tokens stop working at once",
        "The client keeps working and can ask for new ones.",
    ] {
        assert!(dialog.contains(sentence), "{dialog}");
    }
    for token in &tokens {
        assert!(
            is_active(&fixture, &client, token).await,
            "a page ends nothing"
        );
    }
    let answer = browser
        .submit("tokens/revoke-all", &ask, &[("id", id)])
        .await;
    assert_eq!(leads_to(&answer), format!("{here}?revoked-all"));
    for token in &tokens {
        assert!(!is_active(&fixture, &client, token).await);
    }
    let next = fixture.app().issued(&client, "").await;
    assert!(is_active(&fixture, &client, &next).await);
    let page = browser.open(&format!("{here}?revoked-all")).await.body;
    assert!(page.contains("All tokens issued so far are revoked."));
    assert!(
        page.contains("with all") && handles(&page).is_empty(),
        "{page}"
    );
}

#[tokio::test]
async fn a_pasted_token_says_what_it_is_and_is_never_shown_again() {
    let (fixture, client, [first, _], mut browser) = two_tokens().await;
    let other = fixture.client_of(None, &["system"], &[]).await;
    let here = tokens_of(&client);
    let before = everything(&fixture).await;
    let answer = examine(&mut browser, &here, &first).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    assert!(!answer.body.contains(&first), "it is not repeated");
    for part in [
        "It works for another 1\u{a0}h 58\u{a0}min.",
        "Revoke this token",
        "proposals",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(!answer.body.contains("It is not a token of this client."));
    let elsewhere = examine(&mut browser, &tokens_of(&other), &first).await.body;
    assert!(elsewhere.contains("It is not a token of this client."));
    assert!(
        elsewhere.contains(&format!(r#"href="{here}""#)),
        "a link to the other client"
    );
    for wrong in ["", "clv_nonsense", &first[1..]] {
        let answer = examine(&mut browser, &here, wrong).await;
        assert_eq!(answer.status.as_u16(), 422, "{wrong}");
        assert!(answer.body.contains("This is not a token of this server"));
        assert!(wrong.is_empty() || !answer.body.contains(wrong), "{wrong}");
        assert!(answer.body.contains("<title>Error: Tokens of"));
    }
    assert_eq!(everything(&fixture).await, before);
    let handle = handles(&elsewhere).pop().unwrap();
    let fields = [("id", client.client.id.as_str()), ("token", &handle)];
    let answer = browser.submit("tokens/revoke", &here, &fields).await;
    assert!(leads_to(&answer).starts_with(&format!("{here}?revoked=")));
    let answer = examine(&mut browser, &here, &first).await.body;
    assert!(answer.contains("It is not live: it was revoked by itself."));
    assert!(!answer.contains("Revoke this token"));
}

#[tokio::test]
async fn nobody_else_may_ask_what_a_token_is() {
    let (fixture, client, [first, _], mut browser) = two_tokens().await;
    let here = tokens_of(&client);
    let body = form(&[("token", first.as_str())]);
    for from in [
        [("accept", "text/html"), ("sec-fetch-site", "cross-site")],
        [("accept", "text/html"), ("origin", "null")],
    ] {
        let mut headers = vec![("content-type", FORM)];
        headers.extend(from);
        let answer = browser.send(Method::POST, &here, &headers, &body).await;
        assert_eq!(answer.status.as_u16(), 403, "{from:?}");
    }
    let mut stranger = Browser::new(&fixture);
    let answer = examine(&mut stranger, &here, &first).await;
    assert_eq!(leads_to(&answer), format!("/system/sign-in?next={here}"));
    let nobody = examine(&mut browser, "/system/api-clients/id_nobody/tokens", &first).await;
    assert_eq!(nobody.status.as_u16(), 404);
    assert!(!nobody.body.contains(&first));
}

#[tokio::test]
async fn an_auditor_reads_and_revokes_nothing() {
    let (fixture, client, [first, _], _) = two_tokens().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let (here, id) = (tokens_of(&client), client.client.id.as_str());
    let page = auditor.open(&here).await.body;
    assert!(
        page.contains("2 live") && handles(&page).is_empty(),
        "{page}"
    );
    assert!(!page.contains("Revoke all"), "{page}");
    let dialog = auditor.open(&format!("{here}/revoke")).await.body;
    assert!(dialog.contains("not change it") && !dialog.contains("tokens/revoke-all"));
    let answer = examine(&mut auditor, &here, &first).await.body;
    assert!(answer.contains("It works for another") && handles(&answer).is_empty());
    let handle = fixture
        .console
        .examine_token(&shell(), &secret(&first))
        .await;
    let handle = handle.unwrap().handle;
    for (endpoint, fields) in [
        ("tokens/revoke-all", vec![("id", id)]),
        ("tokens/revoke", vec![("id", id), ("token", &handle)]),
    ] {
        let answer = auditor.submit(endpoint, &here, &fields).await;
        assert_eq!(answer.status.as_u16(), 403, "{endpoint}");
    }
    assert!(is_active(&fixture, &client, &first).await);
}

#[tokio::test]
async fn refusals_are_told_on_the_tokens_page_and_in_a_line_on_the_others() {
    let (fixture, client, _, mut browser) = two_tokens().await;
    let here = tokens_of(&client);
    let top = format!("/system/api-clients/{}", client.client.id);
    assert!(
        browser
            .open(&here)
            .await
            .body
            .contains("No request of this client was refused lately.")
    );
    assert!(!browser.open(&top).await.body.contains("were refused"));
    for _ in 0..3 {
        let refused = fixture.app().token(&client, "&scope=system").await;
        assert_eq!(refused.status.as_u16(), 400);
    }
    fixture.tokens.flush_usage().await.unwrap();
    let page = browser.open(&here).await.body;
    for part in [
        "It asked for a scope that it does not own",
        "3 times since 23 Nov 2026, from 192.0.2.0/24.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for page in [top.clone(), format!("{top}/permissions")] {
        let line = browser.open(&page).await.body;
        if page == top {
            let told = "Refused in the last 24 hours: a scope that it does not own, last ";
            assert!(line.contains(told), "{line}");
            assert!(line.contains(&format!(r#"href="{here}#refused""#)));
        }
    }
}

#[tokio::test]
async fn the_chart_says_its_numbers_in_words_and_in_a_table() {
    let (_fixture, client, _, mut browser) = two_tokens().await;
    let here = tokens_of(&client);
    for (query, time) in [
        ("", "14 days"),
        ("?period=day", "24 hours"),
        ("?period=month", "30 days"),
        ("?period=x", "14 days"),
    ] {
        let page = browser.open(&format!("{here}{query}")).await.body;
        let label =
            format!("Bar chart: token requests in {time}: 2 issued, 0 introspected, 0 refused");
        assert!(page.contains(&label), "{query}: {page}");
        assert!(
            page.contains("Show as a table") && page.contains("Issued 2"),
            "{query}"
        );
    }
}
