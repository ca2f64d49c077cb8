//! The pages of administrators, one-time links and the account.

use chrono::TimeDelta;
use claviger::domain::role::Role;
use claviger::service::Visitor;

use super::{Browser, EMAIL, PASSWORD, assert_refused, leads_to, refusal};
use crate::support::{AppResponse, Fixture, secret};

const LIST: &str = "/system/administrators";
const INVITE: &str = "/system/administrators/invite";
const INVITATION: &str = "/system/invitation";
const ACCOUNT: &str = "/system/account";
const CHOSEN: &str = "another sentence altogether";

/// The code of the link on a page.
#[track_caller]
fn code_on(page: &AppResponse) -> String {
    let found = page.body.split_once("/system/invitation?code=");
    let (_, rest) = found.unwrap_or_else(|| panic!("{}", page.body));
    rest.split(['"', '<']).next().unwrap().to_owned()
}

async fn invite(browser: &mut Browser, email: &str, role: &str) -> AppResponse {
    let fields = [
        ("form[form_key]", email),
        ("form[email]", email),
        ("form[role]", role),
    ];
    browser
        .submit("administrators/invite", INVITE, &fields)
        .await
}

async fn join(browser: &mut Browser, code: &str, password: &str) -> AppResponse {
    let fields = [("form[code]", code), ("password", password)];
    browser.submit("invitation", INVITATION, &fields).await
}

