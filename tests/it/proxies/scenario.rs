//! What has to hold behind every proxy.

use std::net::SocketAddr;

use claviger::domain::permission::PermissionSwitch;
use claviger::server::connections::Timeouts;
use claviger::service::CreatedClient;

use super::Place;
use super::exchange::{Answer, api, ask, serve, told};
use super::process::{Proxy, free_address};
use crate::support::{Fixture, Listening, shell};

/// Starts a proxy between Claviger and an API; none where there is no such program.
type Start = fn(Place) -> Option<Proxy>;

const INSUFFICIENT: &str = r#"Bearer realm="claviger", error="insufficient_scope""#;
const DEAD: &str = r#"Bearer realm="claviger", error="invalid_token""#;
const NONE: &str = r#"Bearer realm="claviger""#;

/// A proxy, and what is behind it.
struct Setting {
    fixture: Fixture,
    proxy: Proxy,
    _claviger: Listening,
}

impl Setting {
    async fn new(start: Start) -> Option<Self> {
        Self::asking_for("blogs.read", start).await
    }

    /// The same for another permission.
    async fn asking_for(permission: &'static str, start: Start) -> Option<Self> {
        let fixture = Fixture::new().await;
        let trusted = vec!["127.0.0.0/8".parse().unwrap()];
        let claviger = Listening::start(&fixture, trusted, Timeouts::default()).await;
        let place = Place {
            claviger: claviger.address,
            api: api(),
            permission,
        };
        let proxy = start(place)?;
        Some(Self {
            fixture,
            proxy,
            _claviger: claviger,
        })
    }

    async fn client(&self, host: &str, permissions: &[&str]) -> CreatedClient {
        let organization = self.fixture.organization(host, host).await;
        let scopes = ["public", "blogs"];
        self.fixture
            .client_of(Some(organization), &scopes, permissions)
            .await
    }

    async fn token(&self, client: &CreatedClient) -> String {
        self.fixture.app().issued(client, "").await
    }

    async fn switch(&self, client: &CreatedClient, on: bool) {
        let switches = PermissionSwitch::each(&["blogs.read".to_owned()], on);
        let id = client.client.id.as_str();
        let actor = shell();
        let granting = self.fixture.console.set_permissions(&actor, id, &switches);
        granting.await.unwrap();
    }
}

/// Sends a request without blocking the server that runs in this process, too.
async fn send(to: SocketAddr, request: &str, lines: &[&str], body: &str) -> Answer {
    let request = request.to_owned();
    let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    let body = body.to_owned();
    let asking = move || ask(to, &request, &lines, &body);
    tokio::task::spawn_blocking(asking).await.unwrap()
}

async fn get(proxy: &Proxy, host: &str, token: Option<&str>) -> Answer {
    let host = format!("Host: {host}");
    let bearer = token.map(|token| format!("Authorization: Bearer {token}"));
    let mut lines = vec![host.as_str()];
    lines.extend(bearer.as_deref());
    send(proxy.address, "GET /posts?page=2", &lines, "").await
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, challenge: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("www-authenticate"), [challenge], "{answer:?}");
    assert!(!answer.body.contains("/posts"), "the API was asked");
}

/// 401, 403 and the API's own answer, each in force for the next request.
pub async fn lets_through_what_passes(start: Start) {
    let Some(setting) = Setting::new(start).await else {
        return;
    };
    let (proxy, host) = (&setting.proxy, "api.example");
    let client = setting.client("porto.example", &[]).await;
    let token = setting.token(&client).await;
    assert_refused(&get(proxy, host, None).await, 401, NONE);
    assert_refused(&get(proxy, host, Some("x")).await, 401, DEAD);
    assert_refused(&get(proxy, host, Some(&token)).await, 403, INSUFFICIENT);

    setting.switch(&client, true).await;
    let answer = get(proxy, host, Some(&token)).await;
    assert_eq!(answer.status, 200, "{answer:?} {}", proxy.log());
    assert!(answer.body.starts_with("GET /posts?page=2 "), "{answer:?}");
    let id = client.client.id.as_str();
    let organization = client.client.organization_id.unwrap().to_string();
    assert_eq!(told(&answer, "x-client-id"), [id]);
    assert_eq!(told(&answer, "x-organization-id"), [organization.as_str()]);
    assert_eq!(told(&answer, "x-scopes"), ["public blogs"]);
    assert_eq!(told(&answer, "x-permissions"), ["blogs.read"]);
    assert_eq!(told(&answer, "x-subject"), [id]);
    assert!(!answer.body.contains(&token), "the API needs no token");

    let bearer = format!("Authorization: Bearer {token}");
    for _ in 0..3 {
        let lines = ["Host: api.example", &bearer];
        let answer = send(proxy.address, "POST /posts", &lines, "title=Hello").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.body.ends_with("\r\n\r\ntitle=Hello"), "{answer:?}");
    }

    setting.switch(&client, false).await;
    assert_refused(&get(proxy, host, Some(&token)).await, 403, INSUFFICIENT);
    setting.switch(&client, true).await;
    assert_eq!(get(proxy, host, Some(&token)).await.status, 200);
    let actor = shell();
    let revoked = setting.fixture.console.revoke_client(&actor, id);
    revoked.await.unwrap();
    assert_refused(&get(proxy, host, Some(&token)).await, 401, DEAD);
}

