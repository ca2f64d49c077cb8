//! What an organization's page shows, and its new name.

use chrono::TimeDelta;
use claviger::domain::count::Count;
use claviger::domain::error::Error;
use claviger::domain::ids::OrganizationId;
use claviger::domain::organization::NewName;
use claviger::domain::usage::{Counts, HourCounts, OrganizationDay, hour_of};
use serde_json::json;

use crate::support::{Fixture, noon, shell};

use super::{audit_log, field, footprint, opens};

async fn to(fixture: &Fixture, id: OrganizationId, name: &str) -> NewName {
    let found = fixture.console.get_organization(&shell(), id).await;
    NewName {
        id,
        version: found.unwrap().version,
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn an_organization_gets_another_name_and_nothing_else_changes() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.organization_id.unwrap();
    let new = to(&fixture, id, " Município do Porto ").await;
    let renamed = fixture.console.rename_organization(&shell(), &new).await;
    assert_eq!(renamed.unwrap().name, "Município do Porto");
    assert!(opens(&fixture, made.client.id.as_str(), made.secret.expose()).await);
    let told = audit_log(&fixture, &format!("organization:{id}"))
        .await
        .remove(0);
    assert_eq!(told.event.kind(), "organization.renamed");
    let data: serde_json::Value = serde_json::from_str(&told.event.data()).unwrap();
    assert_eq!(
        data,
        json!({"before": "City of Porto", "after": "Município do Porto"})
    );
    // An archived one, too; and a name may be that of another.
    fixture.organization("Basel", "").await;
    let archived = fixture.console.archive_organization(&shell(), id).await;
    archived.unwrap();
    let new = to(&fixture, id, "Basel").await;
    let renamed = fixture.console.rename_organization(&shell(), &new).await;
    assert_eq!(renamed.unwrap().name, "Basel");
}

#[tokio::test]
async fn a_name_that_cannot_be_or_comes_too_late_changes_nothing() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let old = to(&fixture, porto, "Late").await;
    let new = to(&fixture, porto, "City of Porto").await;
    let renamed = fixture.console.rename_organization(&shell(), &new).await;
    renamed.unwrap();
    let before = footprint(&fixture.database).await;
    let refused = fixture.console.rename_organization(&shell(), &old).await;
    let Err(Error::Conflict(complaint)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(complaint.code(), "organization_changed_meanwhile");
    assert!(
        complaint
            .to_string()
            .starts_with("tester on the server changed"),
        "{complaint}"
    );
    for name in ["", " ", "a\u{202E}b", &"x".repeat(121)] {
        let new = to(&fixture, porto, name).await;
        let refused = fixture.console.rename_organization(&shell(), &new).await;
        assert_eq!(field(refused), "name", "{name:?}");
    }
    let same = to(&fixture, porto, "City of Porto").await;
    let same = fixture.console.rename_organization(&shell(), &same).await;
    assert_eq!(same.unwrap().name, "City of Porto");
    let nobody = NewName {
        id: OrganizationId(9),
        name: "x".to_owned(),
        ..NewName::default()
    };
    let refused = fixture.console.rename_organization(&shell(), &nobody).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    assert_eq!(footprint(&fixture.database).await, before);
}

/// Counts requests of a client so many days ago.
async fn count(fixture: &Fixture, client: &claviger::domain::client::Client, requests: i64) {
    let hour = hour_of(noon() - TimeDelta::days(1));
    let row = HourCounts {
        hour,
        client: client.number,
        counts: Counts {
            issued: requests,
            ..Counts::default()
        },
        live_until: hour,
    };
    let mut tx = fixture.database.store.write().await.unwrap();
    tx.add_usage(&[row]).await.unwrap();
    let of_organization = client.organization_id.map(|organization| OrganizationDay {
        day: row.hour / 24,
        organization,
        requests,
    });
    tx.add_organization_usage(of_organization.as_slice())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_page_has_the_sum_of_its_clients_and_the_busiest_first() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let mut clients = Vec::new();
    for _ in 0..7 {
        let made = fixture.client_of(Some(porto), &["blogs"], &[]).await;
        clients.push(made.client);
    }
    let elsewhere = fixture.client().await.client;
    let used = [
        (&clients[0], 5),
        (&clients[1], 50),
        (&clients[6], 1_000),
        (&elsewhere, 10_000),
    ];
    for (client, requests) in used {
        count(&fixture, client, requests).await;
    }
    let revoked = clients[6].id.as_str();
    fixture
        .console
        .revoke_client(&shell(), revoked)
        .await
        .unwrap();
    let page = fixture.console.show_organization(&shell(), porto).await;
    let page = page.unwrap();
    assert_eq!(page.summary.active_clients, Count::exactly(6));
    assert_eq!(page.summary.revoked_clients, Count::exactly(1));
    let usage = page.usage;
    // The sum has what those did that are revoked now.
    assert_eq!((usage.sum.requests(), usage.used), (1_055, 2));
    assert_eq!((usage.read, usage.is_partial), (6, false));
    let shown: Vec<_> = usage
        .clients
        .iter()
        .map(|used| used.client.number)
        .collect();
    let expected = [1, 0, 5, 4, 3].map(|place: usize| clients[place].number);
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn of_very_many_clients_some_are_read() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let mut tx = fixture.database.store.write().await.unwrap();
    let stamp = claviger::store::Stamp {
        by: "shell:tester".to_owned(),
        at: noon(),
        version: tx.raise_directory_version().await.unwrap(),
    };
    let clients: Vec<claviger::store::FilledClient> = (1..=201)
        .map(|number| claviger::store::FilledClient {
            number: claviger::domain::ids::ClientNumber(number),
            id: claviger::domain::client::ClientId::parse(&format!("id_{number}")).unwrap(),
            name: format!("Client {number}"),
            organization_id: Some(porto),
            scopes: claviger::domain::scope::Scopes::stored("blogs"),
            expires_at: None,
            suspended_at: None,
            revoked_at: None,
            created_at: noon(),
        })
        .collect();
    tx.insert_clients(&clients, &stamp).await.unwrap();
    tx.commit().await.unwrap();
    let page = fixture.console.show_organization(&shell(), porto).await;
    let usage = page.unwrap().usage;
    assert_eq!((usage.read, usage.is_partial), (200, true));
}

#[tokio::test]
async fn the_page_of_an_archived_one_is_there_and_of_nobody_is_not() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.organization_id.unwrap();
    let archived = fixture.console.archive_organization(&shell(), id).await;
    archived.unwrap();
    let page = fixture.console.show_organization(&shell(), id).await;
    let page = page.unwrap();
    assert_eq!(page.summary.organization.archived_at, Some(noon()));
    assert_eq!(page.usage.clients.len(), 1);
    let nobody = fixture
        .console
        .show_organization(&shell(), OrganizationId(9))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
}
