//! A secret that waits for its first use: what begins then, once, at every node, and when nothing can be written.

use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::event::{ActorRef, Event};
use claviger::domain::rotation::{OldSecrets, Rotation};
use claviger::service::{
    CreatedClient, Credentials, GrantError, RequestOrigin, TokenRequest, TokenServer,
};

use crate::support::{Engine, Fixture, authority, noon, secret, settings, shell};

use super::{audit_log, kinds, opens};

const DAY: Duration = Duration::from_hours(24);

fn pending(grace: Duration) -> Rotation {
    Rotation::unlabelled(OldSecrets::UntilFirstUse(grace))
}

fn address() -> IpAddr {
    "192.0.2.9".parse().unwrap()
}

async fn rotate(fixture: &Fixture, client: &CreatedClient, grace: Duration) -> CreatedClient {
    let id = client.client.id.as_str();
    let (actor, rotation) = (shell(), pending(grace));
    let rotated = fixture.console.rotate_secret(&actor, id, rotation);
    rotated.await.unwrap()
}

/// Asks for a token at one node.
async fn ask(tokens: &TokenServer, client: &CreatedClient) -> Result<String, GrantError> {
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some(address()),
    };
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: secret(client.secret.expose()),
    };
    let request = TokenRequest::client_credentials(None);
    let issued = tokens.issue_token(&origin, &credentials, request).await?;
    Ok(issued.token.expose().to_owned())
}

async fn activations(fixture: &Fixture) -> i64 {
    let activated = "audit_events WHERE kind = 'secret.activated'";
    fixture.database.count(activated).await
}

#[tokio::test]
async fn the_old_secret_goes_on_until_the_new_one_was_used_and_for_its_grace() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let old = fixture.client().await;
        let id = old.client.id.as_str();
        let new = rotate(&fixture, &old, DAY).await;
        fixture.advance(TimeDelta::days(300));
        assert!(opens(&fixture, id, old.secret.expose()).await);
        assert_eq!(activations(&fixture).await, 0);

        ask(&fixture.tokens, &new).await.unwrap();
        let record = &audit_log(&fixture, &format!("client:{id}")).await[0];
        assert_eq!(
            (record.actor.clone(), record.address, record.at),
            (
                ActorRef::Client {
                    id: old.client.id.clone()
                },
                Some(address()),
                fixture.console.now()
            )
        );
        let expected = Event::SecretActivated {
            hint: new
                .secret
                .hint(claviger::domain::secret::SecretKind::Generated),
            secret: new.secret_number,
            grace_seconds: 86_400,
        };
        assert_eq!(record.event, expected);
        assert_eq!(record.organization_id, old.client.organization_id);

        // Nobody asks meanwhile: the end comes by the clock alone.
        fixture.advance(TimeDelta::days(1) - TimeDelta::microseconds(1));
        assert!(opens(&fixture, id, old.secret.expose()).await);
        fixture.advance(TimeDelta::microseconds(1));
        assert!(!opens(&fixture, id, old.secret.expose()).await);
        assert!(opens(&fixture, id, new.secret.expose()).await);
        assert_eq!(activations(&fixture).await, 1);
    }
}

#[tokio::test]
async fn tokens_of_the_old_secret_live_on_unless_there_is_no_grace() {
    for (grace, lives_on) in [(Duration::from_hours(1), true), (Duration::ZERO, false)] {
        let fixture = Fixture::new().await;
        let old = fixture.client().await;
        let app = fixture.app();
        let token = app.issued(&old, "").await;
        let new = rotate(&fixture, &old, grace).await;
        assert_eq!(app.introspect(&old, &token).await["active"], true);
        app.issued(&new, "").await;
        assert_eq!(app.introspect(&new, &token).await["active"], lives_on);
        let id = old.client.id.as_str();
        assert_eq!(opens(&fixture, id, old.secret.expose()).await, lives_on);
        fixture.advance(TimeDelta::minutes(61));
        assert!(!opens(&fixture, id, old.secret.expose()).await);
        assert_eq!(app.introspect(&new, &token).await["active"], lives_on);
    }
}

#[tokio::test]
async fn a_first_use_at_one_node_counts_at_the_other() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let other = fixture.other_node().await;
        let old = fixture.client().await;
        let id = old.client.id.as_str();
        ask(&fixture.tokens, &old).await.unwrap();
        ask(&other.tokens, &old).await.unwrap();
        let new = rotate(&fixture, &old, Duration::from_hours(1)).await;
        ask(&other.tokens, &new).await.unwrap();
        let page = fixture.console.show_client(&shell(), id).await.unwrap();
        let ends: Vec<_> = page.secrets.iter().map(|row| row.expires_at).collect();
        assert_eq!(ends, [None, Some(noon() + TimeDelta::hours(1))]);
        ask(&fixture.tokens, &old).await.unwrap();
        fixture.advance(TimeDelta::hours(1));
        for tokens in [&fixture.tokens, &other.tokens] {
            assert!(ask(tokens, &old).await.is_err());
            ask(tokens, &new).await.unwrap();
        }
        assert_eq!(activations(&fixture).await, 1);
    }
}

