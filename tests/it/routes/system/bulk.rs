//! The list of clients: choosing several, what they are asked before, and the list as a file.

use axum::http::Method;
use claviger::domain::client::Client;
use claviger::domain::role::Role;

use super::{Browser, leads_to};
use crate::support::{AppResponse, Fixture, shell};

const LIST: &str = "/system/api-clients";

/// The address of the page before an act on clients.
fn page_of(act: &str, clients: &[&Client], more: &str) -> String {
    let ids: Vec<String> = clients
        .iter()
        .map(|client| format!("&client={}", client.id))
        .collect();
    format!("{LIST}/do?do={act}{}{more}", ids.concat())
}

/// The fields of the form on a page, as a browser sends them, with what was typed.
fn fields(page: &AppResponse, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let inputs = page
        .body
        .split("<input type=\"hidden\" name=\"form[")
        .skip(1);
    let mut fields: Vec<(String, String)> = inputs
        .map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            let value = rest.split('"').next().unwrap().replace("&amp;", "&");
            (format!("form[{name}"), value)
        })
        .collect();
    let typed = typed
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    fields.extend(typed);
    fields
}

async fn submit(browser: &mut Browser, page: &str, fields: &[(String, String)]) -> AppResponse {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser
        .submit("clients/change-several", page, &fields)
        .await
}

async fn two(fixture: &Fixture) -> [Client; 2] {
    let first = fixture.client().await.client;
    let second = fixture
        .client_of(first.organization_id, &["public"], &[])
        .await;
    [first, second.client]
}

