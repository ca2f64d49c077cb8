//! Live updates: who follows learns of every change, by whom and about what.

use std::time::Duration;

use claviger::domain::client::ClientId;
use claviger::domain::event::{Event, Record, Target};
use claviger::domain::ids::{OrganizationId, Sequence, Version};
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::service::{Actor, ClientUse, LiveNews, LiveUpdate, LiveUpdates};
use tokio::time::timeout;

use crate::support::{Engine, Fixture, noon, secret, settings, shell};

use super::usage_flush::issue;
use super::{PASSWORD, admin, visitor};

/// The news that are there by now.
async fn waiting(updates: &mut LiveUpdates) -> Vec<LiveNews> {
    let mut all = Vec::new();
    while let Ok(news) = timeout(Duration::from_millis(20), updates.next()).await {
        all.push(news);
    }
    all
}

/// The changes among them.
async fn changes(updates: &mut LiveUpdates) -> Vec<LiveUpdate> {
    let news = waiting(updates).await.into_iter();
    let changes = news.filter_map(|news| match news {
        LiveNews::Changed(update) => Some(update),
        LiveNews::Used(_) => None,
    });
    changes.collect()
}

/// The uses among them that are there after another reading.
async fn uses(fixture: &Fixture, updates: &mut LiveUpdates) -> Vec<ClientUse> {
    fixture.console.publish_uses().await.unwrap();
    let news = waiting(updates).await.into_iter();
    let uses = news.filter_map(|news| match news {
        LiveNews::Used(uses) => Some(uses),
        LiveNews::Changed(_) => None,
    });
    uses.flatten().collect()
}

async fn grant(fixture: &Fixture, actor: &Actor, id: &str, permission: &str) {
    let switch = PermissionSwitch {
        permission: permission.to_owned(),
        on: true,
    };
    let done = fixture.console.set_permissions(actor, id, &[switch]).await;
    done.unwrap();
}

#[tokio::test]
async fn changes_of_every_node_arrive_in_order() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await.client;
        let id = client.id.as_str();
        let other = fixture.other_node().await.console;
        let manager = admin(Role::Manager);
        let mut updates = fixture.console.follow_changes(&shell()).await.unwrap();
        // What was before is no news.
        fixture.console.publish_changes().await.unwrap();
        assert_eq!(waiting(&mut updates).await, []);

        grant(&fixture, &manager, id, "blogs.read").await;
        other.suspend_client(&shell(), id).await.unwrap();
        fixture.console.publish_changes().await.unwrap();
        let news = changes(&mut updates).await;
        let about = Target::Client {
            id: client.id.clone(),
        };
        assert_eq!(news.len(), 2, "{news:?}");
        assert!(news.iter().all(|update| update.target == about), "{news:?}");
        assert_eq!(news[0].actor, manager.reference());
        assert_eq!(news[1].actor, shell().reference());
        assert!(news[0].version < news[1].version, "{news:?}");

        fixture.console.publish_changes().await.unwrap();
        assert_eq!(waiting(&mut updates).await, []);
    }
}

#[tokio::test]
async fn what_was_committed_since_the_page_was_made_is_told_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await.client;
        let (id, shell) = (client.id.as_str(), shell());
        let newest = async || {
            let mut tx = fixture.database.store.read().await.unwrap();
            tx.find_newest_event().await.unwrap()
        };
        let before = newest().await;
        grant(&fixture, &shell, id, "blogs.read").await;
        // Another page follows already, so this one's updates are not the first.
        let mut other = fixture.console.follow_changes(&shell).await.unwrap();
        let mut updates = fixture.console.follow_changes(&shell).await.unwrap();
        grant(&fixture, &shell, id, "blogs.write").await;
        let begun = fixture.console.follow_since(&mut updates, before).await;
        begun.unwrap();
        grant(&fixture, &shell, id, "blogs.destroy").await;
        fixture.console.publish_changes().await.unwrap();
        let news = changes(&mut updates).await.into_iter();
        let numbers: Vec<i64> = news.map(|news| news.sequence.0).collect();
        let first = before.0 + 1;
        assert_eq!(numbers, [first, first + 1, first + 2], "{engine:?}");
        assert_eq!(changes(&mut other).await.len(), 2);

        let mut updates = fixture.console.follow_changes(&shell).await.unwrap();
        let begun = fixture
            .console
            .follow_since(&mut updates, newest().await)
            .await;
        begun.unwrap();
        assert_eq!(changes(&mut updates).await, []);
    }
}

#[tokio::test]
async fn of_many_changes_a_page_learns_at_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let mut updates = fixture.console.follow_changes(&shell()).await.unwrap();
        let record = |number| Record {
            at: noon(),
            actor: shell().reference(),
            address: None,
            target: Target::Organization {
                id: OrganizationId(number),
            },
            organization_id: None,
            event: Event::ClientSuspended {},
            version: Some(Version(number)),
        };
        let records: Vec<Record> = (1..=1_950).map(record).collect();
        let mut tx = fixture.database.store.write().await.unwrap();
        tx.append_events(&records).await.unwrap();
        tx.commit().await.unwrap();
        fixture.console.publish_changes().await.unwrap();
        let versions = changes(&mut updates).await.into_iter();
        let versions: Vec<i64> = versions.map(|news| news.version.unwrap().0).collect();
        let all: Vec<i64> = (1..=1_950).collect();
        assert_eq!(versions, all, "{engine:?}");

        let mut later = fixture.console.follow_changes(&shell()).await.unwrap();
        let begun = fixture.console.follow_since(&mut later, Sequence(0)).await;
        begun.unwrap();
        assert_eq!(changes(&mut later).await.len(), all.len(), "{engine:?}");
    }
}

