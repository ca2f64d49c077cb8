//! What a restored organization's clients can do, and what stays dead, on every node.

use claviger::domain::organization::NewHost;
use claviger::service::CreatedClient;

use super::{assert_not_authenticated, assert_refused};
use crate::support::{App, Engine, Fixture, settings, shell};

const PORTO: &str = "porto.example";

/// Whether a token works: what a client that sees every token is told of it, and whether it lets its holder ask.
async fn is_live(app: &App, inspector: &CreatedClient, token: &str) -> bool {
    let told = app.introspect(inspector, token).await["active"] == true;
    let bearer = format!("Bearer {token}");
    let asked = app
        .post(
            "/oauth/introspect",
            &[("authorization", &bearer)],
            &format!("token={token}"),
        )
        .await;
    if told {
        assert_eq!(asked.status.as_u16(), 200, "{asked:?}");
        assert_eq!(asked.json()["active"], true);
    } else {
        assert_refused(&asked, 401, "invalid_token");
    }
    told
}

#[tokio::test]
async fn clients_work_again_and_no_older_token_does_on_any_node() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let nodes = [fixture.app(), App::new(fixture.other_node().await)];
        let porto = fixture.organization("City of Porto", PORTO).await;
        let basel = fixture.organization("Canton of Basel", "").await;
        let member = fixture.client_of(Some(porto), &["public"], &[]).await;
        let inspector = fixture
            .client_of(None, &["system"], &["system.tokens.introspect"])
            .await;
        let old = [
            nodes[0].issued(&member, "").await,
            nodes[1].at(PORTO).issued(&member, "").await,
            nodes[0].at(PORTO).issued(&inspector, "").await,
        ];
        let elsewhere = nodes[1].issued(&inspector, "").await;
        let lives = async |token: &str| {
            let mut lives = Vec::new();
            for node in &nodes {
                lives.push(is_live(node, &inspector, token).await);
            }
            assert_eq!(lives[0], lives[1], "{engine:?}");
            lives[0]
        };
        for token in old.iter().chain([&elsewhere]) {
            assert!(lives(token).await, "{engine:?}");
        }

        let console = &fixture.console;
        console.archive_organization(&shell(), porto).await.unwrap();
        for token in &old {
            assert!(!lives(token).await, "{engine:?}: archived");
        }
        let host = NewHost {
            id: basel,
            host: PORTO.to_owned(),
        };
        console
            .set_organization_host(&shell(), &host)
            .await
            .unwrap();
        for node in &nodes {
            assert_not_authenticated(&node.token(&member, "").await);
        }

        console.restore_organization(&shell(), porto).await.unwrap();
        for token in &old {
            assert!(!lives(token).await, "{engine:?}: restored");
        }
        assert!(lives(&elsewhere).await, "{engine:?}");
        for node in &nodes {
            let token = node.issued(&member, "").await;
            assert!(lives(&token).await, "{engine:?}");
        }
        // The host is another organization's by now.
        assert_not_authenticated(&nodes[1].at(PORTO).token(&member, "").await);
        // A node that starts now knows no better.
        let late = App::new(fixture.other_node().await);
        for token in &old {
            assert!(!is_live(&late, &inspector, token).await, "{engine:?}");
        }
    }
}

#[tokio::test]
async fn a_host_that_is_changed_is_followed_at_once_and_ends_no_token() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let nodes = [fixture.app(), App::new(fixture.other_node().await)];
        let porto = fixture.organization("City of Porto", PORTO).await;
        let member = fixture.client_of(Some(porto), &["public"], &[]).await;
        let stranger = fixture.client().await;
        let token = nodes[0].at(PORTO).issued(&member, "").await;
        for (host, others) in [
            ("city.example", [PORTO, "127.0.0.1:3000"]),
            ("", ["city.example", PORTO]),
            (PORTO, ["city.example", "127.0.0.1:3000"]),
        ] {
            let new = NewHost {
                id: porto,
                host: host.to_owned(),
            };
            let console = &fixture.console;
            console.set_organization_host(&shell(), &new).await.unwrap();
            for (place, node) in nodes.iter().enumerate() {
                // From a network of its own, because wrong hosts count as failures.
                let node = node.from(&format!("10.{place}.{}.1", host.len()));
                for other in others {
                    node.at(other).issued(&stranger, "").await;
                }
                let issuer = if host.is_empty() {
                    "http://127.0.0.1:3000".to_owned()
                } else {
                    assert_not_authenticated(&node.at(host).token(&stranger, "").await);
                    format!("http://{host}")
                };
                let told = node.introspect(&member, &token).await;
                assert_eq!(told["iss"], issuer, "{engine:?} {host}");
            }
        }
    }
}
