//! Tokens for participants, at several nodes at once.

use std::collections::BTreeSet;

use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::service::{
    Caller, CreatedClient, Credentials, GrantError, GrantRequest, Impersonation, Introspection,
    Registration, RequestOrigin, Services, TokenRequest, TokenServer,
};
use tokio::task::JoinSet;

use crate::support::{Engine, Fixture, authority, secret, settings, shell};

const PERMISSIONS: [&str; 2] = ["oauth.impersonate", "oauth.login"];

fn credentials(client: &CreatedClient) -> Credentials {
    Credentials {
        id: client.client.id.to_string(),
        secret: client.secret.clone(),
    }
}

fn origin() -> RequestOrigin<'static> {
    RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: Some("192.0.2.1".parse().unwrap()),
    }
}

/// Asks for a token on behalf of a participant, who is registered when missing.
async fn impersonate(
    tokens: &TokenServer,
    own: &Credentials,
    nickname: &str,
    extra: Vec<(&str, &str)>,
) -> Result<String, GrantError> {
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
            extra,
        })),
        scope: None,
    };
    let issued = tokens.issue_token(&origin(), own, request).await?;
    Ok(issued.token.expose().to_owned())
}

/// The participant of a token, if it is live.
async fn participant_of(
    tokens: &TokenServer,
    own: &Credentials,
    token: &str,
) -> Option<ParticipantId> {
    let caller = Caller::Client(Credentials {
        id: own.id.clone(),
        secret: own.secret.clone(),
    });
    let token = secret(token);
    let seen = tokens.introspect(&origin(), &caller, Some(&token)).await;
    match seen.unwrap() {
        Introspection::Active(live) => live.participant.map(|of| of.participant.id),
        Introspection::Inactive => None,
    }
}

async fn client(fixture: &Fixture) -> (OrganizationId, CreatedClient) {
    let organization = fixture.organization("City of Porto", "").await;
    let client = fixture
        .client_of(Some(organization), &["public"], &PERMISSIONS)
        .await;
    (organization, client)
}

#[tokio::test]
async fn registrations_at_once_give_tokens_for_one_participant() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (_, client) = client(&fixture).await;
        let nodes = [fixture.tokens.clone(), fixture.other_node().await.tokens];
        let mut asking = JoinSet::new();
        for number in 0..12 {
            let (node, own) = (nodes[number % 2].clone(), credentials(&client));
            // The same nickname, however it is written.
            let nickname = if number % 3 == 0 { "GRACE" } else { "grace" };
            asking.spawn(async move {
                let token = impersonate(&node, &own, nickname, Vec::new()).await;
                participant_of(&node, &own, &token.unwrap()).await.unwrap()
            });
        }
        let found: BTreeSet<ParticipantId> = asking.join_all().await.into_iter().collect();
        assert_eq!(found.len(), 1, "{engine:?}");
        let database = &fixture.database;
        assert_eq!(database.count("participants").await, 1);
        let registered = "audit_events WHERE kind = 'participant.registered'";
        assert_eq!(database.count(registered).await, 1);
    }
}

#[tokio::test]
async fn merges_at_once_lose_nothing() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (_, client) = client(&fixture).await;
        let nodes = [fixture.tokens.clone(), fixture.other_node().await.tokens];
        let own = credentials(&client);
        impersonate(&nodes[0], &own, "grace", Vec::new())
            .await
            .unwrap();
        let mut asking = JoinSet::new();
        for number in 0..8 {
            let (node, own) = (nodes[number % 2].clone(), credentials(&client));
            asking.spawn(async move {
                let name = format!("member-{number}");
                let extra = vec![(name.as_str(), "x")];
                impersonate(&node, &own, "grace", extra).await.unwrap();
            });
        }
        asking.join_all().await;
        let mut tx = fixture.database.store.read().await.unwrap();
        let found = tx
            .find_participant(ParticipantId(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.extra.members().len(), 8, "{engine:?}");
    }
}