#[tokio::test]
async fn what_is_committed_after_somebody_follows_is_told() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let mut updates = fixture.console.follow_changes(&shell()).await.unwrap();
    // Before anything was read for it.
    grant(&fixture, &shell(), client.id.as_str(), "blogs.read").await;
    fixture.console.publish_changes().await.unwrap();
    assert_eq!(changes(&mut updates).await.len(), 1);
}

#[tokio::test]
async fn the_use_of_shown_clients_arrives_from_every_node() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let shown = fixture.client().await;
        let other = fixture.client().await;
        let node = fixture.other_node().await;
        let console = &fixture.console;
        let mut updates = console.follow_changes(&shell()).await.unwrap();
        let ids = [
            shown.client.id.clone(),
            ClientId::parse("id_of_nobody_at_all").unwrap(),
        ];
        console.follow_uses(&mut updates, &ids).await.unwrap();
        assert_eq!(uses(&fixture, &mut updates).await, []);

        issue(&fixture.tokens, &shown).await;
        issue(&fixture.tokens, &other).await;
        fixture.tokens.flush_usage().await.unwrap();
        issue(&node.tokens, &shown).await;
        node.tokens.flush_usage().await.unwrap();
        let told = uses(&fixture, &mut updates).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].id, shown.client.id);
        let shell = shell();
        let page = console.show_client(&shell, shown.client.id.as_str());
        assert_eq!(told[0].usage, page.await.unwrap().usage);
        assert_eq!(told[0].usage.requests(), 2);
        assert_eq!(uses(&fixture, &mut updates).await, [], "it was told");

        // Another page begins with what is known.
        let mut later = console.follow_changes(&shell).await.unwrap();
        console.follow_uses(&mut later, &ids).await.unwrap();
        assert_eq!(uses(&fixture, &mut later).await, told);
        drop(later);
        fixture.advance(chrono::TimeDelta::seconds(1));
        issue(&fixture.tokens, &shown).await;
        fixture.tokens.flush_usage().await.unwrap();
        let again = uses(&fixture, &mut updates).await;
        assert_eq!(again.last().unwrap().usage.requests(), 3);
    }
}

#[tokio::test]
async fn without_a_follower_nothing_is_read_or_kept() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let id = client.id.as_str();
    drop(fixture.console.follow_changes(&shell()).await.unwrap());
    fixture.console.publish_changes().await.unwrap();
    grant(&fixture, &shell(), id, "blogs.read").await;
    fixture.console.publish_changes().await.unwrap();
    let mut updates = fixture.console.follow_changes(&shell()).await.unwrap();
    fixture.console.publish_changes().await.unwrap();
    assert_eq!(waiting(&mut updates).await, []);
}

#[tokio::test]
async fn clients_follow_nothing_and_nobody_follows_a_server_that_stops() {
    let fixture = Fixture::new().await;
    let client = Actor::Client {
        id: fixture.client().await.client.id,
        address: None,
    };
    assert!(fixture.console.follow_changes(&client).await.is_err());
    assert!(
        fixture
            .console
            .follow_changes(&admin(Role::Auditor))
            .await
            .is_ok()
    );
    fixture.console.close_live();
    assert!(fixture.console.is_live_closed());
    assert!(fixture.console.follow_changes(&shell()).await.is_err());
}

#[tokio::test]
async fn what_a_page_asks_for_by_itself_does_not_keep_a_session_alive() {
    let fixture = Fixture::new().await;
    let console = &fixture.console;
    console
        .create_admin(&shell(), "ada@example.org", Role::Owner, &secret(PASSWORD))
        .await
        .unwrap();
    let here = visitor("192.0.2.1");
    let started = console
        .sign_in(&here, "ada@example.org", &secret(PASSWORD))
        .await
        .unwrap();
    let in_background = claviger::service::Visitor {
        in_background: true,
        ..here
    };
    for _ in 0..3 {
        fixture.advance(chrono::TimeDelta::minutes(9));
        let found = console
            .resume_session(&started.id, &in_background)
            .await
            .unwrap();
        let actor = found.unwrap();
        assert!(console.is_session_live(&actor).await.unwrap());
    }
    let actor = console
        .resume_session(&started.id, &in_background)
        .await
        .unwrap()
        .unwrap();
    fixture.advance(chrono::TimeDelta::minutes(4));
    assert!(!console.is_session_live(&actor).await.unwrap());
    assert!(
        console
            .resume_session(&started.id, &here)
            .await
            .unwrap()
            .is_none()
    );
}
