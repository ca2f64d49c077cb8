//! `/oauth/verify`: what a reverse proxy is told about a request before it passes it on.

use axum::http::Method;
use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use claviger::service::CreatedClient;
use ipnet::IpNet;

use super::{assert_kept_from_caches, assert_refused, authorization, send};
use crate::support::{App, AppResponse, Fixture, basic, noon, shell};

mod bodies;

/// What every good answer says about the token.
const NAMES: [&str; 5] = [
    "x-client-id",
    "x-organization-id",
    "x-scopes",
    "x-permissions",
    "x-subject",
];

/// Asks as a proxy does that shows a token.
async fn ask(app: &App, query: &str, token: &str) -> AppResponse {
    let bearer = format!("Bearer {token}");
    let path = format!("/oauth/verify{query}");
    app.get(&path, &[("authorization", &bearer)]).await
}

#[track_caller]
fn assert_passes(answer: &AppResponse) {
    assert_eq!(
        (answer.status.as_u16(), answer.length),
        (204, 0),
        "{answer:?}"
    );
    assert_kept_from_caches(answer);
}

/// A refusal with its challenge, which tells nothing about the token.
#[track_caller]
fn assert_challenged(answer: &AppResponse, status: u16, error: &str, challenge: &str) {
    assert_refused(answer, status, error);
    assert_eq!(answer.header("www-authenticate"), challenge);
    assert!(NAMES.iter().all(|name| !answer.headers.contains_key(*name)));
}

#[track_caller]
fn assert_dead(answer: &AppResponse) {
    let challenge = r#"Bearer realm="claviger", error="invalid_token""#;
    assert_challenged(answer, 401, "invalid_token", challenge);
}

#[track_caller]
fn assert_insufficient(answer: &AppResponse) {
    let challenge = r#"Bearer realm="claviger", error="insufficient_scope""#;
    assert_challenged(answer, 403, "insufficient_scope", challenge);
}

async fn switch(fixture: &Fixture, client: &CreatedClient, permission: &str, on: bool) {
    let switches = PermissionSwitch::each(&[permission.to_owned()], on);
    let id = client.client.id.as_str();
    let actor = shell();
    let switched = fixture.console.set_permissions(&actor, id, &switches);
    switched.await.unwrap();
}

#[tokio::test]
async fn a_live_token_passes_and_the_answer_says_whose_it_is() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let granted = ["blogs.read", "proposals.read", "oauth.login"];
    let scopes = ["public", "proposals", "blogs"];
    let client = fixture.client_of(Some(porto), &scopes, &granted).await;
    let app = fixture.app();
    let token = app.issued(&client, "&scope=blogs public").await;
    let answer = ask(&app, "", &token).await;
    assert_passes(&answer);
    let id = client.client.id.as_str();
    let said = NAMES.map(|name| answer.header(name));
    let organization = porto.to_string();
    assert_eq!(
        said,
        [
            id,
            &organization,
            "blogs public",
            "blogs.read oauth.login",
            id
        ],
        "permissions are those within the scopes of the token"
    );
}

#[tokio::test]
async fn what_a_token_does_not_have_is_said_by_an_empty_header() {
    let fixture = Fixture::new().await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    let app = fixture.app();
    let answer = ask(&app, "", &app.issued(&client, "").await).await;
    assert_passes(&answer);
    for name in NAMES {
        assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{name}");
    }
    assert_eq!(answer.header("x-organization-id"), "");
    assert_eq!(answer.header("x-permissions"), "");
}

#[tokio::test]
async fn what_a_request_says_about_itself_counts_for_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let bearer = format!("Bearer {}", app.issued(&client, "").await);
    let mut headers = NAMES.map(|name| (name, "forged")).to_vec();
    headers.push(("authorization", &bearer));
    let answer = app.get("/oauth/verify", &headers).await;
    assert_passes(&answer);
    assert!(!format!("{:?}", answer.headers).contains("forged"));
    headers.pop();
    let answer = app.get("/oauth/verify", &headers).await;
    assert_eq!(answer.status.as_u16(), 401);
}

#[tokio::test]
async fn any_method_and_any_path_below_ask_the_same() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let bearer = format!("bEARER  {} ", app.issued(&client, "").await);
    for method in [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
    ] {
        for path in [
            "/oauth/verify",
            "/oauth/verify/",
            "/oauth/verify/posts/7/%ff//x",
            "/oauth/verify/oauth/token?unknown=1&page=2",
        ] {
            let headers = [("authorization", &*bearer), ("content-type", "text/plain")];
            let method: Method = method.parse().unwrap();
            let answer = send(&app, method.clone(), path, &headers, "a body").await;
            assert_passes(&answer);
            let answer = send(&app, method, path, &[], "a body").await;
            assert_eq!(answer.status.as_u16(), 401, "{path}");
            assert_kept_from_caches(&answer);
        }
    }
    for other in ["/oauth/verify.php", "/oauth/verifyx", "/Oauth/verify"] {
        let answer = app.get(other, &[("authorization", &bearer)]).await;
        assert_refused(&answer, 404, "invalid_request");
    }
}

