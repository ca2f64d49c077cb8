//! Refused requests, and the last uses of grants.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::ids::{ClientNumber, SecretNumber};
use claviger::domain::refusal::{CountedRefusal, RefusedFor};
use claviger::domain::usage::{GrantUse, TokenGrant};
use claviger::store::Tx;

use super::{moment, tick};

const ONE: ClientNumber = ClientNumber(1);

fn refusal(reason: RefusedFor, network: &str, at: Time) -> CountedRefusal {
    CountedRefusal::one(reason, network.to_owned(), at)
}

async fn add(tx: &mut Tx, client: ClientNumber, refusals: &[CountedRefusal]) {
    let refusals = BTreeMap::from([(client, refusals.to_vec())]);
    tx.add_refusals(&refusals).await.unwrap();
}

on_both!(equal_refusals_are_one_row, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let ended = RefusedFor::SecretRevoked(SecretNumber(7));
    let other = RefusedFor::SecretRevoked(SecretNumber(8));
    let later = moment() + TimeDelta::hours(1);
    add(&mut tx, ONE, &[refusal(ended, "a", moment())]).await;
    add(&mut tx, ONE, &[refusal(ended, "a", later)]).await;
    // Another node writes what was earlier.
    add(&mut tx, ONE, &[refusal(ended, "a", moment() + tick())]).await;
    let apart = [
        refusal(other, "a", moment() + tick() * 2),
        refusal(ended, "b", moment() + tick()),
        refusal(RefusedFor::WrongSecret, "a", moment()),
    ];
    add(&mut tx, ONE, &apart).await;
    add(&mut tx, ClientNumber(2), &apart[..1]).await;
    let all = tx.list_refusals(ONE).await.unwrap();
    let together = CountedRefusal {
        count: 3,
        last_at: later,
        ..refusal(ended, "a", moment())
    };
    assert_eq!(all[0], together);
    assert_eq!(all[1..], apart);
    tx.add_refusals(&BTreeMap::new()).await.unwrap();
});

on_both!(
    after_a_week_without_any_equal_refusals_are_counted_anew,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let mut at = moment();
        for (wait, count, is_anew) in [(0, 1, true), (6, 2, false), (7, 3, false), (8, 1, true)] {
            at += TimeDelta::days(wait);
            add(&mut tx, ONE, &[refusal(RefusedFor::WrongSecret, "a", at)]).await;
            let all = tx.list_refusals(ONE).await.unwrap();
            assert_eq!((all.len(), all[0].count, all[0].last_at), (1, count, at));
            assert_eq!(all[0].first_at == at, is_anew);
        }
    }
);

on_both!(
    ten_of_each_kind_remain_and_strangers_displace_none_of_the_client,
    async |database| {
        let mut tx = database.store.write().await.unwrap();
        let own: Vec<CountedRefusal> = (0..12)
            .map(|age| {
                refusal(
                    RefusedFor::ScopeNotOwned,
                    &format!("own {age}"),
                    moment() - tick() * age,
                )
            })
            .collect();
        add(&mut tx, ONE, &own).await;
        add(&mut tx, ClientNumber(2), &own[..1]).await;
        for batch in 0..5 {
            let strangers: Vec<CountedRefusal> = (0..10)
                .map(|number| {
                    let at = moment() + tick() * (batch * 10 + number);
                    refusal(RefusedFor::WrongSecret, &format!("{batch} {number}"), at)
                })
                .collect();
            add(&mut tx, ONE, &strangers).await;
        }
        let all = tx.list_refusals(ONE).await.unwrap();
        let networks: Vec<&str> = all.iter().map(|refusal| refusal.network.as_str()).collect();
        let strangers = (0..10).rev().map(|number| format!("4 {number}"));
        let expected: Vec<String> = strangers
            .chain((0..10).map(|age| format!("own {age}")))
            .collect();
        assert_eq!(networks, expected);
        tx.commit().await.unwrap();
        assert_eq!(database.count("client_refusals").await, 21);
    }
);

on_both!(two_nodes_write_refusals_at_once, async |database| {
    let write = async |node: &str| {
        for round in 0..20_i32 {
            let mut tx = database.store.write().await.unwrap();
            let refusals: Vec<CountedRefusal> = (0..10)
                .map(|number| {
                    let network = format!("{node} {}", (round + number) % 12);
                    refusal(RefusedFor::WrongSecret, &network, moment() + tick() * round)
                })
                .collect();
            add(&mut tx, ONE, &refusals).await;
            tx.commit().await.unwrap();
        }
    };
    tokio::join!(write("a"), write("b"));
    assert!(database.count("client_refusals").await <= 20);
});

on_both!(old_refusals_go_some_rows_at_a_time, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let refusals: Vec<CountedRefusal> = (0..5)
        .map(|age| {
            let at = moment() - TimeDelta::days(age);
            refusal(RefusedFor::ClientExpired, &format!("{age}"), at)
        })
        .collect();
    add(&mut tx, ONE, &refusals).await;
    let before = moment() - TimeDelta::hours(36);
    for deleted in [2, 1, 0] {
        assert_eq!(tx.delete_refusals_before(before, 2).await.unwrap(), deleted);
    }
    assert_eq!(tx.list_refusals(ONE).await.unwrap(), refusals[..2]);
});

on_both!(a_last_use_of_a_grant_never_moves_back, async |database| {
    let mut tx = database.store.write().await.unwrap();
    let used = |client, grant, used_at| GrantUse {
        client: ClientNumber(client),
        grant,
        used_at,
    };
    let (early, late) = (moment(), moment() + tick());
    let [login, _, exchange] = TokenGrant::FOR_PARTICIPANTS;
    let first = [used(1, login, late), used(1, exchange, early)];
    tx.advance_grant_uses(&first).await.unwrap();
    let second = [
        used(1, login, early),
        used(1, exchange, late),
        used(2, login, early),
    ];
    tx.advance_grant_uses(&second).await.unwrap();
    tx.advance_grant_uses(&[]).await.unwrap();
    let found = tx.list_grant_uses(ONE).await.unwrap();
    assert_eq!(found, [used(1, login, late), used(1, exchange, late)]);
    let other = tx.list_grant_uses(ClientNumber(2)).await.unwrap();
    assert_eq!(other, [used(2, login, early)]);
});
