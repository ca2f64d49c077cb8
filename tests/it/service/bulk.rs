//! Acts on several clients: all of them or none, in one change.

use claviger::domain::client::{
    BULK_MAX, BulkAct, BulkChange, BulkDone, Client, ClientState, SeenClient,
};
use claviger::domain::complaint::{BulkComplaint, Complaint};
use claviger::domain::error::Error;
use claviger::domain::ids::{OrganizationId, Version};
use claviger::domain::role::Role;
use claviger::service::{Actor, SentForm};

use crate::support::{Engine, Fixture, settings, shell};

use super::{admin, audit_log, opens};

fn seen(client: &Client) -> SeenClient {
    SeenClient {
        id: client.id.clone(),
        version: client.version,
    }
}

pub(super) fn change(act: BulkAct, clients: &[Client]) -> BulkChange {
    BulkChange {
        act,
        clients: clients.iter().map(seen).collect(),
        expires_at: None,
    }
}

pub(super) fn sent(key: &str, change: &BulkChange) -> SentForm {
    let clients: Vec<String> = change.clients.iter().map(ToString::to_string).collect();
    let content = (change.act, clients, change.expires_at);
    SentForm::new(key, "clients/change-several", &content)
}

pub(super) async fn act(
    fixture: &Fixture,
    actor: &Actor,
    change: &BulkChange,
) -> Result<BulkDone, Error> {
    let form = sent("", change);
    fixture
        .console
        .change_clients_by_form(actor, &form, change)
        .await
}

pub(super) async fn clients(fixture: &Fixture, number: usize) -> Vec<Client> {
    fixture.organization("City of Porto", "").await;
    let mut made = Vec::new();
    for _ in 0..number {
        let client = fixture.client_of(Some(OrganizationId(1)), &["public"], &[]);
        made.push(client.await.client);
    }
    made
}

pub(super) async fn reload(fixture: &Fixture, clients: &[Client]) -> Vec<Client> {
    let mut now = Vec::new();
    for client in clients {
        now.push(fixture.reload(client).await);
    }
    now
}

async fn version(fixture: &Fixture) -> Version {
    let mut tx = fixture.database.store.read().await.unwrap();
    tx.find_directory_version().await.unwrap()
}

#[tokio::test]
async fn an_act_is_one_change_with_an_event_for_each_client() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, 3).await;
        let (ada, before) = (admin(Role::Manager), version(&fixture).await);
        let end = "2027-06-01T00:00:00Z".parse().unwrap();
        for (position, (act_of, state, kind)) in [
            (BulkAct::Suspend, ClientState::Suspended, "client.suspended"),
            (BulkAct::Resume, ClientState::Active, "client.resumed"),
            (BulkAct::Expire, ClientState::Active, "client.updated"),
            (BulkAct::Revoke, ClientState::Revoked, "client.revoked"),
        ]
        .into_iter()
        .enumerate()
        {
            let mut change = change(act_of, &reload(&fixture, &made).await);
            change.expires_at = Some(end);
            let done = act(&fixture, &ada, &change).await.unwrap();
            assert_eq!((done.act, done.clients), (act_of, 3));
            let step = i64::try_from(position).unwrap() + 1;
            let now = Version(before.0 + step);
            assert_eq!(version(&fixture).await, now, "{engine:?} {act_of:?}");
            for client in reload(&fixture, &made).await {
                assert_eq!(client.lifecycle.state(fixture.console.now()), state);
                assert_eq!(client.version, now);
                let target = format!("client:{}", client.id);
                let newest = audit_log(&fixture, &target).await.remove(0);
                assert_eq!((newest.event.kind(), newest.version), (kind, Some(now)));
                assert_eq!(newest.organization_id, Some(OrganizationId(1)));
            }
        }
    }
}

#[tokio::test]
async fn revoked_clients_keep_no_secret() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    assert!(opens(&fixture, id, made.secret.expose()).await);
    let change = change(BulkAct::Revoke, std::slice::from_ref(&made.client));
    act(&fixture, &shell(), &change).await.unwrap();
    assert!(!opens(&fixture, id, made.secret.expose()).await);
    let secrets = "client_secrets WHERE sealed IS NULL AND revoked_at IS NOT NULL";
    assert_eq!(fixture.database.count(secrets).await, 1);
}

