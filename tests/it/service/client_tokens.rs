//! Tokens of a client: revoked by themselves and all at once, and what they are.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client_tokens::{ActsAs, ExaminedToken, RecentTokenRow};
use claviger::domain::error::Error;
use claviger::domain::event::Event;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::domain::token::Dead;
use claviger::domain::usage::TokenGrant;
use claviger::service::{
    Caller, CreatedClient, Credentials, GrantRequest, Impersonation, Introspection, Registration,
    RequestOrigin, TokenRequest, TokenServer,
};

use super::{admin, audit_log, field, footprint};
use crate::support::{Engine, Fixture, authority, noon, secret, settings, shell};

pub(super) fn origin() -> RequestOrigin<'static> {
    RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some("192.0.2.9".parse().unwrap()),
    }
}

pub(super) fn credentials(client: &CreatedClient) -> Credentials {
    Credentials {
        id: client.client.id.to_string(),
        secret: client.secret.clone(),
    }
}

pub(super) async fn issue(tokens: &TokenServer, client: &CreatedClient) -> String {
    let request = TokenRequest::client_credentials(None);
    let (origin, own) = (origin(), credentials(client));
    let issued = tokens.issue_token(&origin, &own, request).await;
    issued.unwrap().token.expose().to_owned()
}

/// Asks for a token on behalf of a participant, who is registered when missing.
pub(super) async fn impersonate(
    tokens: &TokenServer,
    client: &CreatedClient,
    nickname: &str,
) -> String {
    let registration = Registration {
        name: None,
        email: None,
        accepts_terms: false,
        is_confirmed: false,
    };
    let request = TokenRequest {
        grant: GrantRequest::Impersonate(Box::new(Impersonation {
            id: None,
            username: Some(nickname),
            registration: Some(registration),
            extra: Vec::new(),
        })),
        scope: None,
    };
    let (origin, own) = (origin(), credentials(client));
    let issued = tokens.issue_token(&origin, &own, request).await;
    issued.unwrap().token.expose().to_owned()
}

async fn is_live(tokens: &TokenServer, client: &CreatedClient, token: &str) -> bool {
    let caller = Caller::Client(credentials(client));
    let token = secret(token);
    let seen = tokens.introspect(&origin(), &caller, Some(&token)).await;
    matches!(seen.unwrap(), Introspection::Active(_))
}

async fn examine(fixture: &Fixture, token: &str) -> ExaminedToken {
    let token = secret(token);
    let examined = fixture.console.examine_token(&shell(), &token).await;
    examined.unwrap()
}

async fn listed(fixture: &Fixture, client: &CreatedClient) -> Vec<RecentTokenRow> {
    fixture.tokens.flush_usage().await.unwrap();
    let id = client.client.id.as_str();
    let listed = fixture.console.list_recent_tokens(&shell(), id).await;
    listed.unwrap()
}

#[tokio::test]
async fn all_tokens_end_at_once_on_every_node_and_new_ones_of_the_same_second_live() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let other = fixture.client_of(None, &["system"], &[]).await;
        let id = client.client.id.as_str();
        let nodes = [fixture.tokens.clone(), fixture.other_node().await.tokens];
        let of_other = issue(&nodes[0], &other).await;
        // The clock stands still, so everything here is of one second.
        for round in 0..3 {
            let mut before = Vec::new();
            for node in &nodes {
                before.push(issue(node, &client).await);
            }
            for node in &nodes {
                for token in &before {
                    assert!(is_live(node, &client, token).await, "{engine:?} {round}");
                }
            }
            let manager = admin(Role::Manager);
            let revoked = fixture.console.revoke_all_tokens(&manager, id).await;
            assert_eq!(revoked.unwrap().id, client.client.id);
            for node in nodes.iter().rev() {
                for token in &before {
                    assert!(!is_live(node, &client, token).await, "{engine:?} {round}");
                }
            }
            for node in nodes.iter().rev() {
                let after = issue(node, &client).await;
                for judge in &nodes {
                    assert!(is_live(judge, &client, &after).await, "{engine:?} {round}");
                }
            }
            assert!(is_live(&nodes[1], &other, &of_other).await);
        }
        let log = audit_log(&fixture, &format!("client:{id}")).await;
        let all = log
            .iter()
            .filter(|record| record.event == Event::TokensRevokedAll {});
        let all: Vec<_> = all.collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].actor.name(), "manager@example.org");
        assert!(all[0].version.is_some());
    }
}

