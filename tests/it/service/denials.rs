//! Tokens revoked one by one, many at the same moment.

use std::sync::LazyLock;

use claviger::domain::audit::Action;
use claviger::service::{Credentials, Door, GrantError};
use tokio::task::JoinSet;

use crate::support::{Engine, House, authority, secret, settings};

static DOOR: LazyLock<Door<'static>> = LazyLock::new(|| Door {
    host: authority("127.0.0.1:3000"),
    address: None,
});

async fn version(house: &House) -> i64 {
    let mut tx = house.database.store.read().await.unwrap();
    tx.find_directory_version().await.unwrap()
}

#[tokio::test]
async fn revocations_that_wait_together_share_a_commit_and_each_is_kept() {
    for engine in Engine::BOTH {
        let house = House::on(engine, settings()).await;
        let client = house.client().await;
        let app = house.app();
        let mut tokens = Vec::new();
        for _ in 0..120 {
            tokens.push(app.issued(&client, "").await);
        }
        let before = version(&house).await;
        let mut revoking = JoinSet::new();
        // The last is revoked twice.
        for token in tokens.iter().chain(tokens.last()) {
            let service = house.service.clone();
            let token = secret(token);
            let credentials = Credentials {
                id: client.client.id.to_string(),
                secret: client.secret.clone(),
            };
            revoking.spawn(async move {
                service
                    .revoke_token(&DOOR, &credentials, Some(&token))
                    .await
            });
        }
        while let Some(revoked) = revoking.join_next().await {
            assert_eq!(revoked.unwrap(), Ok(()), "{engine:?}");
        }
        for token in &tokens {
            assert_eq!(app.introspect(&client, token).await["active"], false);
        }
        let commits = version(&house).await - before;
        assert!((1..60).contains(&commits), "{engine:?}: {commits} commits");
        let target = format!("client:{}", client.client.id);
        let mut tx = house.database.store.read().await.unwrap();
        let trail = tx.list_events(&target, 1000).await.unwrap();
        let entries = trail
            .iter()
            .filter(|event| event.action == Action::TokenRevoked);
        // Whoever was second may have been let in before the first was written.
        assert!((120..=121).contains(&entries.count()), "{engine:?}");
    }
}

#[tokio::test]
async fn nothing_is_called_revoked_that_could_not_be_written() {
    let house = House::new().await;
    let client = house.client().await;
    let token = secret(&house.app().issued(&client, "").await);
    let credentials = Credentials {
        id: client.client.id.to_string(),
        secret: client.secret.clone(),
    };
    let revoke = || {
        house
            .service
            .revoke_token(&DOOR, &credentials, Some(&token))
    };
    // Whoever holds the write lock longer than anybody waits.
    let holding = house.database.store.write().await.unwrap();
    assert_eq!(revoke().await, Err(GrantError::Unavailable));
    drop(holding);
    assert_eq!(
        house.app().introspect(&client, token.expose()).await["active"],
        true
    );
    assert_eq!(revoke().await, Ok(()), "the next one is written again");
    assert_eq!(
        house.app().introspect(&client, token.expose()).await["active"],
        false
    );
}
