//! The audit log's page, a client's activity, and the exported file.

use axum::http::Method;
use chrono::TimeDelta;
use claviger::domain::address::in_query;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;

use super::{Browser, FORM, form, in_attribute, leads_to};
use crate::support::{AppResponse, Fixture, shell};

const LOG: &str = "/system/audit";
const EXPORT: &str = "/system/audit/export";

/// Posts the form of an export.
async fn export(browser: &mut Browser, fields: &[(&str, &str)]) -> AppResponse {
    let headers = [
        ("accept", "text/html"),
        ("content-type", FORM),
        ("sec-fetch-site", "same-origin"),
    ];
    let body = form(fields);
    browser.send(Method::POST, EXPORT, &headers, &body).await
}

/// A client that was given a permission, and its id.
async fn granted(fixture: &Fixture) -> String {
    let id = fixture.client().await.client.id.to_string();
    let switches = [PermissionSwitch {
        permission: "blogs.read".to_owned(),
        on: true,
    }];
    let console = &fixture.console;
    console
        .set_permissions(&shell(), &id, &switches)
        .await
        .unwrap();
    id
}

/// The part of a page with its entries.
fn results(page: &AppResponse) -> &str {
    page.body.split_once("id=\"results\"").unwrap().1
}

#[tokio::test]
async fn each_entry_says_who_did_what_to_what() {
    let fixture = Fixture::new().await;
    let id = granted(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open(LOG).await;
    let entries = results(&page);
    for said in [
        "Today",
        "12:00:00",
        "tester on the server",
        "Command line",
        "Changed permissions",
        "class=\"chip\"><bdi>blogs.read</bdi></ins>",
        "Created organization",
        "City of Porto",
        "Signed in",
        &format!("/system/api-clients/{id}/activity"),
        "5 entries shown",
    ] {
        assert!(entries.contains(said), "{said}: {entries}");
    }
    assert!(page.body.contains("aria-current=\"page\""));
}

#[tokio::test]
async fn the_address_has_the_filters() {
    let fixture = Fixture::new().await;
    let id = granted(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    for (query, has, has_not) in [
        (
            "action=permissions",
            "Changed permissions",
            "Created client",
        ),
        (
            "action=client.created",
            "Created client",
            "Changed permissions",
        ),
        ("actor=tester", "Created client", "Signed in</span>"),
        (
            "client=partic",
            "Created client",
            "Created organization</span>",
        ),
        ("organization=1", "Created client", "Signed in</span>"),
        (
            "from=2026-11-23&to=2026-11-23",
            "Created client",
            "No entry",
        ),
        (
            "from=2026-11-24",
            "No entry fits these filters",
            "Created client",
        ),
        (
            "to=2026-11-22",
            "No entry fits these filters",
            "Created client",
        ),
        (
            "client=nobody+at+all",
            "No entry fits these filters",
            "Created client",
        ),
        ("after=1", "No more entries on this page", "Created client"),
    ] {
        let page = browser.open(&format!("{LOG}?{query}")).await;
        assert_eq!(page.status.as_u16(), 200);
        let entries = results(&page);
        assert!(
            entries.contains(has) && !entries.contains(has_not),
            "{query}: {entries}"
        );
    }
    let page = browser
        .open(&format!("{LOG}?client={id}&action=permissions&after=99"))
        .await;
    let link = in_attribute(&format!("{EXPORT}?action=permissions&client={id}"));
    assert!(
        page.body.contains(&link),
        "the export has the filters and every page"
    );
    assert!(page.body.contains("value=\"permissions\" selected"));
}

#[tokio::test]
async fn swept_entries_and_those_of_a_newer_version_are_shown() {
    let fixture = Fixture::new().await;
    granted(&fixture).await;
    let columns =
        "actor = NULL, target = NULL, data = NULL, organization_id = NULL, version = NULL";
    let swept =
        format!("UPDATE audit_events SET kind = 'token.revoked', {columns} WHERE sequence = 1");
    fixture.database.execute(&swept).await;
    let newer = "UPDATE audit_events SET kind = 'client.knighted', data = '{\"by\":\"<b>\"}' WHERE sequence = 2";
    fixture.database.execute(newer).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open(LOG).await;
    let entries = results(&page);
    for said in [
        "The content of this entry was removed after 90 days.",
        "client.knighted",
        "{\"by\":\"&lt;b&gt;\"}",
    ] {
        assert!(entries.contains(said), "{said}: {entries}");
    }
}

#[tokio::test]
async fn a_client_shows_what_was_done_to_it() {
    let fixture = Fixture::new().await;
    let id = granted(&fixture).await;
    fixture.organization("Elsewhere", "").await;
    let mut browser = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let here = format!("/system/api-clients/{id}/activity");
    let page = browser.open(&here).await.body;
    for said in [
        "Activity of Participation dashboard",
        "granted a permission to this client",
        "created this client",
        "<bdi>blogs.read</bdi></ins>",
        "The beginning of this client’s history.",
        &in_attribute(&format!("{EXPORT}?client={id}")),
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Elsewhere"));
    let page = browser.open(&format!("{here}?show=permissions")).await.body;
    assert!(page.contains("granted a permission") && !page.contains("created client this"));
    let page = browser.open(&format!("{here}?show=tokens")).await.body;
    assert!(page.contains("Nothing of this kind"));
    let page = browser.open("/system/api-clients/id_nobody/activity").await;
    assert_eq!(page.status.as_u16(), 404);
}

#[tokio::test]
async fn verifying_leads_back_and_a_broken_chain_is_loud() {
    let fixture = Fixture::new().await;
    granted(&fixture).await;
    let mut browser = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    assert!(browser.open(LOG).await.body.contains("Not verified yet."));
    let back = format!("{LOG}?actor=tester");
    let answer = browser.submit("audit/verify", &back, &[]).await;
    assert_eq!(leads_to(&answer), back);
    let page = browser.open(&back).await.body;
    assert!(page.contains("Verified up to entry 5"), "{page}");
    let harm = "UPDATE audit_events SET actor = 'shell:eve' WHERE sequence = 2";
    fixture.database.execute(harm).await;
    fixture.console.follow_audit_log().await.unwrap();
    let page = browser.open(LOG).await.body;
    let notice = page.split_once("role=\"alert\"").unwrap().1;
    assert!(notice.contains("entry 2 does not fit"), "{notice}");
    let overview = browser.open("/system").await.body;
    assert!(overview.contains("entry 2 does not fit"), "{overview}");
    assert!(!page.contains("Verified up to"));
}

#[tokio::test]
async fn the_file_is_csv_or_ndjson() {
    let fixture = Fixture::new().await;
    fixture.organization("=HYPERLINK(\"x\"), \"y\"", "").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser
        .open(&format!("{EXPORT}?action=organizations&organization=1"))
        .await;
    for value in ["Organizations: anything", "=HYPERLINK(\"x\"), \"y\""] {
        let said = format!("<dd><bdi>{value}</bdi></dd>");
        assert!(page.body.contains(&said), "{said}: {}", page.body);
    }
    let fields = [("format", "csv"), ("action", "organizations")];
    let file = export(&mut browser, &fields).await;
    assert_eq!(file.status.as_u16(), 200);
    assert_eq!(
        file.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"claviger-audit-2026-11-23.csv\""
    );
    assert_eq!(file.header("cache-control"), "no-store, no-transform");
    let mut lines = csv::Reader::from_reader(file.body.as_bytes());
    assert_eq!(lines.headers().unwrap().get(7), Some("summary"));
    let rows: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(&rows[0][0], "1");
    assert_eq!(&rows[0][3], "shell:tester");
    let data = r#"{"host":null,"name":"=HYPERLINK(\"x\"), \"y\""}"#;
    assert_eq!(&rows[0][8], data);

    let file = export(&mut browser, &[("format", "ndjson")]).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    let rows: Vec<serde_json::Value> = file
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // The first export, signing in, the administrator, the organization.
    assert_eq!(rows.len(), 4, "{}", file.body);
    assert_eq!(rows[0]["kind"], "audit.exported");
    assert_eq!(rows[0]["data"]["filter"]["action"], "organizations");
    assert_eq!(rows[3]["data"]["name"], "=HYPERLINK(\"x\"), \"y\"");
    assert_eq!(rows[3]["hash"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn only_our_own_form_exports() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let exports = "audit_events WHERE kind = 'audit.exported'";
    browser.open(&format!("{EXPORT}?format=csv")).await;
    let headers = [
        ("accept", "text/html"),
        ("content-type", FORM),
        ("sec-fetch-site", "cross-site"),
    ];
    let forged = browser
        .send(Method::POST, EXPORT, &headers, "format=csv")
        .await;
    assert_eq!(forged.status.as_u16(), 403);
    let unreadable = export(&mut browser, &[("format", "xlsx")]).await;
    assert_eq!(unreadable.status.as_u16(), 422);
    let mut stranger = Browser::new(&fixture);
    let answer = export(&mut stranger, &[("format", "csv")]).await;
    assert_eq!(leads_to(&answer), format!("/system/sign-in?next={EXPORT}"));
    assert_eq!(fixture.database.count(exports).await, 0);
    export(&mut browser, &[]).await;
    assert_eq!(fixture.database.count(exports).await, 1);
}

#[tokio::test]
async fn after_the_password_the_form_is_there_as_it_was_filled_in() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    fixture.advance(TimeDelta::minutes(10));
    let fields = [
        ("format", "ndjson"),
        ("actor", "ada@example.org"),
        ("from", "2026-11-23"),
    ];
    let asked = export(&mut browser, &fields).await;
    let form = format!("{EXPORT}?actor=ada%40example.org&from=2026-11-23&format=ndjson");
    let next = in_query(&form);
    assert_eq!(leads_to(&asked), format!("/system/confirm?next={next}"));
    let page = browser.open(&form).await.body;
    for part in [
        r#"name="actor" value="ada@example.org""#,
        r#"name="from" value="2026-11-23""#,
    ] {
        assert!(page.contains(part), "{page}");
    }
    let chosen = page
        .split("<input")
        .find(|input| input.contains(r#"value="ndjson""#));
    assert!(chosen.unwrap().contains("checked"), "{page}");
}
