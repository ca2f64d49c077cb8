//! `/system/catalogue`: what each scope and permission means, and who has it; and the list that it leads to.

use claviger::domain::role::Role;

use super::Browser;
use crate::support::Fixture;

#[tokio::test]
async fn the_catalogue_says_what_everything_means_and_leads_to_its_holders() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let made = fixture
        .client_of(Some(porto), &["blogs"], &["blogs.destroy"])
        .await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let page = auditor.open("/system/catalogue").await;
    assert_eq!(page.status.as_u16(), 200);
    let catalog = claviger::domain::catalog::Catalog::clone(&fixture.console.settings().catalog);
    for scope in &catalog.scopes {
        assert!(page.body.contains(&format!(r#"id="scope-{}""#, scope.name)));
        for permission in scope.permissions() {
            let described = permission.description.replace('\'', "&#x27;");
            let is_there =
                page.body.contains(&described) || page.body.contains(&permission.description);
            assert!(is_there, "{}", permission.name);
        }
    }
    for part in ["Webhook event", "High risk", "1 client", "No client"] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!page.body.contains("Retired"), "nothing is");
    let holders = "/system/api-clients?permission=blogs.destroy";
    assert!(page.body.contains(holders), "{}", page.body);
    let list = auditor.open(holders).await.body;
    assert!(list.contains(made.client.id.as_str()), "{list}");
    assert!(list.contains(r#"name="permission""#), "the filter is shown");
    let none = auditor
        .open("/system/api-clients?permission=blogs.read")
        .await;
    assert!(none.body.contains("permission blogs.read"), "{}", none.body);
}

#[tokio::test]
async fn what_the_catalogue_lost_stands_at_its_end() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let mut tx = fixture.database.store.write().await.unwrap();
    let stamp = claviger::store::Stamp {
        by: "shell:tester".to_owned(),
        at: crate::support::noon(),
        version: tx.raise_directory_version().await.unwrap(),
    };
    tx.insert_permission(made.client.number, "blogs.forgotten", &stamp)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut browser = Browser::signed_in(&fixture).await;
    let page = browser.open("/system/catalogue").await.body;
    let (_, end) = page.split_once(r#"id="scope-Retired""#).unwrap();
    assert!(
        end.contains("/system/api-clients?permission=blogs.forgotten"),
        "{end}"
    );
}
