//! Tokens revoked one by one, many at the same moment.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::event::{ActorRef, Event, Target};
use claviger::domain::ids::{Sequence, Version};
use claviger::domain::token::{Lifetime, TokenId};
use claviger::service::{CreatedClient, Credentials, GrantError, RequestOrigin, Services};
use tokio::task::JoinSet;

use crate::support::{App, Engine, Fixture, authority, noon, secret, settings, shell};

static ORIGIN: LazyLock<RequestOrigin<'static>> = LazyLock::new(|| RequestOrigin {
    host: authority("127.0.0.1:3000"),
    address: None,
});

async fn version(fixture: &Fixture) -> Version {
    let mut tx = fixture.database.store.read().await.unwrap();
    tx.find_directory_version().await.unwrap()
}

#[tokio::test]
async fn revocations_that_wait_together_share_a_commit_and_each_is_kept() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let app = fixture.app();
        let mut tokens = Vec::new();
        for _ in 0..120 {
            tokens.push(app.issued(&client, "").await);
        }
        let before = version(&fixture).await;
        let mut revoking = JoinSet::new();
        // The last is revoked twice.
        for token in tokens.iter().chain(tokens.last()) {
            let tokens = fixture.tokens.clone();
            let token = secret(token);
            let credentials = Credentials {
                id: client.client.id.to_string(),
                secret: client.secret.clone(),
            };
            revoking.spawn(async move {
                tokens
                    .revoke_token(&ORIGIN, &credentials, Some(&token))
                    .await
            });
        }
        while let Some(revoked) = revoking.join_next().await {
            assert_eq!(revoked.unwrap(), Ok(()), "{engine:?}");
        }
        for token in &tokens {
            assert_eq!(app.introspect(&client, token).await["active"], false);
        }
        let commits = version(&fixture).await.0 - before.0;
        assert!((1..60).contains(&commits), "{engine:?}: {commits} commits");
        // Whoever was second may have been let in before the first was written.
        end_hour(&fixture).await;
        let (single, shared) = told(&fixture, &client).await;
        assert_eq!((single, shared.len()), (100, 1), "{engine:?}");
        assert!((20..=21).contains(&shared[0]), "{engine:?}: {shared:?}");
    }
}

/// Lets the hour pass, so that what was counted in it is recorded.
async fn end_hour(fixture: &Fixture) {
    fixture.advance(TimeDelta::hours(2));
    fixture.console.sweep().await.unwrap();
}

/// What the audit log tells of a client's tokens: how many entries are about one, and the numbers that others carry.
async fn told(fixture: &Fixture, client: &CreatedClient) -> (usize, Vec<i64>) {
    let id = client.client.id.clone();
    let mut tx = fixture.database.store.read().await.unwrap();
    let target = Target::Client { id: id.clone() };
    let events = tx.list_events(&target, 10_000).await.unwrap();
    let (mut single, mut shared) = (HashSet::new(), Vec::new());
    for recorded in events {
        let record = recorded.record;
        match record.event {
            Event::TokenRevoked { token } => assert!(single.insert(token)),
            Event::TokensRevoked { tokens, .. } => shared.push(tokens),
            _ => continue,
        }
        assert_eq!(record.actor, ActorRef::Client { id: id.clone() });
    }
    (single.len(), shared)
}

async fn revoke(node: &Services, client: &CreatedClient, count: usize) {
    let app = App::new(node.clone());
    for _ in 0..count {
        let token = app.issued(client, "").await;
        let credentials = Credentials {
            id: client.client.id.to_string(),
            secret: client.secret.clone(),
        };
        let shown = secret(&token);
        let revoked = node
            .tokens
            .revoke_token(&ORIGIN, &credentials, Some(&shown));
        assert_eq!(revoked.await, Ok(()));
        assert_eq!(app.introspect(client, &token).await["active"], false);
    }
}

#[tokio::test]
async fn a_client_that_revokes_without_end_leaves_a_hundred_entries_an_hour_and_a_number() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let neighbour = fixture.other_node().await;
        let (busy, quiet) = (fixture.client().await, fixture.client().await);
        revoke(&fixture.services(), &busy, 60).await;
        revoke(&neighbour, &busy, 40).await;
        assert_eq!(told(&fixture, &busy).await, (100, vec![]), "{engine:?}");
        // Whichever node it asks, and whoever was started anew.
        revoke(&fixture.services(), &busy, 7).await;
        revoke(&neighbour, &busy, 5).await;
        revoke(&fixture.other_node().await, &busy, 3).await;
        revoke(&fixture.services(), &quiet, 2).await;
        assert_eq!(fixture.database.count("denylist").await, 117);
        assert_eq!(
            told(&fixture, &busy).await,
            (100, vec![]),
            "the hour goes on"
        );
        end_hour(&fixture).await;
        assert_eq!(told(&fixture, &busy).await, (100, vec![15]), "{engine:?}");
        assert_eq!(told(&fixture, &quiet).await, (2, vec![]), "{engine:?}");
        revoke(&neighbour, &busy, 101).await;
        end_hour(&fixture).await;
        assert_eq!(
            told(&fixture, &busy).await,
            (200, vec![1, 15]),
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn entries_about_revoked_tokens_are_kept_for_ninety_days_and_others_for_good() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        revoke(&fixture.services(), &client, 103).await;
        end_hour(&fixture).await;
        let kept = "audit_events WHERE data IS NOT NULL";
        let before = fixture.database.count(kept).await;
        let others = before - 101;
        fixture.advance(TimeDelta::days(90) - TimeDelta::hours(2));
        fixture.console.sweep().await.unwrap();
        assert_eq!(fixture.database.count(kept).await, before, "{engine:?}");
        assert_eq!(
            fixture.database.count("revocation_counts").await,
            0,
            "{engine:?}"
        );
        fixture.advance(TimeDelta::seconds(1));
        assert_eq!(fixture.console.sweep().await.unwrap(), 100, "{engine:?}");
        fixture.advance(TimeDelta::hours(2));
        assert_eq!(fixture.console.sweep().await.unwrap(), 1, "{engine:?}");
        assert_eq!(fixture.database.count(kept).await, others, "{engine:?}");
        let verified = fixture.console.verify_audit_log(&shell()).await;
        assert_eq!(verified, Ok(Sequence(before)), "without what was swept");
        assert_eq!(told(&fixture, &client).await, (0, vec![]));
    }
}