#[tokio::test]
async fn g1_without_a_bearer_token_the_challenge_names_no_error() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let challenge = r#"Bearer realm="claviger""#;
    let schemes = [
        authorization(&client),
        format!("DPoP {token}"),
        token.clone(),
        "Bearer".to_owned(),
        String::new(),
    ];
    for header in &schemes {
        let headers = [("authorization", header.as_str())];
        let answer = app.get("/oauth/verify", &headers).await;
        assert_challenged(&answer, 401, "invalid_token", challenge);
    }
    let answer = app.get("/oauth/verify", &[]).await;
    assert_challenged(&answer, 401, "invalid_token", challenge);
    // Two are no token, whichever of them is live.
    let bearer = format!("Bearer {token}");
    for other in ["Bearer x", &bearer, &authorization(&client)] {
        let headers = [("authorization", bearer.as_str()), ("authorization", other)];
        assert_dead(&app.get("/oauth/verify", &headers).await);
    }
}

#[tokio::test]
async fn a_token_that_is_not_live_does_not_pass() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (token, revoked) = (app.issued(&client, "").await, app.issued(&client, "").await);
    let header = authorization(&client);
    app.post(
        "/oauth/revoke",
        &[("authorization", &header)],
        &format!("token={revoked}"),
    )
    .await;
    for dead in [&revoked, "x", "", "clv_x", &format!("{token}x")] {
        assert_dead(&ask(&app, "", dead).await);
    }
    let (console, id) = (&fixture.console, client.client.id.as_str());
    assert_passes(&ask(&app, "", &token).await);
    console.suspend_client(&shell(), id).await.unwrap();
    assert_dead(&ask(&app, "", &token).await);
    console.resume_client(&shell(), id).await.unwrap();
    assert_passes(&ask(&app, "", &token).await);
    fixture.advance(TimeDelta::hours(2));
    assert_dead(&ask(&app, "", &token).await);
}

#[tokio::test]
async fn g7_a_revoked_client_is_refused_at_once_on_every_node() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let nodes = [fixture.app(), App::new(fixture.other_node().await)];
    let token = nodes[0].issued(&client, "").await;
    for node in &nodes {
        assert_passes(&ask(node, "", &token).await);
    }
    let id = client.client.id.as_str();
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    for node in &nodes {
        assert_dead(&ask(node, "", &token).await);
    }
}

#[tokio::test]
async fn g2_g3_g4_every_scope_and_permission_that_is_asked_for_is_needed() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", "").await;
    let scopes = ["public", "proposals", "blogs"];
    let granted = ["blogs.read", "proposals.read", "oauth.login"];
    let client = fixture.client_of(Some(porto), &scopes, &granted).await;
    let app = fixture.app();
    let token = app.issued(&client, "&scope=public blogs").await;
    for enough in [
        "?scope=public",
        "?scope=public&scope=blogs",
        "?scope=blogs%20public",
        "?permission=blogs.read&scope=blogs",
        "?permission=blogs.read&permission=oauth.login",
        "?permission=blogs.read+oauth.login&page=7&foo[]=bar",
    ] {
        assert_passes(&ask(&app, enough, &token).await);
    }
    for too_much in [
        // The client has it, the token does not.
        "?scope=proposals",
        "?scope=public&scope=proposals",
        "?permission=proposals.read",
        "?permission=blogs.read%20proposals.read",
        "?permission=blogs.write",
        // Nobody has what the catalogue does not know.
        "?scope=sesame",
        "?scope=Public",
        "?permission=blogs",
        "?permission=blogs.read*",
        "?scope=blogs.read",
    ] {
        assert_insufficient(&ask(&app, too_much, &token).await);
        assert_dead(&ask(&app, too_much, "x").await);
    }
}

#[tokio::test]
async fn g5_g6_a_permission_acts_on_tokens_that_were_issued_before() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let question = "?scope=blogs&permission=blogs.read";
    assert_insufficient(&ask(&app, question, &token).await);
    switch(&fixture, &client, "blogs.read", true).await;
    assert_passes(&ask(&app, question, &token).await);
    switch(&fixture, &client, "blogs.read", false).await;
    assert_insufficient(&ask(&app, question, &token).await);
}

#[tokio::test]
async fn a_question_that_cannot_be_read_lets_nobody_in() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    for unread in [
        "?scope=",
        "?permission",
        "?permission=%20",
        "?permission=a%22b",
        "?scope=%zz",
        "?scope[]=public",
        "?status=301",
        "?access_token=x",
    ] {
        let answer = ask(&app, unread, &token).await;
        assert_refused(&answer, 400, "invalid_request");
    }
}

#[tokio::test]
async fn a_proxy_that_knows_200_alone_can_ask_for_it() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let answer = ask(&app, "?status=200", &token).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, "{}"));
    assert_kept_from_caches(&answer);
    assert_eq!(answer.header("x-client-id"), client.client.id.as_str());
    assert_passes(&ask(&app, "?status=204", &token).await);
    assert_dead(&ask(&app, "?status=200", "x").await);
}

