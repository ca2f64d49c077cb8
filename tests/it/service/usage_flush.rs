//! How counts get into the database: all of them, once, and without becoming the work of the server.

use std::net::IpAddr;

use chrono::TimeDelta;
use claviger::domain::usage::{TokenGrant, hour_of};
use claviger::service::{
    Caller, CreatedClient, Credentials, Introspection, IssuedToken, RequestOrigin, TokenRequest,
    TokenServer,
};
use claviger::store::StoredToken;

use crate::support::{Engine, Fixture, authority, noon, secret, settings, shell};

pub(super) async fn issue(tokens: &TokenServer, client: &CreatedClient) -> IssuedToken {
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some(address()),
    };
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: secret(client.secret.expose()),
    };
    tokens
        .issue_token(
            &origin,
            &credentials,
            TokenRequest::client_credentials(None),
        )
        .await
        .unwrap()
}

fn address() -> IpAddr {
    "192.0.2.9".parse().unwrap()
}

/// How many tokens the database says were issued, by the hour and by the day.
async fn issued(fixture: &Fixture, count: i64) -> bool {
    let of = |table, column| {
        format!("(SELECT coalesce(sum({column}), 0) AS n FROM {table}) AS one WHERE n = {count}")
    };
    fixture.database.count(&of("usage_hourly", "issued")).await == 1
        && fixture.database.count(&of("usage_daily", "requests")).await == 1
}

async fn recent(fixture: &Fixture, client: &CreatedClient) -> Vec<StoredToken> {
    let mut tx = fixture.database.store.read().await.unwrap();
    tx.list_recent_tokens(client.client.number).await.unwrap()
}

#[tokio::test]
async fn nothing_is_written_when_nothing_happened() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    // Whoever opens a transaction to write would wait for this one, and fail.
    let other = fixture.database.store.write().await.unwrap();
    fixture.tokens.flush_usage().await.unwrap();
    drop(other);
    issue(&fixture.tokens, &client).await;
    fixture.tokens.flush_usage().await.unwrap();
    let other = fixture.database.store.write().await.unwrap();
    fixture.tokens.flush_usage().await.unwrap();
    drop(other);
    assert!(issued(&fixture, 1).await);
}

#[tokio::test]
async fn a_flush_changes_no_row_of_the_directory() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let directory = async || {
        let all = fixture.database.everything().await;
        let tables = all.split("\n\n").map(|table| table.trim().to_owned());
        let is_usage = |table: &String| {
            [
                "usage_",
                "secret_uses",
                "permission_uses",
                "client_uses",
                "recent_token",
                "client_grant_uses",
                "client_refusals",
                "organization_usage_daily",
                "organization_uses",
                "live_tokens",
            ]
            .iter()
            .any(|name| table.starts_with(name))
        };
        let (usage, others): (Vec<String>, Vec<String>) = tables.partition(is_usage);
        assert_eq!(usage.len(), 13);
        others
    };
    let before = directory().await;
    issue(&fixture.tokens, &client).await;
    fixture.tokens.flush_usage().await.unwrap();
    assert_eq!(directory().await, before);
}

#[tokio::test]
async fn what_could_not_be_written_is_written_the_next_time() {
    let fixture = Fixture::new().await;
    let (client, other) = (
        fixture.client().await,
        fixture.client_of(None, &["system"], &[]).await,
    );
    for client in [&client, &client, &other] {
        issue(&fixture.tokens, client).await;
    }
    // The last of the tables is gone, so what was written into the others is undone.
    fixture
        .database
        .execute("ALTER TABLE recent_tokens RENAME TO away")
        .await;
    for _ in 0..2 {
        fixture.tokens.flush_usage().await.unwrap_err();
        assert!(issued(&fixture, 0).await);
    }
    issue(&fixture.tokens, &client).await;
    fixture.advance(TimeDelta::hours(1));
    fixture
        .database
        .execute("ALTER TABLE away RENAME TO recent_tokens")
        .await;
    fixture.tokens.flush_usage().await.unwrap();
    fixture.tokens.flush_usage().await.unwrap();
    assert!(issued(&fixture, 4).await);
    assert_eq!(
        fixture.database.count("usage_hourly").await,
        2,
        "of one hour"
    );
    assert_eq!(recent(&fixture, &client).await.len(), 3);
    let page = fixture
        .console
        .show_client(&shell(), other.client.id.as_str())
        .await
        .unwrap();
    assert_eq!(page.usage.last_used_at, Some(noon()));
}