#[tokio::test]
async fn ended_revocations_are_swept_in_parts_and_every_token_stays_dead() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let app = fixture.app();
        let token = app.issued(&client, "").await;
        let neighbour = App::new(fixture.other_node().await);
        let credentials = Credentials {
            id: client.client.id.to_string(),
            secret: client.secret.clone(),
        };
        let shown = secret(&token);
        let revoked = fixture
            .tokens
            .revoke_token(&ORIGIN, &credentials, Some(&shown));
        assert_eq!(revoked.await, Ok(()));
        assert_eq!(neighbour.introspect(&client, &token).await["active"], false);
        // Those of others end before and after it.
        let others: Vec<(TokenId, Lifetime)> = (0..2_499_u16)
            .map(|number| {
                let mut id = [7; 24];
                id[..2].copy_from_slice(&number.to_be_bytes());
                let issued_at = noon() - TimeDelta::minutes(20) + TimeDelta::seconds(number.into());
                let expires_at = issued_at + TimeDelta::hours(2);
                (
                    TokenId(id),
                    Lifetime {
                        issued_at,
                        expires_at,
                    },
                )
            })
            .collect();
        let mut tx = fixture.database.store.write().await.unwrap();
        let before = tx.raise_directory_version().await.unwrap();
        tx.insert_denylist(&others, before).await.unwrap();
        tx.commit().await.unwrap();

        fixture.advance(TimeDelta::hours(3));
        assert_eq!(fixture.console.sweep().await.unwrap(), 2_500, "{engine:?}");
        assert_eq!(fixture.database.count("denylist").await, 0);
        let parts = version(&fixture).await.0 - before.0;
        assert_eq!(parts, 3, "{engine:?}: of a thousand tokens at most");
        assert_eq!(fixture.database.count("sweep_watermarks").await, 1);
        // The clock that swept was ahead.
        fixture.advance(-TimeDelta::hours(3));
        for node in [&app, &neighbour, &App::new(fixture.other_node().await)] {
            assert_eq!(node.introspect(&client, &token).await["active"], false);
        }
        let later = app.issued(&client, "").await;
        assert_eq!(app.introspect(&client, &later).await["active"], true);
    }
}

#[tokio::test]
async fn nothing_is_called_revoked_that_could_not_be_written() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = secret(&fixture.app().issued(&client, "").await);
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: client.secret.clone(),
    };
    let revoke = || {
        fixture
            .tokens
            .revoke_token(&ORIGIN, &credentials, Some(&token))
    };
    // Whoever holds the write lock longer than anybody waits.
    let holding = fixture.database.store.write().await.unwrap();
    assert_eq!(revoke().await, Err(GrantError::Unavailable));
    drop(holding);
    assert_eq!(
        fixture.app().introspect(&client, token.expose()).await["active"],
        true
    );
    assert_eq!(revoke().await, Ok(()), "the next one is written again");
    assert_eq!(
        fixture.app().introspect(&client, token.expose()).await["active"],
        false
    );
}

#[tokio::test]
async fn revocations_that_nobody_waits_for_are_written_before_the_database_is_closed() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let app = fixture.app();
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(app.issued(&client, "").await);
        }
        let node = fixture.other_node().await;
        let mut holding = fixture.database.store.write().await.unwrap();
        holding.raise_directory_version().await.unwrap();
        for token in &tokens {
            let token = secret(token);
            let credentials = Credentials {
                id: client.client.id.to_string(),
                secret: client.secret.clone(),
            };
            let request = node
                .tokens
                .revoke_token(&ORIGIN, &credentials, Some(&token));
            let dropped = tokio::time::timeout(Duration::from_secs(1), request).await;
            assert!(
                dropped.is_err(),
                "{engine:?}: it waits for the other writer"
            );
        }
        assert_eq!(fixture.database.count("denylist").await, 0);
        tokio::join!(node.close(), async { drop(holding) });
        assert_eq!(fixture.database.count("denylist").await, 3, "{engine:?}");
        for token in &tokens {
            assert_eq!(app.introspect(&client, token).await["active"], false);
        }
    }
}
