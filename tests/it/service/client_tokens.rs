//! Tokens of a client: revoked by themselves and all at once, and what they are.

use claviger::domain::client_tokens::{ExaminedToken, RecentTokenRow};
use claviger::domain::error::Error;
use claviger::domain::event::Event;
use claviger::domain::role::Role;
use claviger::domain::token::Dead;
use claviger::service::{
    Caller, CreatedClient, Credentials, GrantRequest, Impersonation, Introspection, Registration,
    RequestOrigin, TokenRequest, TokenServer,
};

use super::{admin, audit_log, field, footprint};
use crate::support::{Engine, Fixture, authority, secret, settings, shell};

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

pub(super) async fn examine(fixture: &Fixture, token: &str) -> ExaminedToken {
    let token = secret(token);
    let examined = fixture.console.examine_token(&shell(), &token).await;
    examined.unwrap()
}

pub(super) async fn listed(fixture: &Fixture, client: &CreatedClient) -> Vec<RecentTokenRow> {
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