#[tokio::test]
async fn a_flush_that_nobody_waits_for_is_neither_lost_nor_done_twice() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    for count in 1..=5 {
        issue(&fixture.tokens, &client).await;
        tokio::select! {
            biased;
            _ = fixture.tokens.flush_usage() => panic!("it cannot be done at the first look"),
            () = std::future::ready(()) => {}
        }
        fixture.tokens.flush_usage().await.unwrap();
        assert!(issued(&fixture, count).await, "{count}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_flushes_at_the_same_time_lose_no_count() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    issue(&fixture.tokens, &client).await;
    let all_at_once = async {
        for _ in 0..100 {
            issue(&fixture.tokens, &client).await;
        }
    };
    let again = async {
        for _ in 0..100 {
            issue(&fixture.tokens, &client).await;
        }
    };
    let writing = async {
        for _ in 0..50 {
            fixture.tokens.flush_usage().await.unwrap();
        }
    };
    tokio::join!(all_at_once, again, writing);
    fixture.tokens.flush_usage().await.unwrap();
    assert!(issued(&fixture, 201).await);
}

#[tokio::test]
async fn a_recent_token_says_what_was_issued() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    fixture.advance(TimeDelta::microseconds(1_234_567));
    let token = issue(&fixture.tokens, &client).await;
    fixture.tokens.flush_usage().await.unwrap();
    let [found] = &recent(&fixture, &client).await[..] else {
        panic!("there is one token")
    };
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: None,
    };
    let caller = Caller::Bearer(secret(token.token.expose()));
    let told = fixture
        .tokens
        .introspect(&origin, &caller, Some(&token.token));
    let Introspection::Active(told) = told.await.unwrap() else {
        panic!("it is live")
    };
    let expected = StoredToken {
        id: told.id,
        issued_at: noon() + TimeDelta::microseconds(1_234_567),
        expires_at: noon() + TimeDelta::seconds(1 + token.expires_in),
        address: Some(address()),
        grant: TokenGrant::ClientCredentials,
        claims: found.claims.clone(),
    };
    assert_eq!(*found, expected);
    assert_eq!(found.expires_at.timestamp(), told.expires_at);
    // The claims are those of the token.
    let id = client.client.id.as_str();
    let [row] = &fixture
        .console
        .list_recent_tokens(&shell(), id)
        .await
        .unwrap()[..]
    else {
        panic!("there is one token")
    };
    assert_eq!((row.id, row.dead), (told.id, None));
    assert_eq!(row.scope, "public proposals blogs");
}

#[tokio::test]
async fn the_newest_fifty_tokens_of_a_client_are_kept() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    for flushed in 1..=3 {
        for _ in 0..60 {
            fixture.advance(TimeDelta::milliseconds(1));
            issue(&fixture.tokens, &client).await;
        }
        let newest = fixture.console.now();
        fixture.tokens.flush_usage().await.unwrap();
        let found = recent(&fixture, &client).await;
        assert_eq!(found.len(), 50);
        for (place, token) in (0..).zip(&found) {
            assert_eq!(token.issued_at, newest - TimeDelta::milliseconds(place));
        }
        assert!(issued(&fixture, 60 * flushed).await);
    }
}

/// Twenty-one clients that have got fifty tokens each, which are more than two flushes write.
async fn busy(fixture: &Fixture) -> Vec<CreatedClient> {
    let mut clients = Vec::new();
    for _ in 0..21 {
        clients.push(fixture.client_of(None, &["system"], &[]).await);
    }
    for client in &clients {
        for _ in 0..50 {
            issue(&fixture.tokens, client).await;
        }
    }
    clients
}

#[tokio::test]
async fn a_flush_writes_five_hundred_tokens_and_the_others_wait() {
    let fixture = Fixture::new().await;
    let clients = busy(&fixture).await;
    fixture.tokens.flush_usage().await.unwrap();
    assert!(issued(&fixture, 1_050).await);
    for written in [500, 1_000, 1_050] {
        assert_eq!(fixture.database.count("recent_tokens").await, written);
        fixture.tokens.flush_usage().await.unwrap();
    }
    assert!(issued(&fixture, 1_050).await);
    for client in &clients {
        assert_eq!(recent(&fixture, client).await.len(), 50);
    }
}

#[tokio::test]
async fn the_last_flush_writes_all_tokens_that_wait() {
    let fixture = Fixture::new().await;
    let clients = busy(&fixture).await;
    fixture.tokens.finish_usage().await.unwrap();
    assert!(issued(&fixture, 1_050).await);
    for client in &clients {
        assert_eq!(recent(&fixture, client).await.len(), 50);
    }
    // Then there is nothing left to write.
    let other = fixture.database.store.write().await.unwrap();
    fixture.tokens.finish_usage().await.unwrap();
    drop(other);
}

#[tokio::test]
async fn a_client_that_changes_while_nothing_can_be_written_loses_no_count_and_no_token() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        fixture
            .database
            .execute("ALTER TABLE recent_tokens RENAME TO away")
            .await;
        for _ in 0..4 {
            issue(&fixture.tokens, &client).await;
            fixture.tokens.flush_usage().await.unwrap_err();
            // The entry is loaded again, with counters of its own.
            let id = client.client.id.as_str();
            fixture.console.suspend_client(&shell(), id).await.unwrap();
            fixture.console.resume_client(&shell(), id).await.unwrap();
            fixture.advance(TimeDelta::minutes(30));
        }
        fixture
            .database
            .execute("ALTER TABLE away RENAME TO recent_tokens")
            .await;
        fixture.tokens.flush_usage().await.unwrap();
        assert!(issued(&fixture, 4).await);
        for hour in [0, 1] {
            let hour = hour_of(noon()) + hour;
            let row = format!("usage_hourly WHERE hour = {hour} AND issued = 2");
            assert_eq!(fixture.database.count(&row).await, 1, "{row}");
        }
        assert_eq!(fixture.database.count("recent_tokens").await, 4);
        assert_eq!(fixture.database.count("secret_uses").await, 1);
    }
}