#[tokio::test]
async fn a_link_is_shown_once_and_lets_its_reader_join() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    let answer = invite(&mut owner, "bea@example.org", "manager").await;
    assert_eq!(leads_to(&answer), LIST);
    assert!(!answer.body.contains("code="));
    let page = owner.open(LIST).await;
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    assert!(page.body.contains("Copy it now."), "{}", page.body);
    let code = code_on(&page);
    let again = owner.open(LIST).await;
    assert!(!again.body.contains(&code), "it is shown once");
    assert!(again.body.contains("bea@example.org") && again.body.contains("Withdraw"));

    let mut guest = Browser::new(&fixture);
    let address = format!("{INVITATION}?code={code}");
    for _ in 0..2 {
        let page = guest.open(&address).await;
        assert_eq!(page.status.as_u16(), 200);
        assert_eq!(page.header("referrer-policy"), "strict-origin");
        assert_eq!(page.header("cache-control"), "no-store, no-transform");
        assert!(page.body.contains("as manager") && page.body.contains("bea@example.org"));
        assert!(
            page.headers.get("set-cookie").is_none(),
            "looking does nothing"
        );
    }
    let weak = join(&mut guest, &code, "short").await;
    let refused = refusal(&weak);
    assert_eq!(
        (refused.address.as_str(), refused.fields),
        (INVITATION, vec!["password".to_owned()])
    );
    assert!(!weak.body.contains("?code="), "not in a later address");
    assert_eq!(fixture.database.count("admins").await, 1);
    let joined = join(&mut guest, &code, CHOSEN).await;
    assert_eq!(leads_to(&joined), "/system");
    let page = guest.open(ACCOUNT).await;
    assert!(page.body.contains("bea@example.org"));
    for answer in [
        join(&mut Browser::new(&fixture), &code, CHOSEN).await,
        guest.open(&address).await,
        guest.open(&format!("{INVITATION}?code=x")).await,
    ] {
        assert_eq!(answer.status.as_u16(), 404);
        assert!(
            answer.body.contains("This link does not work"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn the_page_of_an_administrator_tells_what_they_did() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    invite(&mut owner, "bea@example.org", "manager").await;
    let page = owner.open(&format!("{LIST}/1")).await.body;
    let (_, entries) = page.split_once("What they did").unwrap();
    assert!(entries.contains("bea@example.org"), "{entries}");
    let all = format!("/system/audit?actor={}", EMAIL.replace('@', "%40"));
    assert!(entries.contains(&all), "{entries}");
}

#[tokio::test]
async fn a_prefetch_takes_no_link_from_the_page() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    invite(&mut owner, "bea@example.org", "auditor").await;
    let headers = [("accept", "text/html"), ("sec-purpose", "prefetch")];
    let early = owner
        .send(axum::http::Method::GET, LIST, &headers, "")
        .await;
    assert!(!early.body.contains("?code="));
    code_on(&owner.open(LIST).await);
}

#[tokio::test]
async fn a_refused_invitation_keeps_what_was_typed() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    for (email, role, fields) in [
        ("bea", "manager", vec!["invited-email"]),
        (EMAIL, "manager", vec!["invited-email"]),
        ("bea@example.org", "", vec!["invited-role"]),
        ("bea", "emperor", vec!["invited-email", "invited-role"]),
    ] {
        let answer = invite(&mut owner, email, role).await;
        let refused = refusal(&answer);
        assert_eq!(
            (refused.address.as_str(), refused.fields),
            (INVITE, fields.iter().map(ToString::to_string).collect())
        );
        assert!(answer.body.contains(&format!(r#"value="{email}""#)));
    }
    assert_eq!(fixture.database.count("admin_links").await, 0);
}

#[tokio::test]
async fn whoever_is_disabled_is_led_to_the_sign_in() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    let mut bea = Browser::of(&fixture, "bea@example.org", Role::Manager).await;
    let page = format!("{LIST}/2");
    let role = [("form[id]", "2"), ("form[role]", "auditor")];
    let changed = owner.submit("administrators/set-role", &page, &role).await;
    assert_eq!(leads_to(&changed), format!("{page}?saved"));
    let form = bea.open("/system/organizations/new").await;
    assert_eq!(form.status.as_u16(), 403, "with the next request");
    let disabled = owner
        .submit("administrators/disable", &page, &[("id", "2")])
        .await;
    assert_eq!(leads_to(&disabled), format!("{page}?saved"));
    let shown = owner.open(&page).await;
    assert!(shown.body.contains("Enable administrator"));
    assert_eq!(
        leads_to(&bea.open(ACCOUNT).await),
        "/system/sign-in?next=/system/account&ended=1"
    );
}

#[tokio::test]
async fn the_last_owner_is_told_so() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    let page = format!("{LIST}/1");
    let shown = owner.open(&page).await;
    assert!(!shown.body.contains("Disable administrator"));
    for (endpoint, fields) in [
        ("administrators/disable", vec![("id", "1")]),
        (
            "administrators/set-role",
            vec![("form[id]", "1"), ("form[role]", "auditor")],
        ),
    ] {
        let answer = owner.submit(endpoint, &page, &fields).await;
        assert_eq!(answer.status.as_u16(), 409, "{endpoint}");
        assert!(
            answer
                .body
                .contains("This is the last owner who can sign in.")
        );
        assert_refused(&owner.call(endpoint, &fields).await, 409, "last_owner");
    }
}

#[tokio::test]
async fn others_read_and_change_nothing() {
    let fixture = Fixture::new().await;
    Browser::signed_in(&fixture).await;
    for (email, role) in [
        ("mia@example.org", Role::Manager),
        ("vera@example.org", Role::Auditor),
    ] {
        let mut browser = Browser::of(&fixture, email, role).await;
        let list = browser.open(LIST).await;
        assert!(list.body.contains(EMAIL) && !list.body.contains("Invite administrator"));
        let page = browser.open(&format!("{LIST}/1")).await;
        assert!(
            page.body.contains("not change it")
                && !page
                    .body
                    .contains("<form method=\"post\" action=\"/system/do/administrators")
        );
        assert_eq!(browser.open(INVITE).await.status.as_u16(), 403);
        let answer = invite(&mut browser, "x@example.org", "owner").await;
        assert_eq!(answer.status.as_u16(), 403);
    }
    assert_eq!(fixture.database.count("admin_links").await, 0);
}

#[tokio::test]
async fn an_account_shows_its_sessions_and_changes_its_password() {
    let fixture = Fixture::new().await;
    let mut ada = Browser::signed_in(&fixture).await;
    let mut phone = Browser::new(&fixture);
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    let form = super::form(&[("form[email]", EMAIL), ("password", PASSWORD)]);
    let headers = [
        ("accept", "text/html"),
        ("content-type", super::FORM),
        ("sec-fetch-site", "same-origin"),
        ("user-agent", agent),
    ];
    let signed_in = phone
        .send(
            axum::http::Method::POST,
            "/system/do/sign-in",
            &headers,
            &form,
        )
        .await;
    assert_eq!(leads_to(&signed_in), "/system");
    let page = ada.open(ACCOUNT).await;
    assert!(page.body.contains("Firefox on Linux") && page.body.contains("This session"));
    let (_, rest) = page.body.split_once(r#"name="session" value=""#).unwrap();
    let handle = rest.split('"').next().unwrap().to_owned();
    let ended = ada
        .submit("account/end-session", ACCOUNT, &[("session", &handle)])
        .await;
    assert_eq!(leads_to(&ended), "/system/account?saved=sessions");
    assert!(leads_to(&phone.open(ACCOUNT).await).contains("ended=1"));
    let again = ada
        .submit("account/end-session", ACCOUNT, &[("session", &handle)])
        .await;
    assert_eq!(again.status.as_u16(), 404);
    assert!(again.body.contains("That session has ended."));

    let wrong = [("current", "wrong"), ("password", CHOSEN)];
    let refused = ada.submit("account/password", ACCOUNT, &wrong).await;
    assert_eq!(refusal(&refused).fields, ["current-password"]);
    let right = [("current", PASSWORD), ("password", CHOSEN)];
    let changed = ada.submit("account/password", ACCOUNT, &right).await;
    assert_eq!(leads_to(&changed), "/system/account?saved=password");
    let signs_in = fixture
        .console
        .sign_in(&Visitor::default(), EMAIL, &secret(CHOSEN))
        .await;
    signs_in.unwrap();
}

#[tokio::test]
async fn the_code_of_a_link_is_kept_nowhere() {
    let fixture = Fixture::new().await;
    let mut owner = Browser::signed_in(&fixture).await;
    invite(&mut owner, "bea@example.org", "auditor").await;
    let code = code_on(&owner.open(LIST).await);
    join(&mut Browser::new(&fixture), &code, CHOSEN).await;
    fixture.advance(TimeDelta::minutes(1));
    let everything = fixture.database.everything().await;
    assert!(everything.contains("bea@example.org") && !everything.contains(&code));
}