/// The source system accepts it.
#[tokio::test]
async fn g9_a_token_of_another_tenant_is_refused() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "basel.example").await;
    let of_porto = fixture.client_of(Some(porto), &["public"], &[]).await;
    let of_basel = fixture.client_of(Some(basel), &["public"], &[]).await;
    let of_none = fixture.client_of(None, &["system"], &[]).await;
    let app = fixture.app();
    let [own, other, system] = [
        app.issued(&of_porto, "").await,
        app.issued(&of_basel, "").await,
        app.issued(&of_none, "").await,
    ];
    for host in ["porto.example", "PORTO.example.:8443"] {
        let app = app.at(host);
        assert_passes(&ask(&app, "", &own).await);
        assert_passes(&ask(&app, "", &system).await);
        assert_dead(&ask(&app, "", &other).await);
    }
    for host in ["127.0.0.1:3000", "api.example"] {
        assert_passes(&ask(&app.at(host), "", &other).await);
    }
    assert_refused(&ask(&app.at("a b"), "", &own).await, 400, "invalid_request");
}

#[tokio::test]
async fn a_trusted_proxy_alone_says_for_which_host_it_asks() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "basel.example").await;
    let client = fixture.client_of(Some(porto), &["public"], &[]).await;
    fixture.client_of(Some(basel), &["public"], &[]).await;
    let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
    let app = App::behind(fixture.services(), trusted);
    let bearer = format!("Bearer {}", app.issued(&client, "").await);
    let asked = async |peer: &str, host: &str, forwarded: &[&str]| {
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(forwarded.iter().map(|line| ("x-forwarded-host", *line)));
        let app = app.from(peer).at(host);
        app.get("/oauth/verify", &headers).await.status.as_u16()
    };
    for (host, forwarded, behind_proxy, stranger) in [
        ("claviger", &["basel.example"][..], 401, 204),
        ("basel.example", &["porto.example:443"], 204, 401),
        ("porto.example", &["api.example"], 204, 204),
        ("basel.example", &["claviger"], 204, 401),
        ("basel.example", &[], 401, 401),
        ("porto.example", &["porto.example, porto.example"], 400, 204),
        (
            "porto.example",
            &["porto.example", "porto.example"],
            400,
            204,
        ),
        ("porto.example", &[""], 400, 204),
        ("a b", &["porto.example"], 400, 400),
    ] {
        let case = format!("{host} {forwarded:?}");
        assert_eq!(
            asked("10.1.2.3", host, forwarded).await,
            behind_proxy,
            "{case}"
        );
        assert_eq!(
            asked("192.0.2.7", host, forwarded).await,
            stranger,
            "{case}"
        );
    }
}

/// No guess at a token is counted, because none can succeed; so this endpoint never answers 429.
#[tokio::test]
async fn who_may_not_guess_any_more_passes_with_a_token() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let wrong = basic(client.client.id.as_str(), "key_wrong");
    let guess = async || {
        let form = "grant_type=client_credentials";
        app.post("/oauth/token", &[("authorization", &wrong)], form)
            .await
    };
    let mut last = guess().await;
    for _ in 0..200 {
        assert_dead(&ask(&app, "", "x").await);
        last = guess().await;
    }
    assert_eq!(last.status.as_u16(), 429);
    assert_passes(&ask(&app, "", &token).await);
    assert_dead(&ask(&app, "", "x").await);
}

#[tokio::test]
async fn without_its_database_nothing_is_judged() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    let mislay = "ALTER TABLE directory_version RENAME TO mislaid";
    fixture.database.execute(mislay).await;
    let answer = ask(&app, "", &token).await;
    assert_refused(&answer, 503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(NAMES.iter().all(|name| !answer.headers.contains_key(*name)));
    let repair = "ALTER TABLE mislaid RENAME TO directory_version";
    fixture.database.execute(repair).await;
    assert_passes(&ask(&app, "", &token).await);
}

#[tokio::test]
async fn a_question_counts_as_an_introspection_of_the_client_whose_token_it_is() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let token = app.issued(&client, "").await;
    fixture.advance(TimeDelta::minutes(3));
    assert_passes(&ask(&app, "", &token).await);
    assert_passes(&ask(&app, "", &token).await);
    assert_insufficient(&ask(&app, "?permission=blogs.read", &token).await);
    assert_dead(&ask(&app, "", "x").await);
    fixture.tokens.flush_usage().await.unwrap();
    let counted = format!(
        "usage_hourly WHERE client = {} AND issued = 1 AND introspected = 2 AND refused = 1",
        client.client.number
    );
    assert_eq!(fixture.database.count(&counted).await, 1);
    let id = client.client.id.as_str();
    let page = fixture.console.show_client(&shell(), id).await.unwrap();
    let used = Some(noon() + TimeDelta::minutes(3));
    assert_eq!(page.secrets[0].last_used_at, used);
}
