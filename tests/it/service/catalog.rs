//! The catalogue, and how many clients have what is in it.

use claviger::domain::count::Count;

use crate::support::{Fixture, shell};

#[tokio::test]
async fn the_catalogue_counts_who_holds_what() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let held = ["blogs.read", "oauth.login"];
    let one = fixture.client_of(Some(porto), &["blogs"], &held).await;
    fixture
        .client_of(Some(porto), &["blogs", "public"], &held[..1])
        .await;
    let count = async |permission: &str| {
        let page = fixture.console.show_catalog(&shell()).await.unwrap();
        let found = page.held.permissions.get(permission).copied();
        found.unwrap_or_default()
    };
    assert_eq!(count("blogs.read").await, Count::exactly(2));
    assert_eq!(count("oauth.login").await, Count::exactly(1));
    assert_eq!(count("blogs.write").await, Count::exactly(0));
    let page = fixture.console.show_catalog(&shell()).await.unwrap();
    assert_eq!(page.held.scopes["blogs"], Count::exactly(2));
    assert_eq!(page.held.scopes["public"], Count::exactly(1));
    assert_eq!(page.held.scopes["system"], Count::exactly(0));
    let id = one.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(count("blogs.read").await, Count::exactly(1));
}

#[tokio::test]
async fn what_the_catalogue_lost_is_named_while_somebody_holds_it() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let mut tx = fixture.database.store.write().await.unwrap();
    let stamp = claviger::store::Stamp {
        by: "shell:tester".to_owned(),
        at: crate::support::noon(),
        version: tx.raise_directory_version().await.unwrap(),
    };
    for name in ["zebra.forgotten", "blogs.forgotten", "blogs.read"] {
        tx.insert_permission(made.client.number, name, &stamp)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let retired = async || {
        let page = fixture.console.show_catalog(&shell()).await.unwrap();
        let names = page.retired.into_iter().map(|found| found.permission);
        names.collect::<Vec<_>>()
    };
    assert_eq!(retired().await, ["blogs.forgotten", "zebra.forgotten"]);
    let id = made.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert!(retired().await.is_empty());
}
