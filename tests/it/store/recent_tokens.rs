//! The last tokens of each client, in a ring.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::ClientNumber;
use claviger::domain::token::TokenId;
use claviger::domain::usage::TokenGrant;
use claviger::store::{StoredToken, Tx};

use super::{moment, tick};

const ONE: ClientNumber = ClientNumber(1);

fn token(byte: u8, issued_at: Time) -> StoredToken {
    let grant = TokenGrant::from_code(i64::from(byte % 4)).unwrap();
    StoredToken {
        id: TokenId([byte; 24]),
        issued_at,
        expires_at: issued_at + TimeDelta::hours(2),
        address: Some("192.0.2.7".parse().unwrap()),
        grant,
        claims: vec![byte, 0, 255],
    }
}

/// Puts tokens into the ring of one client.
async fn put(tx: &mut Tx, client: i64, tokens: &[StoredToken]) {
    let tokens = BTreeMap::from([(ClientNumber(client), tokens.to_vec())]);
    tx.put_recent_tokens(&tokens).await.unwrap();
}

async fn listed(tx: &mut Tx, client: i64) -> Vec<StoredToken> {
    tx.list_recent_tokens(ClientNumber(client)).await.unwrap()
}

on_both!(
    more_tokens_than_a_statement_takes_are_all_written,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let all: BTreeMap<ClientNumber, Vec<StoredToken>> = (1..=117_u8)
            .map(|client| (ClientNumber(client.into()), vec![token(client, moment())]))
            .collect();
        tx.put_recent_tokens(&all).await.unwrap();
        tx.put_recent_tokens(&BTreeMap::new()).await.unwrap();
        for (client, tokens) in all {
            assert_eq!(tx.list_recent_tokens(client).await.unwrap(), tokens);
        }
    }
);

on_both!(
    the_last_fifty_tokens_of_a_client_are_kept,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let all: Vec<StoredToken> = (0..=200)
            .map(|number| token(number, moment() + tick() * i32::from(number)))
            .collect();
        put(&mut tx, 2, &all[..1]).await;
        // Also when more come at once than are kept, or fewer than are kept come again and again.
        let mut count = 0;
        for more in [1, 49, 1, 7, 51, 2, 50, 40] {
            put(&mut tx, 1, &all[count..count + more]).await;
            count += more;
            let mut last = all[count.saturating_sub(50)..count].to_vec();
            last.reverse();
            assert_eq!(listed(&mut tx, 1).await, last);
        }
        assert_eq!(listed(&mut tx, 2).await, all[..1]);
        tx.commit().await.unwrap();
        assert_eq!(database.count("recent_tokens").await, 51);
    }
);

on_both!(
    recent_tokens_are_listed_the_newest_first_ended_or_not,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        // The second and the third are of the same moment, so their ids decide.
        let ages = [(4, 0), (3, 1), (2, 1), (1, 2)];
        let [first, second, third, mut fourth] =
            ages.map(|(byte, age)| token(byte, moment() - tick() * age));
        (fourth.expires_at, fourth.address) = (moment() - TimeDelta::days(1), None);
        put(&mut tx, 1, &[third.clone(), first.clone()]).await;
        put(&mut tx, 1, &[fourth.clone(), second.clone()]).await;
        assert_eq!(listed(&mut tx, 1).await, [first, second, third, fourth]);
    }
);

on_both!(
    two_nodes_that_write_at_once_share_a_ring,
    async |database| {
        let write = async |byte: u8| {
            for age in 0..20 {
                let mut tx = database.store.write().await.unwrap();
                put(&mut tx, ONE.0, &[token(byte + age, moment())]).await;
                tx.commit().await.unwrap();
            }
        };
        tokio::join!(write(0), write(100));
        assert_eq!(database.count("recent_tokens").await, 40);
    }
);
