//! The pages of participants: added, changed, blocked.

use claviger::config::PasswordGrant;
use claviger::domain::ids::OrganizationId;
use claviger::domain::participant::{Participant, ParticipantRequest, TypedParticipant};
use claviger::domain::role::Role;
use claviger::service::Settings;

use super::{Browser, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Engine, Fixture, secret, settings, shell};

const NEW: &str = "/system/participants/new?organization=1";
const PAGE: &str = "/system/participants/1";
const PASSWORD: &str = "a sentence for a participant";

/// Adds a participant without a password.
pub(super) async fn add(
    fixture: &Fixture,
    organization: OrganizationId,
    nickname: &str,
) -> Participant {
    let request = ParticipantRequest {
        organization_id: organization,
        typed: TypedParticipant {
            nickname: nickname.to_owned(),
            email: format!("{nickname}@example.org"),
            name: String::new(),
        },
        password: secret(""),
    };
    let added = fixture.console.create_participant(&shell(), &request).await;
    added.unwrap()
}

/// An organization with one participant, and the browser of an owner.
async fn ada() -> (Fixture, Browser) {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    add(&fixture, porto, "ada").await;
    let browser = Browser::signed_in(&fixture).await;
    (fixture, browser)
}

fn new_form<'a>(nickname: &'a str, email: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("form[form_key]", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("form[organization_id]", "1"),
        ("form[nickname]", nickname),
        ("form[email]", email),
        ("form[name]", "Ada Lovelace"),
        ("password", PASSWORD),
    ]
}

