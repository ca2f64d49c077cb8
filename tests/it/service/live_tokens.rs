//! How many tokens may be live, as the pages say it.

use chrono::TimeDelta;
use claviger::domain::client::BulkAct;
use claviger::domain::client_tokens::LiveCount;
use claviger::domain::error::Error;
use claviger::domain::ids::OrganizationId;
use claviger::domain::page::Cursor;
use claviger::domain::view::Period;
use claviger::service::CreatedClient;

use super::bulk::{change, sent};
use super::client_tokens::issue;
use crate::support::{Engine, Fixture, settings, shell};

/// Those of a client, of which few were issued, of an organization, and of all clients.
async fn live(fixture: &Fixture, client: &CreatedClient, organization: OrganizationId) -> [i64; 3] {
    fixture.tokens.flush_usage().await.unwrap();
    let (console, by) = (&fixture.console, shell());
    let id = client.client.id.as_str();
    let listed = console.list_organizations(&by, "", Cursor::First).await;
    let listed = listed.unwrap().usage;
    let of_organization = listed.get(&organization).map_or(0, |used| used.live_tokens);
    let page = console.show_organization(&by, organization).await.unwrap();
    assert_eq!(page.usage.live_tokens, of_organization);
    let LiveCount::Exactly(of_client) = console.count_live_tokens(&by, id).await.unwrap() else {
        panic!("these are few tokens");
    };
    [
        of_client,
        of_organization,
        console
            .overview(&by, Period::Day)
            .await
            .unwrap()
            .live_tokens,
    ]
}

async fn tokens_are_live_until_they_expire_or_are_revoked(fixture: Fixture) {
    let porto = fixture.organization("Porto", "").await;
    let one = fixture.client_of(Some(porto), &["blogs"], &[]).await;
    let two = fixture.client_of(Some(porto), &["blogs"], &[]).await;
    let elsewhere = fixture.client().await;
    assert_eq!(live(&fixture, &one, porto).await, [0, 0, 0]);
    for client in [&one, &one, &two, &elsewhere] {
        issue(&fixture.tokens, client).await;
    }
    assert_eq!(live(&fixture, &one, porto).await, [2, 3, 4]);

    let id = one.client.id.as_str();
    fixture
        .console
        .revoke_all_tokens(&shell(), id)
        .await
        .unwrap();
    assert_eq!(live(&fixture, &one, porto).await, [0, 1, 2]);
    // What is revoked a second time is not taken away a second time.
    fixture
        .console
        .revoke_all_tokens(&shell(), id)
        .await
        .unwrap();
    assert_eq!(live(&fixture, &one, porto).await, [0, 1, 2]);
    issue(&fixture.tokens, &one).await;
    assert_eq!(live(&fixture, &one, porto).await, [1, 2, 3]);

    // Tokens live for two hours, and are counted until the hour is over in which they end; the few of one client exactly.
    fixture.advance(TimeDelta::hours(1));
    issue(&fixture.tokens, &one).await;
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(live(&fixture, &one, porto).await, [1, 3, 4]);
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(live(&fixture, &one, porto).await, [0, 1, 1]);
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(live(&fixture, &two, porto).await, [0, 0, 0]);
}

#[tokio::test]
async fn of_more_tokens_than_are_kept_nobody_knows_the_number_exactly() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    for _ in 0..60 {
        issue(&fixture.tokens, &client).await;
    }
    fixture.tokens.flush_usage().await.unwrap();
    let id = client.client.id.as_str();
    let live = fixture.console.count_live_tokens(&shell(), id).await;
    assert_eq!(live.unwrap(), LiveCount::AtMost(60));
    let missing = fixture.console.count_live_tokens(&shell(), "id_none").await;
    assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
}

#[tokio::test]
async fn several_revoked_clients_have_no_live_tokens() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let client = fixture.client_of(Some(porto), &["blogs"], &[]).await;
        issue(&fixture.tokens, &client).await;
        made.push(client);
    }
    assert_eq!(live(&fixture, &made[2], porto).await, [1, 3, 3]);
    let ids = [&made[0], &made[1]].map(|client| client.client.id.to_string());
    let console = &fixture.console;
    let preview = console.preview_bulk(&shell(), BulkAct::Revoke, &ids).await;
    assert_eq!(preview.unwrap().live_tokens, 2);
    let two = [made[0].client.clone(), made[1].client.clone()];
    for (act, expected) in [(BulkAct::Suspend, [1, 3, 3]), (BulkAct::Revoke, [1, 1, 1])] {
        let seen = [&two[0], &two[1]].map(async |client| fixture.reload(client).await);
        let [first, second] = seen;
        let wanted = change(act, &[first.await, second.await]);
        console
            .change_clients_by_form(&shell(), &sent(act.as_str(), &wanted), &wanted)
            .await
            .unwrap();
        assert_eq!(live(&fixture, &made[2], porto).await, expected, "{act:?}");
    }
}

#[tokio::test]
async fn tokens_are_live_until_they_expire_or_are_revoked_on_sqlite() {
    tokens_are_live_until_they_expire_or_are_revoked(Fixture::new().await).await;
}

#[tokio::test]
async fn tokens_are_live_until_they_expire_or_are_revoked_on_postgres() {
    let fixture = Fixture::on(Engine::Postgres, settings()).await;
    tokens_are_live_until_they_expire_or_are_revoked(fixture).await;
}