#[tokio::test]
async fn when_one_has_changed_none_is() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, 4).await;
        let (eve, id) = (admin(Role::Owner), |client: usize| made[client].id.as_str());
        fixture.console.suspend_client(&eve, id(1)).await.unwrap();
        fixture.console.revoke_client(&eve, id(3)).await.unwrap();
        let before = fixture.database.everything().await;
        for act_of in BulkAct::EVERY {
            let mut change = change(act_of, &made);
            change.expires_at = Some("2027-06-01T00:00:00Z".parse().unwrap());
            change.clients.push("id_nobody:1".parse().unwrap());
            let error = act(&fixture, &shell(), &change).await.unwrap_err();
            let Error::Conflict(Complaint::Bulk(BulkComplaint::BulkChanged { changed })) = error
            else {
                panic!("{engine:?} {act_of:?} {error:?}");
            };
            let named: Vec<(&str, Option<&str>, bool)> = changed
                .iter()
                .map(|one| (one.name.as_str(), one.by.as_deref(), one.is_revoked))
                .collect();
            let (suspended, revoked) = (made[1].name.as_str(), made[3].name.as_str());
            let by = Some("owner@example.org");
            let mut expected = vec![
                (suspended, by, false),
                (revoked, by, true),
                ("id_nobody", None, false),
            ];
            if act_of == BulkAct::Resume {
                // These are as they were seen, but not suspended.
                let created = Some("shell:tester");
                expected.insert(1, (made[2].name.as_str(), created, false));
                expected.insert(0, (made[0].name.as_str(), created, false));
            }
            assert_eq!(named, expected, "{engine:?} {act_of:?}");
            assert_eq!(fixture.database.everything().await, before);
        }
    }
}

#[tokio::test]
async fn of_two_acts_at_once_one_is_done() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, 5).await;
        let (revoke, suspend) = (
            change(BulkAct::Revoke, &made),
            change(BulkAct::Suspend, &made[2..]),
        );
        let (actor, other) = (admin(Role::Owner), shell());
        let (one, two) = tokio::join!(
            act(&fixture, &actor, &revoke),
            act(&fixture, &other, &suspend)
        );
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        let states: Vec<ClientState> = reload(&fixture, &made)
            .await
            .iter()
            .map(|client| client.lifecycle.state(fixture.console.now()))
            .collect();
        let expected = if one.is_ok() {
            vec![ClientState::Revoked; 5]
        } else {
            [
                vec![ClientState::Active; 2],
                vec![ClientState::Suspended; 3],
            ]
            .concat()
        };
        assert_eq!(states, expected);
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_acts_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, 2).await;
        let (ada, eve) = (admin(Role::Owner), admin(Role::Manager));
        let change = change(BulkAct::Suspend, &made);
        let form = sent("key", &change);
        let console = &fixture.console;
        let first = console.change_clients_by_form(&ada, &form, &change).await;
        let before = fixture.database.everything().await;
        let again = console.change_clients_by_form(&ada, &form, &change).await;
        assert_eq!(again.unwrap(), first.clone().unwrap(), "{engine:?}");
        assert_eq!(fixture.database.everything().await, before);

        let found = |actor, key| console.find_bulk_done(actor, key);
        assert_eq!(found(&ada, "key").await.unwrap(), first.ok());
        assert_eq!(found(&ada, "another").await.unwrap(), None);
        assert_eq!(found(&eve, "key").await.unwrap(), None, "another actor");
    }
}

#[tokio::test]
async fn a_hundred_clients_are_changed_at_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = clients(&fixture, BULK_MAX).await;
        let change = change(BulkAct::Revoke, &made);
        let done = act(&fixture, &shell(), &change).await.unwrap();
        assert_eq!(done.clients, BULK_MAX);
        let revoked = fixture
            .database
            .count("api_clients WHERE revoked_at IS NOT NULL");
        assert_eq!(revoked.await, i64::try_from(BULK_MAX).unwrap());
        let events = fixture
            .database
            .count("audit_events WHERE kind = 'client.revoked'");
        assert_eq!(events.await, i64::try_from(BULK_MAX).unwrap());
    }
}