#[tokio::test]
async fn a_block_at_one_node_ends_tokens_at_every_node_before_it_is_answered() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (_, client) = client(&fixture).await;
        let own = credentials(&client);
        let other: Services = fixture.other_node().await;
        for round in 0..5 {
            let nickname = format!("grace-{round}");
            let token = impersonate(&fixture.tokens, &own, &nickname, Vec::new()).await;
            let token = token.unwrap();
            // Both nodes have the participant in memory.
            let id = participant_of(&other.tokens, &own, &token).await.unwrap();
            assert!(
                participant_of(&fixture.tokens, &own, &token)
                    .await
                    .is_some()
            );
            fixture
                .console
                .block_participant(&shell(), id)
                .await
                .unwrap();
            for node in [&other.tokens, &fixture.tokens] {
                assert_eq!(participant_of(node, &own, &token).await, None);
                let refused = impersonate(node, &own, &nickname, Vec::new()).await;
                assert_eq!(refused, Err(GrantError::InvalidGrant));
            }
            other
                .console
                .unblock_participant(&shell(), id)
                .await
                .unwrap();
            for node in [&other.tokens, &fixture.tokens] {
                assert_eq!(participant_of(node, &own, &token).await, None, "for good");
                let again = impersonate(node, &own, &nickname, Vec::new()).await;
                assert!(participant_of(node, &own, &again.unwrap()).await.is_some());
            }
        }
    }
}

#[tokio::test]
async fn no_introspection_that_begins_after_a_block_says_active() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (_, client) = client(&fixture).await;
        let own = credentials(&client);
        let token = impersonate(&fixture.tokens, &own, "grace", Vec::new()).await;
        let token = token.unwrap();
        let other = fixture.other_node().await;
        let (blocked, mut asking) = (
            std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)),
            JoinSet::new(),
        );
        for node in [other.tokens.clone(), fixture.tokens.clone()] {
            for _ in 0..4 {
                let (node, blocked) = (node.clone(), std::sync::Arc::clone(&blocked));
                let (own, token) = (credentials(&client), token.clone());
                asking.spawn(async move {
                    let mut asked_after = 0;
                    while asked_after < 20 {
                        let is_blocked = blocked.load(std::sync::atomic::Ordering::SeqCst);
                        let seen = participant_of(&node, &own, &token).await;
                        assert!(!(is_blocked && seen.is_some()), "active after the block");
                        asked_after += u32::from(is_blocked);
                        tokio::task::yield_now().await;
                    }
                });
            }
        }
        tokio::task::yield_now().await;
        let console = &fixture.console;
        console
            .block_participant(&shell(), ParticipantId(1))
            .await
            .unwrap();
        blocked.store(true, std::sync::atomic::Ordering::SeqCst);
        asking.join_all().await;
    }
}

/// A request that waits for its turn to write is judged once more when its turn comes.
#[tokio::test]
async fn a_client_that_was_revoked_meanwhile_registers_nobody() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let (_, client) = client(&fixture).await;
        let own = credentials(&client);
        let id = client.client.id.as_str();
        // Held open, so that both wait for it; the revocation, which waits first, is first.
        let mut tx = fixture.database.store.write().await.unwrap();
        tx.raise_directory_version().await.unwrap();
        let asks = impersonate(&fixture.tokens, &own, "grace", Vec::new());
        let revocation = async { fixture.console.revoke_client(&shell(), id).await };
        let end = async {
            tokio::task::yield_now().await;
            tx.commit().await.unwrap();
        };
        let (revoked, registered, ()) = tokio::join!(revocation, asks, end);
        revoked.unwrap();
        let participants = fixture.database.count("participants").await;
        // Whichever came first: what was answered and what is written agree.
        assert_eq!(
            participants == 1,
            registered.is_ok(),
            "{engine:?} {registered:?}"
        );
        if let Ok(token) = registered {
            let api = fixture
                .client_of(None, &["system"], &["system.tokens.introspect"])
                .await;
            let seen = participant_of(&fixture.tokens, &credentials(&api), &token).await;
            assert_eq!(seen, None);
        }
    }
}
