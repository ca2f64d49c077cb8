//! How counts get into the database: all of them, once, and without becoming the work of the server.

use std::net::IpAddr;

use chrono::TimeDelta;
use claviger::domain::token::TokenId;
use claviger::domain::usage::{RecentToken, hour_of};
use claviger::service::{
    Caller, CreatedClient, Credentials, Introspection, IssuedToken, RequestOrigin, Service,
};

use crate::support::{Engine, House, authority, noon, secret, settings, shell};

async fn issue(service: &Service, client: &CreatedClient) -> IssuedToken {
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some(address()),
    };
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: secret(client.secret.expose()),
    };
    service
        .grant_client_credentials(&origin, &credentials, None)
        .await
        .unwrap()
}

fn address() -> IpAddr {
    "192.0.2.9".parse().unwrap()
}

/// How many tokens the database says were issued, by the hour and by the day.
async fn issued(house: &House, count: i64) -> bool {
    let of = |table, column| {
        format!("(SELECT coalesce(sum({column}), 0) AS n FROM {table}) AS one WHERE n = {count}")
    };
    house.database.count(&of("usage_hourly", "issued")).await == 1
        && house.database.count(&of("usage_daily", "requests")).await == 1
}

async fn recent(house: &House, client: &CreatedClient) -> Vec<RecentToken> {
    let mut tx = house.database.store.read().await.unwrap();
    tx.list_recent_tokens(client.client.number, house.service.now(), 1_000)
        .await
        .unwrap()
}

#[tokio::test]
async fn nothing_is_written_when_nothing_happened() {
    let house = House::new().await;
    let client = house.client().await;
    // Whoever opens a transaction to write would wait for this one, and fail.
    let other = house.database.store.write().await.unwrap();
    house.service.flush_usage().await.unwrap();
    drop(other);
    issue(&house.service, &client).await;
    house.service.flush_usage().await.unwrap();
    let other = house.database.store.write().await.unwrap();
    house.service.flush_usage().await.unwrap();
    drop(other);
    assert!(issued(&house, 1).await);
}

#[tokio::test]
async fn a_flush_changes_no_row_of_the_directory() {
    let house = House::new().await;
    let client = house.client().await;
    let directory = async || {
        let all = house.database.everything().await;
        let tables = all.split("\n\n").map(|table| table.trim().to_owned());
        let is_usage = |table: &String| {
            ["usage_", "secret_uses", "recent_tokens"]
                .iter()
                .any(|name| table.starts_with(name))
        };
        let (usage, others): (Vec<String>, Vec<String>) = tables.partition(is_usage);
        assert_eq!(usage.len(), 4);
        others
    };
    let before = directory().await;
    issue(&house.service, &client).await;
    house.service.flush_usage().await.unwrap();
    assert_eq!(directory().await, before);
}

#[tokio::test]
async fn what_could_not_be_written_is_written_the_next_time() {
    let house = House::new().await;
    let (client, other) = (
        house.client().await,
        house.client_of(None, &["system"], &[]).await,
    );
    for client in [&client, &client, &other] {
        issue(&house.service, client).await;
    }
    // The last of the tables is gone, so what was written into the others is undone.
    house
        .database
        .execute("ALTER TABLE recent_tokens RENAME TO away")
        .await;
    for _ in 0..2 {
        house.service.flush_usage().await.unwrap_err();
        assert!(issued(&house, 0).await);
    }
    issue(&house.service, &client).await;
    house.advance(TimeDelta::hours(1));
    house
        .database
        .execute("ALTER TABLE away RENAME TO recent_tokens")
        .await;
    house.service.flush_usage().await.unwrap();
    house.service.flush_usage().await.unwrap();
    assert!(issued(&house, 4).await);
    assert_eq!(house.database.count("usage_hourly").await, 2, "of one hour");
    assert_eq!(recent(&house, &client).await.len(), 3);
    let page = house
        .service
        .show_client(&shell(), other.client.id.as_str())
        .await
        .unwrap();
    assert_eq!(page.usage.last_used_at, Some(noon()));
}

