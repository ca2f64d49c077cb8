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

/// What the API is told.
const NAMES: [&str; 5] = [
    "x-client-id",
    "x-organization-id",
    "x-scopes",
    "x-permissions",
    "x-subject",
];

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
        Self::at("api.example", permission, start).await
    }

    /// The same at a host.
    async fn at(host: &'static str, permission: &'static str, start: Start) -> Option<Self> {
        let fixture = Fixture::new().await;
        let trusted = vec!["127.0.0.0/8".parse().unwrap()];
        let claviger = Listening::start(&fixture, trusted, Timeouts::default()).await;
        let place = Place {
            host,
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
        "X-Client_Id: forged",
        "X-Organization_Id: forged",
        "X_Organization-Id: forged",
        "X_Subject: forged",
        // Removed before a request is passed on (RFC 9110 §7.6.1).
        "Connection: X-Client-Id, X-Organization-Id, X-Scopes, X-Permissions, X-Subject",
    ];
    let answer = send(setting.proxy.address, "GET /posts", &lines, "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.body.contains("forged"), "{answer:?}");
    let id = client.client.id.as_str();
    let said = NAMES.map(|name| told(&answer, name));
    let permission = "system.tokens.introspect";
    assert_eq!(said, [[id], [""], ["system"], [permission], [id]]);
}

/// Requests without a token, of which the API learns that nobody is behind them.
pub async fn passes_preflights_on(start: Start) {
    let Some(setting) = Setting::new(start).await else {
        return;
    };
    let lines = [
        "Host: api.example",
        "Origin: https://app.example",
        "Access-Control-Request-Method: POST",
        "X-Client-Id: forged",
        "X-Organization-Id: forged",
    ];
    let address = setting.proxy.address;
    let answer = send(address, "OPTIONS /posts", &lines, "").await;
    assert_eq!(answer.status, 200, "{answer:?} {}", setting.proxy.log());
    assert!(answer.body.starts_with("OPTIONS /posts "), "{answer:?}");
    assert!(!answer.body.contains("forged"), "{answer:?}");
    assert_eq!(NAMES.map(|name| told(&answer, name)), [[""]; 5]);
    let answer = send(address, "POST /posts", &lines, "").await;
    assert_refused(&answer, 401, NONE);
}

/// The proxy's own host decides, not what the client says; and there is no answer at any other host.
pub async fn asks_for_the_host(start: Start) {
    let Some(setting) = Setting::at("basel.example", "blogs.read", start).await else {
        return;
    };
    let proxy = &setting.proxy;
    let of_porto = setting.client("porto.example", &["blogs.read"]).await;
    let of_basel = setting.client("basel.example", &["blogs.read"]).await;
    let (porto, basel) = (
        setting.token(&of_porto).await,
        setting.token(&of_basel).await,
    );
    assert_eq!(get(proxy, "basel.example", Some(&basel)).await.status, 200);
    assert_eq!(
        get(proxy, "BASEL.example:80", Some(&basel)).await.status,
        200
    );
    assert_refused(&get(proxy, "basel.example", Some(&porto)).await, 401, DEAD);
    let bearer = format!("Authorization: Bearer {porto}");
    for lines in [
        [
            "X-Forwarded-Host: porto.example",
            "Forwarded: host=porto.example",
        ],
        [
            "X-Forwarded-Host: nobody.test",
            "Connection: X-Forwarded-Host, Host",
        ],
    ] {
        let lines = ["Host: basel.example", lines[0], lines[1], &bearer];
        let answer = send(proxy.address, "GET /posts", &lines, "").await;
        assert_refused(&answer, 401, DEAD);
    }
    // Where no organization has the host, tokens of all would pass.
    for host in [
        "nobody.test",
        "porto.example",
        "127.0.0.1",
        "",
        "basel.example.test",
    ] {
        for token in [&porto, &basel] {
            let answer = get(proxy, host, Some(token)).await;
            // Without any host it is no request at all.
            let expected: &[u16] = if host.is_empty() { &[400, 421] } else { &[421] };
            assert!(expected.contains(&answer.status), "{host}: {answer:?}");
            assert!(!answer.body.contains("/posts"), "the API was asked");
        }
    }
    // The target decides where it names a host, too (RFC 9112 §3.2.2).
    let lines = ["Host: basel.example", &bearer];
    let target = "GET http://nobody.test/posts";
    let answer = send(proxy.address, target, &lines, "").await;
    assert_eq!(answer.status, 421, "{answer:?}");
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
        host: "api.example",
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
