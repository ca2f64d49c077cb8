//! What was decided holds for the very next request: at this node, at any other, and under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use claviger::domain::client::NewClient;
use claviger::service::{CreatedClient, Credentials, Door, Service};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{App, Engine, House, basic, new_client, secret, settings, shell};

/// What ends tokens for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    RevokeClient,
    RotateSecret,
    ArchiveOrganization,
    RevokeToken,
}

impl Ending {
    const EVERY: [Self; 4] = [
        Self::RevokeClient,
        Self::RotateSecret,
        Self::ArchiveOrganization,
        Self::RevokeToken,
    ];

    async fn happen(self, service: &Service, client: &CreatedClient, token: &str) {
        let id = client.client.id.as_str();
        match self {
            Self::RevokeClient => drop(service.revoke_client(&shell(), id).await.unwrap()),
            Self::RotateSecret => drop(
                service
                    .rotate_secret(&shell(), id, Duration::ZERO)
                    .await
                    .unwrap(),
            ),
            Self::ArchiveOrganization => drop(
                service
                    .archive_organization(&shell(), client.client.organization_id.unwrap())
                    .await
                    .unwrap(),
            ),
            Self::RevokeToken => {
                let credentials = Credentials {
                    id: id.to_owned(),
                    secret: client.secret.clone(),
                };
                service
                    .revoke_token(
                        &Door {
                            host: "",
                            address: None,
                        },
                        &credentials,
                        Some(&secret(token)),
                    )
                    .await
                    .unwrap();
            }
        }
    }
}

/// Two nodes on one database, and a client that sees every token.
struct Nodes {
    house: House,
    neighbour: Service,
    /// The `Authorization` of that client.
    guard: String,
}

impl Nodes {
    async fn on(engine: Engine) -> Self {
        let house = House::on(engine, settings()).await;
        let neighbour = house.neighbour().await;
        let guard = house
            .client_of(None, &["system"], &["system.tokens.introspect"])
            .await;
        Self {
            guard: basic(guard.client.id.as_str(), guard.secret.expose()),
            house,
            neighbour,
        }
    }

    fn services(&self) -> [&Service; 2] {
        [&self.house.service, &self.neighbour]
    }

    fn apps(&self) -> [App; 2] {
        [self.house.app(), App::new(self.neighbour.clone())]
    }

    /// What each node says of a token; whatever they know of it is in memory from then on.
    async fn active(&self, token: &str) -> [bool; 2] {
        let [here, there] = self.apps();
        [
            is_active(&here, &self.guard, token).await,
            is_active(&there, &self.guard, token).await,
        ]
    }
}