#[tokio::test]
async fn many_first_uses_at_once_are_one() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let other = fixture.other_node().await;
        let old = fixture.client().await;
        let new = std::sync::Arc::new(rotate(&fixture, &old, DAY).await);
        let mut asking = tokio::task::JoinSet::new();
        for count in 0..32 {
            let tokens = if count % 2 == 0 {
                fixture.tokens.clone()
            } else {
                other.tokens.clone()
            };
            let new = std::sync::Arc::clone(&new);
            asking.spawn(async move { ask(&tokens, &new).await.is_ok() });
        }
        let answers = asking.join_all().await;
        assert!(answers.into_iter().all(|is_issued| is_issued));
        assert_eq!(activations(&fixture).await, 1);
    }
}

#[tokio::test]
async fn where_nothing_can_be_written_the_new_secret_works_and_the_old_one_goes_on() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let old = fixture.client().await;
        let id = old.client.id.as_str();
        let new = rotate(&fixture, &old, Duration::ZERO).await;
        let mislay = "ALTER TABLE audit_events RENAME TO mislaid";
        fixture.database.execute(mislay).await;
        for _ in 0..3 {
            ask(&fixture.tokens, &new).await.unwrap();
            fixture.advance(TimeDelta::seconds(1));
        }
        assert!(opens(&fixture, id, old.secret.expose()).await);
        let repair = "ALTER TABLE mislaid RENAME TO audit_events";
        fixture.database.execute(repair).await;
        assert!(opens(&fixture, id, old.secret.expose()).await);
        ask(&fixture.tokens, &new).await.unwrap();
        assert!(!opens(&fixture, id, old.secret.expose()).await);
        assert_eq!(activations(&fixture).await, 1);
    }
}

#[tokio::test]
async fn a_writer_that_keeps_the_database_delays_nobody_for_long() {
    let fixture = Fixture::new().await;
    let old = fixture.client().await;
    let id = old.client.id.as_str();
    let new = rotate(&fixture, &old, Duration::ZERO).await;
    let writer = fixture.database.store.write().await.unwrap();
    let answered = tokio::time::timeout(Duration::from_secs(4), ask(&fixture.tokens, &new)).await;
    answered
        .expect("the request does not wait for the writer")
        .unwrap();
    assert!(opens(&fixture, id, old.secret.expose()).await);
    drop(writer);
    // The change that waited for its turn is made without another request.
    for _ in 0..200 {
        if activations(&fixture).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(!opens(&fixture, id, old.secret.expose()).await);
    assert_eq!(activations(&fixture).await, 1);
}

#[tokio::test]
async fn what_is_refused_is_no_first_use() {
    let fixture = Fixture::new().await;
    let old = fixture.client().await;
    let id = old.client.id.as_str();
    let new = rotate(&fixture, &old, Duration::ZERO).await;
    fixture.console.suspend_client(&shell(), id).await.unwrap();
    assert!(ask(&fixture.tokens, &new).await.is_err());
    fixture.console.resume_client(&shell(), id).await.unwrap();
    assert!(opens(&fixture, id, old.secret.expose()).await);
    assert!(!opens(&fixture, id, "key_of-nobody-at-all-and-never-was").await);
    assert_eq!(activations(&fixture).await, 0);
    ask(&fixture.tokens, &new).await.unwrap();
    assert_eq!(activations(&fixture).await, 1);
}

#[tokio::test]
async fn a_secret_that_was_made_later_goes_on() {
    let fixture = Fixture::new().await;
    let old = fixture.client().await;
    let id = old.client.id.as_str();
    let new = rotate(&fixture, &old, Duration::ZERO).await;
    let beside = Rotation::unlabelled(OldSecrets::Keep);
    let later = fixture.console.rotate_secret(&shell(), id, beside).await;
    let later = later.unwrap();
    ask(&fixture.tokens, &later).await.unwrap();
    assert_eq!(activations(&fixture).await, 0, "it waits for nothing");
    ask(&fixture.tokens, &new).await.unwrap();
    assert!(!opens(&fixture, id, old.secret.expose()).await);
    assert!(opens(&fixture, id, later.secret.expose()).await);
}

#[tokio::test]
async fn a_cancelled_rotation_leaves_the_old_secret() {
    let fixture = Fixture::new().await;
    let old = fixture.client().await;
    let id = old.client.id.as_str();
    let new = rotate(&fixture, &old, DAY).await;
    let cancelled = fixture
        .console
        .cancel_rotation(&shell(), id, new.secret_number)
        .await;
    cancelled.unwrap();
    assert!(!opens(&fixture, id, new.secret.expose()).await);
    assert!(opens(&fixture, id, old.secret.expose()).await);
    assert_eq!(
        kinds(&fixture, &format!("client:{id}")).await,
        ["secret.cancelled", "secret.rotated", "client.created"]
    );
}

#[tokio::test]
async fn a_secret_that_was_used_is_not_cancelled() {
    let fixture = Fixture::new().await;
    let old = fixture.client().await;
    let id = old.client.id.as_str();
    let new = rotate(&fixture, &old, DAY).await;
    ask(&fixture.tokens, &new).await.unwrap();
    let late = fixture
        .console
        .cancel_rotation(&shell(), id, new.secret_number)
        .await;
    assert_eq!(late.unwrap_err().code(), "not_pending");
    assert!(opens(&fixture, id, new.secret.expose()).await);
}