/// Headers of the request that only an answer of Claviger may set, also those that its answer leaves empty.
pub async fn passes_nothing_forged_on(start: Start) {
    let Some(setting) = Setting::asking_for("system.tokens.introspect", start).await else {
        return;
    };
    let permissions = ["system.tokens.introspect"];
    let client = setting.fixture.client_of(None, &["system"], &permissions);
    let client = client.await;
    let bearer = format!("Authorization: Bearer {}", setting.token(&client).await);
    let lines = [
        "Host: api.example",
        &bearer,
        "X-Client-Id: forged",
        "x-organization-id: forged",
        "X-ORGANIZATION-ID: forged",
        "X-Scopes: forged",
        "X-Permissions: forged",
        "X-Subject: forged",
        "X_Client_Id: forged",
        "X_Organization_Id: forged",
    ];
    let answer = send(setting.proxy.address, "GET /posts", &lines, "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(told(&answer, "x-client-id"), [client.client.id.as_str()]);
    assert!(!answer.body.contains("forged"), "{answer:?}");
    let organization = told(&answer, "x-organization-id");
    assert!(organization.iter().all(|value| value.is_empty()));
}

/// The host that the client used decides, not what it says about it.
pub async fn asks_for_the_host(start: Start) {
    let Some(setting) = Setting::new(start).await else {
        return;
    };
    let proxy = &setting.proxy;
    let client = setting.client("porto.example", &["blogs.read"]).await;
    setting.client("basel.example", &[]).await;
    let token = setting.token(&client).await;
    assert_eq!(get(proxy, "porto.example", Some(&token)).await.status, 200);
    assert_refused(&get(proxy, "basel.example", Some(&token)).await, 401, DEAD);
    let bearer = format!("Authorization: Bearer {token}");
    let lines = [
        "Host: basel.example",
        "X-Forwarded-Host: porto.example",
        "Forwarded: host=porto.example",
        &bearer,
    ];
    let answer = send(proxy.address, "GET /posts", &lines, "").await;
    assert_refused(&answer, 401, DEAD);
}

/// 429 and 503, and no answer of Claviger at all, for which the proxy has a status of its own.
pub async fn tells_to_come_back(start: Start, without_claviger: u16) {
    let Some(setting) = Setting::new(start).await else {
        return;
    };
    let client = setting.client("porto.example", &["blogs.read"]).await;
    let token = setting.token(&client).await;
    let mislay = "ALTER TABLE directory_version RENAME TO mislaid";
    setting.fixture.database.execute(mislay).await;
    let answer = get(&setting.proxy, "api.example", Some(&token)).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.header("retry-after"), ["1"], "{answer:?}");
    assert!(!answer.body.contains("/posts"), "{answer:?}");

    // Claviger does not say it today, but may.
    let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let place = |claviger: SocketAddr| Place {
        claviger,
        api: api(),
        permission: "blogs.read",
    };
    let throttled = start(place(serve(|_| busy.to_owned()))).unwrap();
    let answer = get(&throttled, "api.example", Some(&token)).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert_eq!(answer.header("retry-after"), ["7"], "{answer:?}");

    let alone = start(place(free_address())).unwrap();
    let answer = get(&alone, "api.example", Some(&token)).await;
    assert_eq!(answer.status, without_claviger, "{answer:?}");
    assert!(!answer.body.contains("/posts"), "{answer:?}");
}
