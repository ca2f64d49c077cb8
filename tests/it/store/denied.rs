//! Tokens that were revoked one by one.

use claviger::domain::token::TokenId;

use super::{change, moment, tick};

on_both!(
    a_denied_token_comes_back_until_it_has_ended,
    async |database| {
        let (token, end) = (TokenId([0xAB; 24]), moment() + tick());
        let (mut tx, version) = change(&database.store).await;
        tx.insert_denied_token(token, end, version).await.unwrap();
        assert_eq!(
            tx.list_denied_tokens(-1, moment()).await.unwrap(),
            [(token, end)]
        );
        assert_eq!(tx.list_denied_tokens(-1, end).await.unwrap(), []);
    }
);

on_both!(denied_tokens_are_listed_since_a_version, async |database| {
    let (mut tx, first) = change(&database.store).await;
    tx.insert_denied_token(TokenId([1; 24]), moment() + tick(), first)
        .await
        .unwrap();
    let second = tx.raise_directory_version().await.unwrap();
    tx.insert_denied_token(TokenId([2; 24]), moment() + tick(), second)
        .await
        .unwrap();
    assert_eq!(
        tx.list_denied_tokens(first, moment()).await.unwrap(),
        [(TokenId([2; 24]), moment() + tick())]
    );
    assert_eq!(tx.list_denied_tokens(second, moment()).await.unwrap(), []);
});

on_both!(denying_twice_changes_nothing, async |database| {
    let token = TokenId([7; 24]);
    let (mut tx, first) = change(&database.store).await;
    tx.insert_denied_token(token, moment() + tick(), first)
        .await
        .unwrap();
    let second = tx.raise_directory_version().await.unwrap();
    tx.insert_denied_token(token, moment() + tick() * 9, second)
        .await
        .unwrap();
    assert_eq!(
        tx.list_denied_tokens(-1, moment()).await.unwrap(),
        [(token, moment() + tick())]
    );
    assert_eq!(tx.list_denied_tokens(first, moment()).await.unwrap(), []);
});

on_both!(ended_denials_are_forgotten, async |database| {
    let (mut tx, version) = change(&database.store).await;
    for (byte, end) in [
        (1, moment() - tick()),
        (2, moment()),
        (3, moment() + tick()),
    ] {
        tx.insert_denied_token(TokenId([byte; 24]), end, version)
            .await
            .unwrap();
    }
    assert_eq!(tx.delete_ended_denied_tokens(moment()).await.unwrap(), 2);
    assert_eq!(tx.delete_ended_denied_tokens(moment()).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(database.count("denied_tokens").await, 1);
});
