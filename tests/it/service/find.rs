//! The search of everything.

use claviger::domain::event::ActorRef;
use claviger::domain::role::Role;
use claviger::service::Actor;

use crate::support::{Fixture, shell};

use super::admin;

#[tokio::test]
async fn words_name_clients_and_organizations() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let found = fixture
        .console
        .find_named(&admin(Role::Auditor), "partic")
        .await
        .unwrap();
    let names: Vec<&str> = found
        .clients
        .iter()
        .map(|row| row.client.name.as_str())
        .collect();
    assert_eq!(names, [client.name.as_str()]);
    let by_id = fixture
        .console
        .find_named(&shell(), client.id.as_str())
        .await
        .unwrap();
    assert_eq!(by_id.clients.len(), 1);

    let name = "City of Porto";
    fixture.organization(name, "porto.example").await;
    let found = fixture.console.find_named(&shell(), "porto").await.unwrap();
    assert_eq!(found.organizations[0].name, name);
    assert!(found.clients.is_empty());
    assert!(!found.has_more_clients && !found.has_more_organizations);
}

#[tokio::test]
async fn without_words_nothing_is_found() {
    let fixture = Fixture::new().await;
    fixture.client().await;
    for words in ["", "  ", "nothing-of-the-kind"] {
        let found = fixture.console.find_named(&shell(), words).await.unwrap();
        assert_eq!(
            (found.clients.len(), found.organizations.len()),
            (0, 0),
            "{words:?}"
        );
    }
}

#[tokio::test]
async fn clients_find_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let actor = Actor::Client {
        id: client.id.clone(),
        address: None,
    };
    assert_eq!(actor.reference(), ActorRef::Client { id: client.id });
    assert!(fixture.console.find_named(&actor, "a").await.is_err());
}