async fn is_active(app: &App, guard: &str, token: &str) -> bool {
    let answer = app
        .post(
            "/oauth/introspect",
            &[("authorization", guard)],
            &format!("token={token}"),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let active = answer.json()["active"].as_bool().unwrap();
    assert!(
        active || answer.body == r#"{"active":false}"#,
        "{}",
        answer.body
    );
    active
}

#[tokio::test]
async fn whatever_ends_a_token_ends_it_at_every_node_at_once() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        for service in nodes.services() {
            for ending in Ending::EVERY {
                let client = nodes.house.client().await;
                let token = nodes.house.app().issued(&client, "").await;
                assert_eq!(
                    nodes.active(&token).await,
                    [true, true],
                    "{engine:?} {ending:?}"
                );
                ending.happen(service, &client, &token).await;
                assert_eq!(
                    nodes.active(&token).await,
                    [false, false],
                    "{engine:?} {ending:?}"
                );
                let status = if ending == Ending::RevokeToken {
                    200
                } else {
                    401
                };
                for app in nodes.apps() {
                    assert_eq!(
                        app.token(&client, "").await.status.as_u16(),
                        status,
                        "{engine:?} {ending:?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_suspended_clients_tokens_rest_until_it_is_resumed() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let client = nodes.house.client().await;
        let id = client.client.id.as_str();
        let token = nodes.house.app().issued(&client, "").await;
        for service in nodes.services() {
            service.suspend_client(&shell(), id).await.unwrap();
            assert_eq!(nodes.active(&token).await, [false, false], "{engine:?}");
            for app in nodes.apps() {
                assert_eq!(app.token(&client, "").await.status.as_u16(), 401);
            }
            service.resume_client(&shell(), id).await.unwrap();
            assert_eq!(nodes.active(&token).await, [true, true], "{engine:?}");
        }
    }
}

#[tokio::test]
async fn a_switched_permission_shows_in_tokens_already_issued() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let client = nodes.house.client().await;
        let (id, token) = (
            client.client.id.as_str(),
            nodes.house.app().issued(&client, "").await,
        );
        for service in nodes.services() {
            for (granted, expected) in [(true, json!(["blogs.read"])), (false, json!([]))] {
                let version = nodes.house.reload(&client.client).await.version;
                service
                    .toggle_permission(&shell(), id, version, "blogs.read", granted)
                    .await
                    .unwrap();
                for app in nodes.apps() {
                    assert_eq!(
                        app.introspect(&client, &token).await["permissions"],
                        expected,
                        "{engine:?} {granted}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn what_begins_at_one_node_is_known_at_the_other() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let [here, _] = nodes.apps();
        let ask = async |secret: &str| {
            here.post(
                "/oauth/token",
                &[("authorization", &basic("the-new-one", secret))],
                "grant_type=client_credentials",
            )
            .await
            .status
        };
        assert_eq!(
            ask("key_unknown").await.as_u16(),
            401,
            "nobody has this id yet"
        );
        let new = NewClient {
            id: Some("the-new-one".to_owned()),
            ..new_client(None, &["system"], &[])
        };
        let client = nodes
            .neighbour
            .create_client(&shell(), &new, None)
            .await
            .unwrap();
        assert_eq!(
            ask(client.secret.expose()).await.as_u16(),
            200,
            "{engine:?}"
        );
        let rotated = nodes
            .neighbour
            .rotate_secret(&shell(), "the-new-one", Duration::from_mins(1))
            .await
            .unwrap();
        assert_eq!(
            ask(rotated.secret.expose()).await.as_u16(),
            200,
            "{engine:?}"
        );
        assert_eq!(
            ask(client.secret.expose()).await.as_u16(),
            200,
            "the old secret goes on for a while"
        );
        nodes.house.advance(chrono::TimeDelta::seconds(60));
        assert_eq!(
            ask(client.secret.expose()).await.as_u16(),
            401,
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn without_its_database_a_node_calls_nothing_active() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let client = nodes.house.client().await;
        let [here, there] = nodes.apps();
        let token = here.issued(&client, "").await;
        assert_eq!(nodes.active(&token).await, [true, true]);
        nodes.house.service.close().await;
        let bearer = format!("Bearer {token}");
        let form = format!("grant_type=client_credentials&token={token}");
        for (endpoint, authorization) in [
            ("/oauth/token", &nodes.guard),
            ("/oauth/introspect", &nodes.guard),
            ("/oauth/introspect", &bearer),
            ("/oauth/revoke", &nodes.guard),
        ] {
            let answer = here
                .post(endpoint, &[("authorization", authorization)], &form)
                .await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("retry-after")),
                (503, "1"),
                "{engine:?} {endpoint}"
            );
            assert_eq!(answer.json()["error"], "temporarily_unavailable");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(!answer.body.contains("active"), "{}", answer.body);
        }
        assert!(
            is_active(&there, &nodes.guard, &token).await,
            "the other node goes on"
        );
    }
}

/// One look at a token: when the request began, by a clock that counts requests, and what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    began: u64,
    active: bool,
}

/// The looks that began after the end had come and were told that the token lives.
fn stale(looks: &[Look], ended: u64) -> Vec<Look> {
    looks
        .iter()
        .copied()
        .filter(|look| look.began > ended && look.active)
        .collect()
}

#[test]
fn a_stale_answer_would_be_noticed() {
    let look = |began, active| Look { began, active };
    let sound = [
        look(1, true),
        look(2, false),
        look(4, false),
        look(5, false),
    ];
    assert_eq!(stale(&sound, 3), []);
    let unsound = [
        look(1, true),
        look(2, true),
        look(4, false),
        look(5, true),
        look(6, true),
    ];
    assert_eq!(stale(&unsound, 3), [look(5, true), look(6, true)]);
}

/// Sixteen tasks look at a token, at both nodes, until they are told that it is dead. Meanwhile it ends. Returns
/// what they saw and when the end had come.
async fn hammer(
    nodes: &Nodes,
    client: &CreatedClient,
    (ending, service): (Ending, &Service),
) -> (Vec<Look>, u64) {
    let token = nodes.house.app().issued(client, "").await;
    let requests = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for app in nodes.apps().into_iter().cycle().take(16) {
        let (requests, guard, token) = (Arc::clone(&requests), nodes.guard.clone(), token.clone());
        tasks.spawn(async move {
            let mut looks = Vec::new();
            while looks.last().is_none_or(|look: &Look| look.active) && looks.len() < 10_000 {
                let began = requests.fetch_add(1, Ordering::SeqCst);
                looks.push(Look {
                    began,
                    active: is_active(&app, &guard, &token).await,
                });
            }
            looks
        });
    }
    while requests.load(Ordering::SeqCst) < 16 {
        tokio::task::yield_now().await;
    }
    ending.happen(service, client, &token).await;
    let ended = requests.fetch_add(1, Ordering::SeqCst);
    assert_eq!(nodes.active(&token).await, [false, false], "{ending:?}");
    (tasks.join_all().await.concat(), ended)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_no_request_that_begins_after_the_end_is_told_that_a_token_lives() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let (mut before, mut after) = (0, 0);
        for trial in 0..100 {
            let client = nodes.house.client().await;
            let ending = Ending::EVERY[trial % 4];
            let service = nodes.services()[trial / 4 % 2];
            let (looks, ended) = hammer(&nodes, &client, (ending, service)).await;
            assert_eq!(stale(&looks, ended), [], "{engine:?} {ending:?}");
            before += looks.iter().filter(|look| look.active).count();
            after += looks.iter().filter(|look| look.began > ended).count();
        }
        assert!(
            before > 100 && after > 100,
            "{engine:?}: {before} looks saw a live token, {after} began after its end"
        );
    }
}
