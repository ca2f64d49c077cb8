//! Organizations: made, counted, given a host, archived, restored.

use claviger::domain::count::Count;
use claviger::domain::error::Error;
use claviger::domain::host::Host;
use claviger::domain::ids::OrganizationId;
use claviger::domain::organization::{NewHost, NewOrganization};
use claviger::domain::page::Cursor;
use claviger::domain::view::OrganizationList;
use serde_json::json;

use crate::support::{Fixture, noon, shell};

use super::{audit_log, field, footprint, opens};

fn new(name: &str, host: &str) -> NewOrganization {
    NewOrganization {
        name: name.to_owned(),
        host: host.to_owned(),
    }
}

async fn first_page(fixture: &Fixture, search: &str) -> OrganizationList {
    fixture
        .console
        .list_organizations(&shell(), search, Cursor::First)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_organization_comes_back_as_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let made = fixture
        .console
        .create_organization(&shell(), &new(" Porto ", "Participa.Porto.example"))
        .await
        .unwrap();
    assert_eq!((made.id, made.name.as_str()), (OrganizationId(1), "Porto"));
    assert_eq!(
        made.host.as_ref().map(Host::as_str),
        Some("participa.porto.example")
    );
    assert_eq!((made.created_at, made.archived_at), (noon(), None));
    let list = first_page(&fixture, "").await;
    assert_eq!(list.page.items[0].organization, made);
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "porto.example").await;
    let before = footprint(&fixture.database).await;
    for (wrong, new) in [
        ("name", new(" ", "")),
        ("host", new("Bern", "https://bern.example")),
        ("host", new("Bern", "PORTO.example")),
        ("host", new("Bern", "porto.example.")),
        ("host", new("Bern", "Porto.example:80")),
        ("host", new("Bern", "porto.example:443")),
        ("host", new("Bern", "bern.example:8443")),
        ("host", new("Bern", "127.0.0.1")),
        ("host", new("Bern", "127.0.0.1.:80")),
        ("host", new("Bern", "127.1")),
        ("host", new("Bern", "127.0.0.1:3000")),
    ] {
        let refused = fixture.console.create_organization(&shell(), &new).await;
        assert_eq!(field(refused), wrong, "{new:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn archiving_ends_its_clients_and_leaves_the_others() {
    let fixture = Fixture::new().await;
    let (made, other) = (fixture.client().await, fixture.client().await);
    let opens = async |client: &claviger::service::CreatedClient| {
        opens(&fixture, client.client.id.as_str(), client.secret.expose()).await
    };
    assert!(opens(&made).await && opens(&other).await);
    let organization = made.client.organization_id.unwrap();
    let archived = fixture
        .console
        .archive_organization(&shell(), organization)
        .await
        .unwrap();
    assert_eq!(archived.archived_at, Some(noon()));
    assert!(!opens(&made).await);
    assert!(opens(&other).await);
}

#[tokio::test]
async fn an_organization_is_archived_once_and_must_exist() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    fixture
        .console
        .archive_organization(&shell(), porto)
        .await
        .unwrap();
    let before = footprint(&fixture.database).await;
    let again = fixture.console.archive_organization(&shell(), porto).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    let nobody = fixture
        .console
        .archive_organization(&shell(), OrganizationId(99))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn what_is_archived_or_revoked_is_not_counted() {
    let fixture = Fixture::new().await;
    let (first, second) = (fixture.client().await.client, fixture.client().await.client);
    fixture.client_of(None, &["system"], &[]).await;
    let counts = fixture.console.frame_counts(&shell()).await.unwrap();
    assert_eq!(
        (counts.clients, counts.organizations),
        (Count::exactly(3), 2)
    );
    fixture
        .console
        .revoke_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    fixture
        .console
        .archive_organization(&shell(), second.organization_id.unwrap())
        .await
        .unwrap();
    let counts = fixture.console.frame_counts(&shell()).await.unwrap();
    assert_eq!(
        (counts.clients, counts.organizations),
        (Count::exactly(2), 1)
    );
    let list = first_page(&fixture, "").await;
    assert_eq!(list.unbound_clients, Count::exactly(1));
    let shown: Vec<_> = list
        .page
        .items
        .iter()
        .map(|row| (row.active_clients.number, row.revoked_clients.number))
        .collect();
    assert_eq!(shown, [(0, 1)]);
}

fn to(id: OrganizationId, host: &str) -> NewHost {
    NewHost {
        id,
        host: host.to_owned(),
    }
}

/// What the newest entry about an organization says.
async fn told(fixture: &Fixture, id: OrganizationId) -> (String, serde_json::Value) {
    let entry = audit_log(fixture, &format!("organization:{id}"))
        .await
        .remove(0);
    let data = serde_json::from_str(&entry.event.data()).unwrap();
    (entry.event.kind().to_owned(), data)
}

#[tokio::test]
async fn a_host_is_changed_taken_away_and_given_again() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    for (typed, before, after) in [
        ("City.Example.", Some("porto.example"), Some("city.example")),
        (" ", Some("city.example"), None),
        ("porto.example:443", None, Some("porto.example")),
    ] {
        fixture.advance(chrono::TimeDelta::minutes(1));
        let changed = fixture
            .console
            .set_organization_host(&shell(), &to(porto, typed))
            .await
            .unwrap();
        assert_eq!(changed.host.as_ref().map(Host::as_str), after, "{typed}");
        let found = fixture.console.get_organization(&shell(), porto).await;
        assert_eq!(found.unwrap(), changed);
        assert_eq!(
            told(&fixture, porto).await,
            (
                "organization.host_changed".to_owned(),
                json!({"name": "Porto", "before": before, "after": after})
            )
        );
    }
}

