//! `/health/live` and `/health/ready`.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;

use crate::support::{App, DatabaseProxy, Engine, Fixture, basic, settings};

async fn readiness(app: &App) -> u16 {
    app.get("/health/ready", &[]).await.status.as_u16()
}

#[tokio::test]
async fn a_server_with_its_database_is_live_and_ready() {
    let fixture = Fixture::new().await;
    for (path, body) in [
        ("/health/live", r#"{"status":"live"}"#),
        ("/health/ready", r#"{"status":"ready"}"#),
    ] {
        let answer = fixture.app().get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, body));
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn without_its_database_a_server_is_live_but_not_ready() {
    let fixture = Fixture::new().await;
    fixture.console.close().await;
    assert_eq!(
        fixture.app().get("/health/live", &[]).await.status.as_u16(),
        200
    );
    let ready = fixture.app().get("/health/ready", &[]).await;
    assert_eq!(
        (ready.status.as_u16(), ready.body.as_str()),
        (503, r#"{"status":"unavailable"}"#)
    );
    assert_eq!(ready.header("cache-control"), "no-store");
}

#[tokio::test]
async fn health_tells_strangers_nothing_else() {
    let fixture = Fixture::new().await;
    fixture.client().await;
    let ready = fixture.app().get("/health/ready?verbose=1", &[]).await;
    assert_eq!(ready.body, r#"{"status":"ready"}"#);
}

/// Whatever token requests are refused for, readiness is too, and what they do without, it does without.
#[tokio::test]
async fn a_server_is_ready_when_tokens_are_issued_and_not_otherwise() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let unread = fixture.client_of(None, &["system"], &[]).await;
        fixture.app().issued(&client, "").await;
        for (damage, repair) in [
            (
                "UPDATE directory_version SET version = version - 1",
                "UPDATE directory_version SET version = version + 1",
            ),
            (
                "ALTER TABLE directory_version RENAME TO mislaid",
                "ALTER TABLE mislaid RENAME TO directory_version",
            ),
            (
                "ALTER TABLE api_clients RENAME TO mislaid",
                "ALTER TABLE mislaid RENAME TO api_clients",
            ),
            (
                "ALTER TABLE client_secrets RENAME TO mislaid",
                "ALTER TABLE mislaid RENAME TO client_secrets",
            ),
        ] {
            assert_eq!(
                readiness(&fixture.app()).await,
                200,
                "{engine:?} before {damage}"
            );
            fixture.database.execute(damage).await;
            let app = fixture.app();
            let ready = app.get("/health/ready", &[]).await;
            assert_eq!(
                (ready.status.as_u16(), ready.body.as_str()),
                (503, r#"{"status":"unavailable"}"#),
                "{engine:?} {damage}"
            );
            assert_eq!(ready.header("cache-control"), "no-store");
            assert_eq!(app.get("/health/live", &[]).await.status.as_u16(), 200);
            // Of a client that is not in memory, as after a start.
            let known = basic(unread.client.id.as_str(), unread.secret.expose());
            let form = "grant_type=client_credentials";
            let token = app
                .post("/oauth/token", &[("authorization", &known)], form)
                .await;
            assert!(
                token.status.is_server_error(),
                "{engine:?} {damage}: {}",
                token.status
            );
            fixture.database.execute(repair).await;
        }
        assert_eq!(readiness(&fixture.app()).await, 200, "{engine:?}");
        fixture.app().issued(&client, "").await;
        // Nobody has to be an administrator, and nothing that only pages show has to be there.
        fixture
            .database
            .execute("ALTER TABLE admins RENAME TO mislaid")
            .await;
        assert_eq!(readiness(&fixture.app()).await, 200, "{engine:?}");
    }
}

#[tokio::test]
async fn with_a_network_gone_silent_the_answer_comes_in_time() {
    let fixture = Fixture::on(Engine::Postgres, settings()).await;
    let proxy = DatabaseProxy::to(&fixture.database.url, Duration::ZERO);
    let app = App::new(fixture.other_node_at(&proxy.url).await);
    assert_eq!(readiness(&app).await, 200);
    proxy.set_silent(true);
    let begun = Instant::now();
    let asked = (0..3).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { readiness(&app).await })
    });
    for asked in asked.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap(), 503);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    proxy.set_silent(false);
    let end = Instant::now() + Duration::from_secs(20);
    while readiness(&app).await != 200 {
        assert!(Instant::now() < end, "it is never ready again");
    }
}

#[tokio::test]
async fn health_can_be_read_and_nothing_else() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    for path in ["/health/live", "/health/ready"] {
        for method in ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
            let request = Request::builder().method(method).uri(path);
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            if method == "HEAD" {
                assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
                continue;
            }
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, "GET, HEAD")
            );
            assert_eq!(answer.json()["error"], "invalid_request", "{method}");
        }
    }
}