#[tokio::test]
async fn a_flush_that_nobody_waits_for_is_neither_lost_nor_done_twice() {
    let house = House::new().await;
    let client = house.client().await;
    for count in 1..=5 {
        issue(&house.service, &client).await;
        tokio::select! {
            biased;
            _ = house.service.flush_usage() => panic!("it cannot be done at the first look"),
            () = std::future::ready(()) => {}
        }
        house.service.flush_usage().await.unwrap();
        assert!(issued(&house, count).await, "{count}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_flushes_at_the_same_time_lose_no_count() {
    let house = House::new().await;
    let client = house.client().await;
    issue(&house.service, &client).await;
    let all_at_once = async {
        for _ in 0..100 {
            issue(&house.service, &client).await;
        }
    };
    let again = async {
        for _ in 0..100 {
            issue(&house.service, &client).await;
        }
    };
    let writing = async {
        for _ in 0..50 {
            house.service.flush_usage().await.unwrap();
        }
    };
    tokio::join!(all_at_once, again, writing);
    house.service.flush_usage().await.unwrap();
    assert!(issued(&house, 201).await);
}

#[tokio::test]
async fn a_recent_token_says_what_was_issued() {
    let house = House::new().await;
    let client = house.client().await;
    house.advance(TimeDelta::microseconds(1_234_567));
    let token = issue(&house.service, &client).await;
    house.service.flush_usage().await.unwrap();
    let [found] = recent(&house, &client).await[..] else {
        panic!("there is one token")
    };
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: None,
    };
    let caller = Caller::Bearer(secret(token.token.expose()));
    let told = house
        .service
        .introspect(&origin, &caller, Some(&token.token));
    let Introspection::Active(told) = told.await.unwrap() else {
        panic!("it is live")
    };
    let expected = RecentToken {
        id: told.id,
        issued_at: noon() + TimeDelta::microseconds(1_234_567),
        expires_at: noon() + TimeDelta::seconds(1 + token.expires_in),
        address: Some(address()),
    };
    assert_eq!(found, expected);
    assert_eq!(
        found.expires_at.timestamp(),
        i64::try_from(told.expires_at).unwrap()
    );
}

#[tokio::test]
async fn the_newest_fifty_tokens_of_a_client_are_kept() {
    let house = House::new().await;
    let client = house.client().await;
    for flushed in 1..=3 {
        for _ in 0..60 {
            house.advance(TimeDelta::milliseconds(1));
            issue(&house.service, &client).await;
        }
        let newest = house.service.now();
        house.service.flush_usage().await.unwrap();
        let found = recent(&house, &client).await;
        assert_eq!(found.len(), 50);
        for (place, token) in (0..).zip(&found) {
            assert_eq!(token.issued_at, newest - TimeDelta::milliseconds(place));
        }
        assert!(issued(&house, 60 * flushed).await);
    }
    let mut fewest = usize::MAX;
    // Of five tokens one, by chance, makes the older ones go.
    for _ in 0..100 {
        house.advance(TimeDelta::milliseconds(1));
        issue(&house.service, &client).await;
        house.service.flush_usage().await.unwrap();
        let kept = recent(&house, &client).await;
        assert_eq!(kept[0].issued_at, house.service.now());
        fewest = fewest.min(kept.len());
    }
    assert_eq!(fewest, 50);
}

/// Twenty-one clients that have got fifty tokens each, which are more than two flushes write.
async fn busy(house: &House) -> Vec<CreatedClient> {
    let mut clients = Vec::new();
    for _ in 0..21 {
        clients.push(house.client_of(None, &["system"], &[]).await);
    }
    for client in &clients {
        for _ in 0..50 {
            issue(&house.service, client).await;
        }
    }
    clients
}

#[tokio::test]
async fn a_flush_writes_five_hundred_tokens_and_the_others_wait() {
    let house = House::new().await;
    let clients = busy(&house).await;
    house.service.flush_usage().await.unwrap();
    assert!(issued(&house, 1_050).await);
    assert_eq!(house.database.count("recent_tokens").await, 500);
    let fewest = 500 / 21;
    for client in &clients {
        assert!(recent(&house, client).await.len() >= fewest);
    }
    for _ in 0..2 {
        house.service.flush_usage().await.unwrap();
    }
    assert_eq!(house.database.count("recent_tokens").await, 1_050);
    assert!(issued(&house, 1_050).await);
}

#[tokio::test]
async fn the_last_flush_writes_all_tokens_that_wait() {
    let house = House::new().await;
    let clients = busy(&house).await;
    house.service.finish_usage().await.unwrap();
    assert!(issued(&house, 1_050).await);
    for client in &clients {
        assert_eq!(recent(&house, client).await.len(), 50);
    }
    // Then there is nothing left to write.
    let other = house.database.store.write().await.unwrap();
    house.service.finish_usage().await.unwrap();
    drop(other);
}

#[tokio::test]
async fn a_client_that_changes_while_nothing_can_be_written_loses_no_count_and_no_token() {
    for engine in Engine::BOTH {
        let house = House::on(engine, settings()).await;
        let client = house.client().await;
        house
            .database
            .execute("ALTER TABLE recent_tokens RENAME TO away")
            .await;
        for _ in 0..4 {
            issue(&house.service, &client).await;
            house.service.flush_usage().await.unwrap_err();
            // The entry is loaded again, with a counters of its own.
            let id = client.client.id.as_str();
            house.service.suspend_client(&shell(), id).await.unwrap();
            house.service.resume_client(&shell(), id).await.unwrap();
            house.advance(TimeDelta::minutes(30));
        }
        house
            .database
            .execute("ALTER TABLE away RENAME TO recent_tokens")
            .await;
        house.service.flush_usage().await.unwrap();
        assert!(issued(&house, 4).await);
        for hour in [0, 1] {
            let hour = hour_of(noon()) + hour;
            let row = format!("usage_hourly WHERE hour = {hour} AND issued = 2");
            assert_eq!(house.database.count(&row).await, 1, "{row}");
        }
        assert_eq!(house.database.count("recent_tokens").await, 4);
        assert_eq!(house.database.count("secret_uses").await, 1);
    }
}

#[tokio::test]
async fn what_nobody_looks_at_any_more_is_swept() {
    let house = House::new().await;
    let client = house.client().await;
    issue(&house.service, &client).await;
    house.service.flush_usage().await.unwrap();
    let rows = async || {
        let mut rows = Vec::new();
        for table in [
            "usage_hourly",
            "usage_daily",
            "secret_uses",
            "recent_tokens",
        ] {
            rows.push(house.database.count(table).await);
        }
        rows
    };
    house.service.sweep().await.unwrap();
    assert_eq!(rows().await, [1, 1, 1, 1]);
    house.advance(TimeDelta::hours(2));
    house.service.sweep().await.unwrap();
    assert_eq!(rows().await, [1, 1, 1, 0]);
    house.advance(TimeDelta::days(90) - TimeDelta::hours(2));
    house.service.sweep().await.unwrap();
    assert_eq!(rows().await, [1, 1, 1, 0]);
    house.advance(TimeDelta::days(1));
    house.service.sweep().await.unwrap();
    assert_eq!(rows().await, [0, 0, 1, 0], "the last use stays");
}

#[tokio::test]
async fn a_sweep_goes_through_the_tokens_of_all_clients_on_either_engine() {
    for engine in Engine::BOTH {
        let house = House::on(engine, settings()).await;
        let now = house.service.now();
        // More than are swept at a time. Of each client the first thirty have ended; the others end one second later.
        let of_client = |client: i64| {
            (0_u8..50).map(move |place| {
                let mut id = [place; 24];
                id[..8].copy_from_slice(&client.to_be_bytes());
                let expires_at = now + TimeDelta::seconds(i64::from(place >= 30));
                let token = RecentToken {
                    id: TokenId(id),
                    issued_at: expires_at - TimeDelta::hours(2),
                    expires_at,
                    address: None,
                };
                (client, token)
            })
        };
        // Far apart, as most clients are quiet.
        let clients = (1..=45).map(|number| number * 1_000);
        let tokens: Vec<(i64, RecentToken)> = clients.flat_map(of_client).collect();
        let mut tx = house.database.store.write().await.unwrap();
        tx.insert_recent_tokens(&tokens).await.unwrap();
        tx.commit().await.unwrap();
        for (swept, left) in [(45 * 30, 45 * 20), (0, 45 * 20)] {
            assert_eq!(house.service.sweep().await.unwrap(), swept);
            assert_eq!(house.database.count("recent_tokens").await, left);
        }
        house.advance(TimeDelta::seconds(1));
        assert_eq!(house.service.sweep().await.unwrap(), 45 * 20);
        assert_eq!(house.database.count("recent_tokens").await, 0);
    }
}