#[tokio::test]
async fn the_host_that_it_has_already_is_no_change() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "").await;
    let before = footprint(&fixture.database).await;
    for new in [to(porto, "PORTO.example.:80"), to(basel, "")] {
        let same = fixture.console.set_organization_host(&shell(), &new).await;
        assert_eq!(same.unwrap().id, new.id);
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn a_host_that_cannot_be_is_refused_and_leaves_nothing() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "basel.example").await;
    let gone = fixture.organization("Gone", "").await;
    fixture
        .console
        .archive_organization(&shell(), gone)
        .await
        .unwrap();
    let before = footprint(&fixture.database).await;
    for host in [
        "basel.example",
        "BASEL.example.:443",
        "127.0.0.1",
        "127.0.0.1:9",
        "127.1.",
        "porto.example:8443",
        "https://porto.example",
        "a..b",
    ] {
        let refused = fixture
            .console
            .set_organization_host(&shell(), &to(porto, host))
            .await;
        assert_eq!(field(refused), "host", "{host}");
    }
    for (id, host) in [(gone, "gone.example"), (gone, "")] {
        let refused = fixture
            .console
            .set_organization_host(&shell(), &to(id, host))
            .await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    let nobody = fixture
        .console
        .set_organization_host(&shell(), &to(OrganizationId(99), "x.example"))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    assert_eq!(footprint(&fixture.database).await, before);
    // What a host was given to is free again when that is given another.
    for (id, host) in [(basel, "city.example"), (porto, "basel.example")] {
        fixture
            .console
            .set_organization_host(&shell(), &to(id, host))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_archive_tells_which_host_it_freed_and_is_taken_back_once() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let console = &fixture.console;
    let nothing = console.restore_organization(&shell(), porto).await;
    assert!(matches!(nothing, Err(Error::Conflict(_))), "{nothing:?}");
    fixture.advance(chrono::TimeDelta::minutes(1));
    let archived = console.archive_organization(&shell(), porto).await.unwrap();
    assert_eq!(archived.host, None);
    let found = console.get_organization(&shell(), porto).await.unwrap();
    assert_eq!(found, archived);
    let page = console
        .list_archived_organizations(&shell(), Cursor::First)
        .await
        .unwrap();
    assert_eq!(page.items, std::slice::from_ref(&archived));
    let all = console
        .list_every_organization(&shell(), true)
        .await
        .unwrap();
    assert_eq!(all, page.items);
    assert_eq!(first_page(&fixture, "").await.archived, 1);
    assert_eq!(
        told(&fixture, porto).await,
        (
            "organization.archived".to_owned(),
            json!({"name": "Porto", "host": "porto.example"})
        )
    );
    fixture.advance(chrono::TimeDelta::minutes(1));
    let restored = console.restore_organization(&shell(), porto).await.unwrap();
    assert_eq!((restored.archived_at, &restored.host), (None, &None));
    let found = console.get_organization(&shell(), porto).await.unwrap();
    assert_eq!(found, restored);
    assert_eq!(
        told(&fixture, porto).await,
        (
            "organization.restored".to_owned(),
            json!({"name": "Porto", "archived_at": archived.archived_at})
        )
    );
    let before = footprint(&fixture.database).await;
    let again = console.restore_organization(&shell(), porto).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    let nobody = console
        .restore_organization(&shell(), OrganizationId(99))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    assert_eq!(footprint(&fixture.database).await, before);
}
