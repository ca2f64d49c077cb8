//! Organizations: made, counted, archived.

use claviger::domain::count::Count;
use claviger::domain::error::Error;
use claviger::domain::host::Host;
use claviger::domain::organization::NewOrganization;

use crate::support::{House, noon, shell};

use super::{field, footprint, opens};

fn new(name: &str, host: &str) -> NewOrganization {
    NewOrganization {
        name: name.to_owned(),
        host: host.to_owned(),
    }
}

#[tokio::test]
async fn an_organization_comes_back_as_it_was_asked_for() {
    let house = House::new().await;
    let made = house
        .service
        .create_organization(&shell(), &new(" Porto ", "Participa.Porto.example"))
        .await
        .unwrap();
    assert_eq!((made.id, made.name.as_str()), (1, "Porto"));
    assert_eq!(
        made.host.as_ref().map(Host::as_str),
        Some("participa.porto.example")
    );
    assert_eq!((made.created_at, made.archived_at), (noon(), None));
    let list = house.service.list_organizations(&shell()).await.unwrap();
    assert_eq!(list.organizations[0].organization, made);
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing() {
    let house = House::new().await;
    house.organization("Porto", "porto.example").await;
    let before = footprint(&house.database).await;
    for (wrong, new) in [
        ("name", new(" ", "")),
        ("host", new("Bern", "https://bern.example")),
        ("host", new("Bern", "PORTO.example")),
        ("host", new("Bern", "127.0.0.1:3000")),
    ] {
        let refused = house.service.create_organization(&shell(), &new).await;
        assert_eq!(field(refused), wrong, "{new:?}");
    }
    assert_eq!(footprint(&house.database).await, before);
}

#[tokio::test]
async fn archiving_ends_its_clients_and_leaves_the_others() {
    let house = House::new().await;
    let (made, other) = (house.client().await, house.client().await);
    let opens = async |client: &claviger::service::CreatedClient| {
        opens(&house, client.client.id.as_str(), client.secret.expose()).await
    };
    assert!(opens(&made).await && opens(&other).await);
    let organization = made.client.organization_id.unwrap();
    let archived = house
        .service
        .archive_organization(&shell(), organization)
        .await
        .unwrap();
    assert_eq!(archived.archived_at, Some(noon()));
    assert!(!opens(&made).await);
    assert!(opens(&other).await);
}

#[tokio::test]
async fn an_organization_is_archived_once_and_must_exist() {
    let house = House::new().await;
    let porto = house.organization("Porto", "").await;
    house
        .service
        .archive_organization(&shell(), porto)
        .await
        .unwrap();
    let before = footprint(&house.database).await;
    let again = house.service.archive_organization(&shell(), porto).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    let nobody = house.service.archive_organization(&shell(), 99).await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    assert_eq!(footprint(&house.database).await, before);
}

#[tokio::test]
async fn what_is_archived_or_revoked_is_not_counted() {
    let house = House::new().await;
    let (first, second) = (house.client().await.client, house.client().await.client);
    house.client_of(None, &["system"], &[]).await;
    let counts = house.service.frame_counts(&shell()).await.unwrap();
    assert_eq!(
        (counts.clients, counts.organizations),
        (Count::exactly(3), 2)
    );
    house
        .service
        .revoke_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    house
        .service
        .archive_organization(&shell(), second.organization_id.unwrap())
        .await
        .unwrap();
    let counts = house.service.frame_counts(&shell()).await.unwrap();
    assert_eq!(
        (counts.clients, counts.organizations),
        (Count::exactly(2), 1)
    );
    let list = house.service.list_organizations(&shell()).await.unwrap();
    assert_eq!(list.unbound_clients, Count::exactly(1));
    let shown: Vec<_> = list
        .organizations
        .iter()
        .map(|row| (row.active_clients.number, row.revoked_clients.number))
        .collect();
    assert_eq!(shown, [(0, 1)]);
}
