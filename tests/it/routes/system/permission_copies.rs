//! The permissions page beside another client: compared, and copied with a plain form.

use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::service::CreatedClient;

use super::{Browser, leads_to, refusal};
use crate::routes::everything;
use crate::support::{Fixture, shell};

/// Two clients, of which the second has more.
async fn two(fixture: &Fixture) -> (CreatedClient, CreatedClient) {
    let porto = fixture.organization("Porto", "").await;
    let held = ["oauth.login"];
    let this = fixture.client_of(Some(porto), &["blogs"], &held).await;
    let granted = ["proposals.read", "blogs.destroy", "blogs.read"];
    let scopes = ["proposals", "blogs"];
    let other = fixture.client_of(Some(porto), &scopes, &granted).await;
    (this, other)
}

fn compared(this: &CreatedClient, text: &str) -> String {
    let id = &this.client.id;
    format!("/system/api-clients/{id}/permissions?compare={text}")
}

#[tokio::test]
async fn a_comparison_names_the_differences_and_what_cannot_be() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let plain = browser.open(&compared(&this, "")).await.body;
    assert!(!plain.contains("The other has it"), "{plain}");
    let page = browser
        .open(&compared(&this, other.client.id.as_str()))
        .await
        .body;
    for part in [
        "4 differences",
        "The other has it",
        "The other does not have it",
        "does not have the scope proposals",
        "Keep it: 2 granted, none removed",
        "Remove it: 2 granted, 1 removed",
        "Of high risk among those that are granted",
        r#"name="compare""#,
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let itself = browser
        .open(&compared(&this, this.client.id.as_str()))
        .await
        .body;
    assert!(itself.contains("That is this client itself."), "{itself}");
    let nobody = browser.open(&compared(&this, "nobody+at+all")).await.body;
    assert!(nobody.contains("No client matches"), "{nobody}");
    let several = browser.open(&compared(&this, "participation")).await.body;
    assert!(
        several.contains(&compared(&this, other.client.id.as_str())),
        "{several}"
    );
}

#[tokio::test]
async fn a_set_is_copied_with_a_plain_form() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = compared(&this, other.client.id.as_str());
    let (version, from_version) = (
        this.client.version.to_string(),
        other.client.version.to_string(),
    );
    let fields = [
        ("form[id]", this.client.id.as_str()),
        ("form[version]", version.as_str()),
        ("form[from]", other.client.id.as_str()),
        ("form[from_version]", from_version.as_str()),
        ("form[rest]", "remove"),
    ];
    let answer = browser.submit("permissions/copy", &page, &fields).await;
    assert_eq!(leads_to(&answer), format!("{page}&saved"));
    let told = browser.open(&leads_to(&answer)).await.body;
    assert!(
        told.contains("Permissions saved.") && told.contains("1 difference"),
        "{told}"
    );
    let now = fixture.reload(&this.client).await;
    let held: Vec<String> = now.permissions.iter().map(ToString::to_string).collect();
    assert_eq!(held, ["blogs.destroy", "blogs.read"]);
    let changes = "audit_events WHERE kind = 'permissions.changed'";
    assert_eq!(fixture.database.count(changes).await, 1);

    // What was seen otherwise is not copied, and the page shows it as it is now.
    let switches = PermissionSwitch::each(&["blogs.read".to_owned()], false);
    fixture
        .console
        .set_permissions(&shell(), other.client.id.as_str(), &switches)
        .await
        .unwrap();
    let before = everything(&fixture).await;
    let version = now.version.to_string();
    let mut fields = fields;
    fields[1].1 = version.as_str();
    let answer = browser.submit("permissions/copy", &page, &fields).await;
    assert_eq!(answer.status.as_u16(), 409);
    let address = format!("/system/api-clients/{}/permissions", this.client.id);
    assert_eq!(refusal(&answer).address, address);
    assert!(
        answer.body.contains("The permissions were not copied")
            && answer.body.contains("2 differences"),
        "{}",
        answer.body
    );
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn an_auditor_compares_and_does_not_copy() {
    let fixture = Fixture::new().await;
    let (this, other) = two(&fixture).await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let page = auditor
        .open(&compared(&this, other.client.id.as_str()))
        .await
        .body;
    assert!(
        page.contains("4 differences") && !page.contains("permissions/copy"),
        "{page}"
    );
}

#[tokio::test]
async fn a_row_says_when_it_was_exercised_once_that_is_known_of_anybody() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let held = ["blogs.read", "blogs.write", "oauth.login"];
    let client = fixture.client_of(Some(porto), &["blogs"], &held).await;
    let mut browser = Browser::signed_in(&fixture).await;
    let page = format!("/system/api-clients/{}/permissions", client.client.id);
    let plain = browser.open(&page).await.body;
    assert!(!plain.to_lowercase().contains("exercised"), "{plain}");
    let token = fixture.app().issued(&client, "").await;
    let bearer = format!("Bearer {token}");
    let asked = fixture
        .app()
        .get(
            "/oauth/verify?permission=blogs.read",
            &[("authorization", &bearer)],
        )
        .await;
    assert_eq!(asked.status.as_u16(), 204);
    fixture.tokens.flush_usage().await.unwrap();
    let told = browser.open(&page).await.body;
    assert_eq!(told.matches("Last exercised ").count(), 1, "{told}");
    // What a grant asks for is seen by no verification, so nothing is said of it.
    let never = "Not exercised since it was granted on 23 Nov 2026";
    assert_eq!(told.matches(never).count(), 1, "{told}");
    assert!(told.contains("/oauth/verify"), "it says how that is known");
}