#[tokio::test]
async fn several_clients_are_revoked_with_their_number() {
    let fixture = Fixture::new().await;
    let [first, second] = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let address = page_of("revoke", &[&first, &second], "&q=dashboard&sort=name");
    let page = browser.open(&address).await;
    assert_eq!(page.status.as_u16(), 200);
    for text in [
        "Revoke 2 clients?",
        "<title>Revoke 2 clients · Claviger</title>",
        first.id.as_str(),
        second.id.as_str(),
        "City of Porto",
        "None of them was used in the last 14 days",
        r#"pattern="\s*2\s*""#,
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let before = fixture.database.everything().await;
    for typed in ["", "1", "two"] {
        let fields = fields(&page, &[("form[confirm]", typed)]);
        let refused = submit(&mut browser, &address, &fields).await;
        assert_eq!(refused.status.as_u16(), 422, "{typed}");
        assert!(
            refused
                .body
                .contains("That is not the number of clients. Type 2.")
        );
    }
    assert_eq!(fixture.database.everything().await, before);

    let form = fields(&page, &[("form[confirm]", "2")]);
    let done = leads_to(&submit(&mut browser, &address, &form).await);
    assert!(
        done.starts_with("/system/api-clients?q=dashboard&sort=name&done="),
        "{done}"
    );
    let notice = "2 clients were revoked.";
    assert!(browser.open(&done).await.body.contains(notice));
    assert!(!browser.open(LIST).await.body.contains(notice));
    for client in [&first, &second] {
        assert!(fixture.reload(client).await.lifecycle.is_revoked());
    }
    // Sent again it leads to the same notice, and changes nothing.
    let before = fixture.database.everything().await;
    assert_eq!(leads_to(&submit(&mut browser, &address, &form).await), done);
    assert_eq!(fixture.database.everything().await, before);
    let mut other = Browser::of(&fixture, "eve@example.org", Role::Owner).await;
    assert!(!other.open(&done).await.body.contains(notice));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_left_out() {
    let fixture = Fixture::new().await;
    let [first, second] = two(&fixture).await;
    let console = &fixture.console;
    console
        .revoke_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser
        .open(&page_of("suspend", &[&first, &second], "&client=id_nobody"))
        .await;
    for text in [
        "Suspend 1 client?",
        "2 clients cannot be suspended",
        "It was revoked by ",
        "There is no such client.",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let sent = fields(&page, &[]);
    let clients = sent.iter().filter(|(name, _)| name == "form[clients][]");
    assert_eq!(clients.count(), 1);

    let page = browser.open(&page_of("suspend", &[&first], "")).await;
    assert!(page.body.contains("No client to suspend"));
    assert!(!page.body.contains("form[act]"), "there is no form");
}

#[tokio::test]
async fn a_client_that_was_changed_meanwhile_stops_them_all() {
    let fixture = Fixture::new().await;
    let [first, second] = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let address = page_of("expire", &[&first, &second], "");
    let page = browser.open(&address).await;
    let form = fields(&page, &[("form[expires_on]", "2027-06-01")]);
    let console = &fixture.console;
    console
        .suspend_client(&shell(), second.id.as_str())
        .await
        .unwrap();
    let refused = submit(&mut browser, &address, &form).await;
    assert_eq!(refused.status.as_u16(), 409);
    for text in [
        second.name.as_str(),
        "by tester on the server at 12:00 UTC on 23 Nov 2026",
        r#"value="2027-06-01""#,
    ] {
        assert!(refused.body.contains(text), "{text}");
    }
    assert_eq!(fixture.reload(&first).await, first);
    // The page has them as they are now, so it can be sent again.
    let form = fields(&refused, &[("form[expires_on]", "2027-06-01")]);
    let done = leads_to(&submit(&mut browser, &address, &form).await);
    let list = browser.open(&done).await;
    assert!(list.body.contains("2 clients have a new expiry."));

    for (day, sentence) in [
        ("", "Choose the day on which it expires."),
        ("2026-11-23", "Choose a day after today, 23 Nov 2026."),
        ("tomorrow", "Write the day as year-month-day"),
    ] {
        let page = browser.open(&address).await;
        let form = fields(&page, &[("form[expires_on]", day)]);
        let refused = submit(&mut browser, &address, &form).await;
        assert_eq!(refused.status.as_u16(), 422, "{day}");
        assert!(refused.body.contains(sentence), "{day}");
    }
}

#[tokio::test]
async fn nothing_chosen_or_unknown_is_no_page_to_change_with() {
    let fixture = Fixture::new().await;
    let [first, _] = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let many = "&client=id_x".repeat(101);
    for (address, status, text) in [
        (
            page_of("revoke", &[], ""),
            422,
            "Choose at least one client.",
        ),
        (
            page_of("revoke", &[], &many),
            422,
            "Change at most 100 at once.",
        ),
        (page_of("delete", &[&first], ""), 404, "Not found"),
        (format!("{LIST}/do"), 404, "Not found"),
    ] {
        let answer = browser.open(&address).await;
        assert_eq!(answer.status.as_u16(), status, "{address}");
        assert!(answer.body.contains(text), "{address}");
    }
}

#[tokio::test]
async fn the_form_leads_back_to_the_list_and_nowhere_else() {
    let fixture = Fixture::new().await;
    let [first, _] = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    for (list, led) in [
        (
            "/system/api-clients?status=active",
            "/system/api-clients?status=active&done=",
        ),
        ("/system/organizations", "/system/api-clients?done="),
        ("//evil.example/", "/system/api-clients?done="),
        ("", "/system/api-clients?done="),
    ] {
        let client = fixture.reload(&first).await;
        let act = if client.lifecycle.is_suspended() {
            "resume"
        } else {
            "suspend"
        };
        let address = page_of(act, &[&client], "");
        let page = browser.open(&address).await;
        let mut form = fields(&page, &[]);
        form.retain(|(name, _)| name != "form[list]");
        form.push(("form[list]".to_owned(), list.to_owned()));
        let answer = submit(&mut browser, &address, &form).await;
        assert!(leads_to(&answer).starts_with(led), "{list} {answer:?}");
    }
}

#[tokio::test]
async fn an_auditor_chooses_nothing_but_exports() {
    let fixture = Fixture::new().await;
    let [first, second] = two(&fixture).await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let list = auditor.open(LIST).await.body;
    assert!(!list.contains("name=\"client\"") && list.contains("Export CSV"));
    let asked = auditor.open(&page_of("revoke", &[&first], "")).await;
    assert_eq!(asked.status.as_u16(), 403);
    let mut owner = Browser::signed_in(&fixture).await;
    assert!(owner.open(LIST).await.body.contains("name=\"client\""));
    let address = page_of("revoke", &[&first, &second], "");
    let page = owner.open(&address).await;
    let form = fields(&page, &[("form[confirm]", "2")]);
    let refused = submit(&mut auditor, &address, &form).await;
    assert_eq!(refused.status.as_u16(), 403);
    assert!(!fixture.reload(&first).await.lifecycle.is_revoked());
}

#[tokio::test]
async fn a_list_is_exported_with_its_filters_by_a_post_from_our_page() {
    let fixture = Fixture::new().await;
    let [first, second] = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let own = [("accept", "text/html"), ("sec-fetch-site", "same-origin")];
    let page = browser
        .open("/system/api-clients?scope=blogs&sort=used")
        .await;
    assert!(
        page.body
            .contains(r#"action="/system/api-clients?scope=blogs""#)
    );
    let file = browser
        .send(Method::POST, "/system/api-clients?scope=blogs", &own, "")
        .await;
    assert_eq!(file.status.as_u16(), 200);
    for (name, value) in [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        (
            "content-disposition",
            "attachment; filename=\"api-clients-2026-11-23.csv\"",
        ),
        ("cache-control", "no-store, no-transform"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(file.header(name), value);
    }
    assert_eq!(file.body.lines().count(), 2, "{}", file.body);
    assert!(file.body.contains(first.id.as_str()) && !file.body.contains(second.id.as_str()));
    let exports = "audit_events WHERE kind = 'clients.exported'";
    assert_eq!(fixture.database.count(exports).await, 1);

    let foreign = [("accept", "text/html"), ("sec-fetch-site", "cross-site")];
    let refused = browser.send(Method::POST, LIST, &foreign, "").await;
    assert_eq!(refused.status.as_u16(), 403);
    let mut stranger = Browser::new(&fixture);
    let answer = stranger.send(Method::POST, LIST, &own, "").await;
    assert!(leads_to(&answer).starts_with("/system/sign-in"));
    assert_eq!(fixture.database.count(exports).await, 1);
}

#[tokio::test]
async fn the_list_says_its_order_and_keeps_it() {
    let fixture = Fixture::new().await;
    two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let newest = browser.open(LIST).await.body;
    assert!(newest.contains(r#"href="/system/api-clients?sort=name""#));
    assert!(newest.contains("API clients, newest first") && !newest.contains("aria-sort"));
    for (sort, said, caption) in [
        ("name", "ascending", "API clients by name"),
        (
            "used",
            "descending",
            "API clients, most recently used first",
        ),
    ] {
        let page = browser
            .open(&format!("{LIST}?q=dashboard&sort={sort}"))
            .await
            .body;
        assert!(page.contains(&format!("aria-sort=\"{said}\"")) && page.contains(caption));
        // Back to the usual order, and on to another filter.
        assert!(page.contains(r#"href="/system/api-clients?q=dashboard""#));
        assert!(page.contains(&format!(r#"name="sort" value="{sort}""#)));
    }
}
