//! What was decided holds for the very next request, at this node and at any other. Under load: `tests/it/attack`.

use std::time::Duration;

use claviger::domain::client::NewClient;
use claviger::domain::permission::PermissionSwitch;
use claviger::service::{CreatedClient, Credentials, RequestOrigin, Services};
use serde_json::json;

use crate::support::{App, Engine, Fixture, authority, basic, new_client, secret, settings, shell};

/// What ends tokens for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    RevokeClient,
    RotateSecret,
    ArchiveOrganization,
    RevokeToken,
    RevokeAllTokens,
}

impl Ending {
    const EVERY: [Self; 5] = [
        Self::RevokeClient,
        Self::RotateSecret,
        Self::ArchiveOrganization,
        Self::RevokeToken,
        Self::RevokeAllTokens,
    ];

    async fn happen(self, node: &Services, client: &CreatedClient, token: &str) {
        let id = client.client.id.as_str();
        match self {
            Self::RevokeClient => drop(node.console.revoke_client(&shell(), id).await.unwrap()),
            Self::RevokeAllTokens => {
                drop(node.console.revoke_all_tokens(&shell(), id).await.unwrap());
            }
            Self::RotateSecret => drop(
                node.console
                    .rotate_secret(&shell(), id, Duration::ZERO)
                    .await
                    .unwrap(),
            ),
            Self::ArchiveOrganization => drop(
                node.console
                    .archive_organization(&shell(), client.client.organization_id.unwrap())
                    .await
                    .unwrap(),
            ),
            Self::RevokeToken => {
                let credentials = Credentials {
                    id: id.to_owned(),
                    secret: client.secret.clone(),
                };
                node.tokens
                    .revoke_token(
                        &RequestOrigin {
                            host: authority("127.0.0.1:3000"),
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
    fixture: Fixture,
    neighbour: Services,
    /// The `Authorization` of that client.
    guard: String,
}

impl Nodes {
    async fn on(engine: Engine) -> Self {
        let fixture = Fixture::on(engine, settings()).await;
        let neighbour = fixture.other_node().await;
        let guard = fixture
            .client_of(None, &["system"], &["system.tokens.introspect"])
            .await;
        Self {
            guard: basic(guard.client.id.as_str(), guard.secret.expose()),
            fixture,
            neighbour,
        }
    }

    fn services(&self) -> [Services; 2] {
        [self.fixture.services(), self.neighbour.clone()]
    }

    fn apps(&self) -> [App; 2] {
        [self.fixture.app(), App::new(self.neighbour.clone())]
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
        for node in nodes.services() {
            for ending in Ending::EVERY {
                let client = nodes.fixture.client().await;
                let token = nodes.fixture.app().issued(&client, "").await;
                assert_eq!(
                    nodes.active(&token).await,
                    [true, true],
                    "{engine:?} {ending:?}"
                );
                ending.happen(&node, &client, &token).await;
                assert_eq!(
                    nodes.active(&token).await,
                    [false, false],
                    "{engine:?} {ending:?}"
                );
                let status = match ending {
                    Ending::RevokeToken | Ending::RevokeAllTokens => 200,
                    _ => 401,
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
        let client = nodes.fixture.client().await;
        let id = client.client.id.as_str();
        let token = nodes.fixture.app().issued(&client, "").await;
        for node in nodes.services() {
            node.console.suspend_client(&shell(), id).await.unwrap();
            assert_eq!(nodes.active(&token).await, [false, false], "{engine:?}");
            for app in nodes.apps() {
                assert_eq!(app.token(&client, "").await.status.as_u16(), 401);
            }
            node.console.resume_client(&shell(), id).await.unwrap();
            assert_eq!(nodes.active(&token).await, [true, true], "{engine:?}");
        }
    }
}

#[tokio::test]
async fn a_switched_permission_shows_in_tokens_already_issued() {
    for engine in Engine::BOTH {
        let nodes = Nodes::on(engine).await;
        let client = nodes.fixture.client().await;
        let (id, token) = (
            client.client.id.as_str(),
            nodes.fixture.app().issued(&client, "").await,
        );
        for node in nodes.services() {
            for (granted, expected) in [(true, json!(["blogs.read"])), (false, json!([]))] {
                let switches = PermissionSwitch::each(&["blogs.read".to_owned()], granted);
                node.console
                    .set_permissions(&shell(), id, &switches)
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
            .console
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
            .console
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
        nodes.fixture.advance(chrono::TimeDelta::seconds(60));
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
        let client = nodes.fixture.client().await;
        let [here, there] = nodes.apps();
        let token = here.issued(&client, "").await;
        assert_eq!(nodes.active(&token).await, [true, true]);
        nodes.fixture.console.close().await;
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
