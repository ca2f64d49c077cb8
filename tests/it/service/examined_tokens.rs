//! What a token is that somebody has in hand.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client_tokens::ActsAs;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::token::Dead;
use claviger::domain::usage::TokenGrant;

use super::client_tokens::{examine, impersonate, issue, listed};
use super::{admin, field};
use crate::support::{Fixture, noon, secret, shell};

#[tokio::test]
async fn a_token_says_what_it_is_and_why_it_is_not_live() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let (console, id) = (&fixture.console, client.client.id.as_str());
    let token = issue(&fixture.tokens, &client).await;
    let told = examine(&fixture, &format!("  Bearer {token}\n")).await;
    assert_eq!(told.client_id, client.client.id);
    assert_eq!(told.client_name, client.client.name);
    assert_eq!((told.acts_as, told.dead), (ActsAs::Client, None));
    assert_eq!(told.scope, "public proposals blogs");
    assert_eq!(told.issued_at, noon());
    assert_eq!(told.expires_at, noon() + TimeDelta::hours(2));

    let organization = client.client.organization_id.unwrap();
    console
        .archive_organization(&shell(), organization)
        .await
        .unwrap();
    let dead = async |token: &str| examine(&fixture, token).await.dead;
    assert_eq!(dead(&token).await, Some(Dead::OrganizationArchived));
    console
        .restore_organization(&shell(), organization)
        .await
        .unwrap();
    assert_eq!(dead(&token).await, Some(Dead::OrganizationRestored));
    let token = issue(&fixture.tokens, &client).await;
    assert_eq!(dead(&token).await, None);
    let rotated = console
        .rotate_secret(&shell(), id, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(dead(&token).await, Some(Dead::SecretRevoked));
    let token = issue(&fixture.tokens, &rotated).await;
    console.suspend_client(&shell(), id).await.unwrap();
    assert_eq!(dead(&token).await, Some(Dead::ClientSuspended));
    console.resume_client(&shell(), id).await.unwrap();
    fixture.advance(TimeDelta::hours(2));
    assert_eq!(dead(&token).await, Some(Dead::Expired));
    let token = issue(&fixture.tokens, &rotated).await;
    console.revoke_client(&shell(), id).await.unwrap();
    assert_eq!(dead(&token).await, Some(Dead::ClientRevoked));
}

#[tokio::test]
async fn a_token_for_a_participant_says_for_whom_and_how_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let client = fixture
        .client_of(Some(porto), &["public"], &["oauth.impersonate"])
        .await;
    let (console, id) = (&fixture.console, client.client.id.as_str());
    let token = impersonate(&fixture.tokens, &client, "grace").await;
    let told = examine(&fixture, &token).await;
    let ActsAs::Participant {
        id: participant,
        nickname,
        is_impersonated: true,
    } = told.acts_as.clone()
    else {
        panic!("{told:?}")
    };
    assert_eq!(nickname.as_deref(), Some("grace"));
    fixture.advance(TimeDelta::seconds(1));
    issue(&fixture.tokens, &client).await;
    let rows = listed(&fixture, &client).await;
    assert_eq!(
        rows.iter().map(|row| row.grant).collect::<Vec<_>>(),
        [TokenGrant::ClientCredentials, TokenGrant::Impersonation]
    );
    assert_eq!(rows[0].acts_as, ActsAs::Client);
    assert_eq!((&rows[1].acts_as, rows[1].id), (&told.acts_as, told.id));
    let dead = async || {
        let examined = examine(&fixture, &token).await.dead;
        let rows = listed(&fixture, &client).await;
        assert_eq!((rows[0].dead, rows[1].dead), (None, examined));
        examined
    };
    assert_eq!(dead().await, None);
    let switch = |is_on| {
        vec![PermissionSwitch {
            permission: "oauth.impersonate".to_owned(),
            on: is_on,
        }]
    };
    console
        .set_permissions(&shell(), id, &switch(false))
        .await
        .unwrap();
    assert_eq!(dead().await, Some(Dead::PermissionMissing));
    console
        .set_permissions(&shell(), id, &switch(true))
        .await
        .unwrap();
    assert_eq!(dead().await, None);
    console
        .block_participant(&shell(), participant)
        .await
        .unwrap();
    assert_eq!(dead().await, Some(Dead::ParticipantBlocked));
    console
        .unblock_participant(&shell(), participant)
        .await
        .unwrap();
    assert_eq!(dead().await, Some(Dead::ParticipantBlocked));
}

#[tokio::test]
async fn what_is_no_token_is_refused_in_one_sentence_and_looking_changes_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = issue(&fixture.tokens, &client).await;
    fixture.tokens.flush_usage().await.unwrap();
    let before = fixture.database.everything().await;
    let cut = &token[..token.len() - 1];
    let secret_text = client.secret.expose();
    for wrong in ["", "nonsense", cut, secret_text, "ä", &"x".repeat(100_000)] {
        let refused = fixture
            .console
            .examine_token(&shell(), &secret(wrong))
            .await;
        assert_eq!(field(refused), "token");
    }
    let auditor = admin(Role::Auditor);
    let told = fixture
        .console
        .examine_token(&auditor, &secret(&token))
        .await;
    assert_eq!(told.unwrap().dead, None);
    fixture.tokens.flush_usage().await.unwrap();
    assert_eq!(fixture.database.everything().await, before);
}