#[tokio::test]
async fn tokens_that_were_revoked_with_all_stay_dead_whatever_changes_then() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let token = issue(&fixture.tokens, &client).await;
    let console = &fixture.console;
    console.revoke_all_tokens(&shell(), id).await.unwrap();
    console.suspend_client(&shell(), id).await.unwrap();
    assert_eq!(
        examine(&fixture, &token).await.dead,
        Some(Dead::ClientSuspended)
    );
    console.resume_client(&shell(), id).await.unwrap();
    assert!(!is_live(&fixture.tokens, &client, &token).await);
    assert_eq!(
        examine(&fixture, &token).await.dead,
        Some(Dead::RevokedWithAll)
    );
    // A token of a suspended client can be ended, too.
    let next = issue(&fixture.tokens, &client).await;
    console.suspend_client(&shell(), id).await.unwrap();
    console.revoke_all_tokens(&shell(), id).await.unwrap();
    console.resume_client(&shell(), id).await.unwrap();
    assert!(!is_live(&fixture.tokens, &client, &next).await);
}

#[tokio::test]
async fn one_token_is_revoked_by_an_administrator_and_the_others_live() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let other = fixture.client_of(None, &["system"], &[]).await;
        let id = client.client.id.as_str();
        let node = fixture.other_node().await.tokens;
        let (first, second) = (
            issue(&fixture.tokens, &client).await,
            issue(&fixture.tokens, &client).await,
        );
        let told = examine(&fixture, &first).await;
        let rows = listed(&fixture, &client).await;
        let row = rows.iter().find(|row| row.id == told.id).unwrap();
        let manager = admin(Role::Manager);
        let before = footprint(&fixture.database).await;
        let auditor = fixture
            .console
            .revoke_token(&admin(Role::Auditor), id, &row.handle)
            .await;
        assert!(matches!(auditor, Err(Error::Forbidden(_))), "{auditor:?}");
        let theirs = other.client.id.as_str();
        for (id, handle) in [
            (theirs, row.handle.as_str()),
            (id, "nonsense"),
            (id, ""),
            (id, first.as_str()),
        ] {
            let refused = fixture.console.revoke_token(&manager, id, handle).await;
            assert_eq!(field(refused), "token");
        }
        assert_eq!(footprint(&fixture.database).await, before);
        assert!(is_live(&node, &client, &first).await);
        // The one of the list and the one of the examined token mean the same.
        for handle in [&row.handle, &told.handle] {
            let revoked = fixture.console.revoke_token(&manager, id, handle).await;
            assert_eq!(revoked.unwrap(), told.id);
            assert!(!is_live(&node, &client, &first).await, "{engine:?}");
        }
        assert!(is_live(&node, &client, &second).await);
        let log = audit_log(&fixture, &format!("client:{id}")).await;
        let token = told.id.to_string();
        let event = Event::TokenRevoked { token };
        let ours: Vec<_> = log.iter().filter(|record| record.event == event).collect();
        assert_eq!(ours.len(), 1, "revoked once");
        assert_eq!(ours[0].actor.name(), "manager@example.org");
        let dead: Vec<_> = listed(&fixture, &client).await;
        let dead = dead.iter().map(|row| (row.id == told.id, row.dead));
        for (is_it, dead) in dead {
            assert_eq!(dead, is_it.then_some(Dead::Revoked));
        }
    }
}

#[tokio::test]
async fn a_revoked_client_has_no_token_to_revoke() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let token = issue(&fixture.tokens, &client).await;
    let handle = examine(&fixture, &token).await.handle;
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    let console = &fixture.console;
    let before = footprint(&fixture.database).await;
    let one = console.revoke_token(&shell(), id, &handle).await;
    assert!(matches!(one, Err(Error::Conflict(_))), "{one:?}");
    let all = console.revoke_all_tokens(&shell(), id).await;
    assert!(matches!(all, Err(Error::Conflict(_))), "{all:?}");
    let unknown = console.revoke_all_tokens(&shell(), "id_of-nobody").await;
    assert!(matches!(unknown, Err(Error::NotFound(_))), "{unknown:?}");
    let auditor = console.revoke_all_tokens(&admin(Role::Auditor), id).await;
    assert!(matches!(auditor, Err(Error::Forbidden(_))), "{auditor:?}");
    assert_eq!(footprint(&fixture.database).await, before);
}

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