#[tokio::test]
async fn a_participant_is_added_once_however_often_the_form_is_sent() {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", "").await;
    let mut browser = Browser::signed_in(&fixture).await;
    let form = browser.open(NEW).await.body;
    assert!(form.contains(r#"name="password""#) && form.contains("form[form_key]"));
    let form = new_form("ada", "Ada@example.org");
    for _ in 0..2 {
        let answer = browser.submit("participants/create", NEW, &form).await;
        assert_eq!(leads_to(&answer), format!("{PAGE}?created"));
    }
    assert_eq!(fixture.database.count("participants").await, 1);
    let mut other = form;
    other[5].1 = "another sentence for the same";
    let answer = browser.submit("participants/create", NEW, &other).await;
    assert_eq!(
        answer.status.as_u16(),
        409,
        "the password is a content, too"
    );

    let page = browser.open(&format!("{PAGE}?created")).await.body;
    for said in [
        "was added.",
        "City of Porto",
        "ada@example.org",
        "Ada Lovelace",
        "Not recorded",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("No password"));
}

#[tokio::test]
async fn a_taken_nickname_is_said_at_its_field_and_what_was_typed_stays() {
    let (fixture, mut browser) = ada().await;
    let before = everything(&fixture).await;
    let form = new_form("ADA", "other@example.org");
    let answer = browser.submit("participants/create", NEW, &form).await;
    assert_eq!(answer.status.as_u16(), 422);
    let page = refusal(&answer);
    assert_eq!(page.address, "/system/participants/new");
    assert_eq!(page.fields, ["nickname"]);
    for kept in [r#"value="ADA""#, r#"value="other@example.org""#, form[0].1] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    assert!(!answer.body.contains(PASSWORD));
    assert!(
        answer
            .body
            .contains("<title>Error: Add participant · Claviger</title>")
    );
    let form = new_form("a b", "nothing");
    let answer = browser.submit("participants/create", NEW, &form).await;
    assert_eq!(refusal(&answer).fields, ["nickname", "email"]);
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn details_and_password_are_changed() {
    let (fixture, mut browser) = ada().await;
    let bea = add(&fixture, OrganizationId(1), "bea").await;
    let form = |nickname, email| {
        [
            ("form[id]", "1"),
            ("form[nickname]", nickname),
            ("form[email]", email),
            ("form[name]", ""),
        ]
    };
    let taken = form("ada", bea.email.as_str());
    let answer = browser.submit("participants/update", PAGE, &taken).await;
    assert_eq!(refusal(&answer).fields, ["email"]);
    assert!(answer.body.contains(r#"value="bea@example.org""#));
    let fields = form("ada_l", "ada@example.org");
    let answer = browser.submit("participants/update", PAGE, &fields).await;
    assert_eq!(leads_to(&answer), format!("{PAGE}?saved"));
    let page = browser.open(&leads_to(&answer)).await.body;
    assert!(page.contains("was saved.") && page.contains("Ada L"));
    assert!(page.contains("No password") && page.contains("Set password"));

    for short in ["", "short"] {
        let fields = [("id", "1"), ("password", short)];
        let answer = browser
            .submit("participants/set-password", PAGE, &fields)
            .await;
        assert_eq!(refusal(&answer).fields, ["password"], "{short}");
    }
    let fields = [("id", "1"), ("password", PASSWORD)];
    let answer = browser
        .submit("participants/set-password", PAGE, &fields)
        .await;
    let page = browser.open(&leads_to(&answer)).await.body;
    assert!(page.contains("has a new password.") && page.contains("Replace password"));
}

#[tokio::test]
async fn a_block_says_what_it_ends_and_an_unblock_what_stays_dead() {
    let (fixture, mut browser) = ada().await;
    let dialog = format!("{PAGE}/block");
    let page = browser.open(&dialog).await.body;
    for said in [
        "Every token issued for them stops working at once",
        "They cannot sign in",
        "No client can act for them",
        "Keep participant",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let id = [("id", "1")];
    let answer = browser.submit("participants/block", &dialog, &id).await;
    assert_eq!(leads_to(&answer), format!("{PAGE}?blocked"));
    let page = browser.open(&leads_to(&answer)).await.body;
    assert!(page.contains("is blocked.") && page.contains("Unblock participant"));
    assert!(page.contains("tokens from before the block do not"));
    assert!(!page.contains("Block…"));
    let again = browser.submit("participants/block", &dialog, &id).await;
    assert_eq!(again.status.as_u16(), 409);
    assert!(again.body.contains("They are blocked already."));

    let answer = browser.submit("participants/unblock", PAGE, &id).await;
    assert_eq!(leads_to(&answer), format!("{PAGE}?unblocked"));
    let page = browser.open(&leads_to(&answer)).await.body;
    assert!(page.contains("Those from before the block do not work again."));
    let again = browser.submit("participants/unblock", PAGE, &id).await;
    assert_eq!(again.status.as_u16(), 409);
    assert!(again.body.contains("The participant was not unblocked"));
    let old = browser.open(&format!("{PAGE}?blocked")).await.body;
    assert!(!old.contains("is blocked."), "an old address says nothing");
    assert_eq!(fixture.database.count("participants").await, 1);
}

#[tokio::test]
async fn a_viewer_reads_and_is_shown_no_form() {
    let (fixture, _) = ada().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let list = auditor.open("/system/participants").await.body;
    assert!(list.contains("ada@example.org"));
    assert!(!list.contains("Add participant") && !list.contains("/import"));
    for page in [PAGE, "/system/participants/1/block"] {
        let body = auditor.open(page).await.body;
        assert!(body.contains("Your account may read this but not change it."));
        assert!(!body.contains("/system/do/participants/"), "{page}");
    }
    let before = everything(&fixture).await;
    let form = new_form("bea", "bea@example.org");
    let answer = auditor.call("participants/create", &form).await;
    assert_eq!(answer.status.as_u16(), 403);
    for endpoint in ["block", "unblock", "set-password"] {
        let fields = [("id", "1"), ("password", PASSWORD)];
        let answer = auditor
            .call(&format!("participants/{endpoint}"), &fields)
            .await;
        assert_eq!(answer.status.as_u16(), 403, "{endpoint}");
    }
    let fields = [("form[id]", "1"), ("form[nickname]", "x")];
    let answer = auditor.call("participants/update", &fields).await;
    assert_eq!(answer.status.as_u16(), 403);
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn in_an_archived_organization_nothing_can_be_changed() {
    let (fixture, mut browser) = ada().await;
    let console = &fixture.console;
    console
        .archive_organization(&shell(), OrganizationId(1))
        .await
        .unwrap();
    let list = browser.open("/system/participants?organization=1").await;
    assert!(list.body.contains("This organization is archived"));
    assert!(!list.body.contains("Add participant"));
    let page = browser.open(PAGE).await.body;
    assert!(page.contains("Their organization is archived"));
    assert!(!page.contains("/system/do/participants/"));
    let answer = browser
        .submit("participants/create", NEW, &new_form("bea", "bea@b"))
        .await;
    assert_eq!(answer.status.as_u16(), 409);
    assert_eq!(fixture.database.count("participants").await, 1);
}

#[tokio::test]
async fn what_clients_keep_is_shown_as_text() {
    let (fixture, mut browser) = ada().await;
    assert!(!browser.open(PAGE).await.body.contains("id=\"extra\""));
    let extra = r#"UPDATE participants SET extra = '{"k":"</pre><script>x"}'"#;
    fixture.database.execute(extra).await;
    let page = browser.open(PAGE).await.body;
    assert!(page.contains("id=\"extra\"") && page.contains("&lt;/pre&gt;&lt;script&gt;x"));
}

#[tokio::test]
async fn where_no_password_is_taken_the_pages_say_so() {
    let settings = Settings {
        password_grant: PasswordGrant::Off,
        ..settings()
    };
    let fixture = Fixture::on(Engine::Sqlite, settings).await;
    let porto = fixture.organization("City of Porto", "").await;
    add(&fixture, porto, "ada").await;
    let mut browser = Browser::signed_in(&fixture).await;
    for page in [NEW, PAGE] {
        let body = browser.open(page).await.body;
        assert!(body.contains("This server takes no passwords"), "{page}");
        assert!(!body.contains(r#"name="password""#), "{page}");
    }
}
