//! `POST /oauth/token`: what a token says and what may be asked for.

use chrono::TimeDelta;
use claviger::domain::client::NewClient;

use super::{assert_kept_from_caches, assert_refused};
use crate::routes::everything;
use crate::support::{
    App, AppResponse, Engine, Fixture, new_client, noon, secret, settings, shell,
};

/// The scopes of a token that must be given.
fn scope(answer: &AppResponse) -> String {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    answer.json()["scope"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_comes_with_five_members_in_order() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let answer = fixture.app().token(&client, "&scope=public").await;
    let token = answer.json()["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let created_at = noon().timestamp();
    assert_eq!(
        answer.body,
        format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":7200,"scope":"public","created_at":{created_at}}}"#
        )
    );
    assert_kept_from_caches(&answer);
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn a_token_can_be_recognised_and_says_nothing_in_plain() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    let rest = token.strip_prefix("clv_").unwrap();
    assert!(
        rest.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
        "{token}"
    );
    assert!((80..200).contains(&token.len()), "{token}");
    assert!(!token.contains(client.client.id.as_str()));
}

#[tokio::test]
async fn two_requests_give_two_tokens_that_both_work() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (first, second) = (app.issued(&client, "").await, app.issued(&client, "").await);
    assert_ne!(first, second);
    assert_eq!(app.introspect(&client, &first).await["active"], true);
    assert_eq!(app.introspect(&client, &second).await["active"], true);
}

#[tokio::test]
async fn issuing_and_looking_at_tokens_writes_nothing() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let before = everything(&fixture).await;
        let token = fixture.app().issued(&client, "").await;
        fixture.app().introspect(&client, &token).await;
        assert_refused(
            &fixture.app().token(&client, "&scope=system").await,
            400,
            "invalid_scope",
        );
        assert_eq!(everything(&fixture).await, before, "{engine:?}");
    }
}

#[tokio::test]
async fn scopes_come_back_as_asked_without_repeats() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    for (asked, given) in [
        ("&scope=public", "public"),
        ("&scope=blogs+public", "blogs public"),
        ("&scope=blogs%20public+blogs", "blogs public"),
        ("&scope=++proposals+++public+", "proposals public"),
        ("", "public proposals blogs"),
        ("&scope=", "public proposals blogs"),
    ] {
        assert_eq!(scope(&app.token(&client, asked).await), given, "{asked}");
    }
}

#[tokio::test]
async fn a_scope_that_is_not_owned_leaves_no_token() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    for asked in [
        "&scope=system",
        "&scope=public+system",
        "&scope=Public",
        "&scope=publi",
        "&scope=nobody.knows",
        "&scope=public,blogs",
    ] {
        let answer = fixture.app().token(&client, asked).await;
        assert_refused(&answer, 400, "invalid_scope");
        assert!(!answer.body.contains("access_token"), "{asked}");
    }
}

#[tokio::test]
async fn only_spaces_separate_scopes() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    for asked in [
        "public%09blogs",
        "public%0Ablogs",
        "public%0D%0A",
        "%22public%22",
        "public%5C",
        "p%C3%BCblic",
        "public%00",
        "public%7F",
        "public%C2%A0blogs",
    ] {
        assert_refused(
            &fixture
                .app()
                .token(&client, &format!("&scope={asked}"))
                .await,
            400,
            "invalid_scope",
        );
    }
}

#[tokio::test]
async fn a_system_client_may_leave_the_scope_out() {
    let fixture = Fixture::new().await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    assert_eq!(scope(&fixture.app().token(&client, "").await), "system");
}

#[tokio::test]
async fn other_grants_are_not_supported() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let authorization = super::authorization(&client);
    let ask = async |form: &str| {
        app.post("/oauth/token", &[("authorization", &authorization)], form)
            .await
    };
    assert_refused(&ask("scope=public").await, 400, "invalid_request");
    assert_refused(&ask("grant_type=").await, 400, "invalid_request");
    for grant in [
        "authorization_code",
        "refresh_token",
        "Client_Credentials",
        "client_credentials+",
        "Password",
        "token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ] {
        assert_refused(
            &ask(&format!("grant_type={grant}")).await,
            400,
            "unsupported_grant_type",
        );
    }
}

#[tokio::test]
async fn a_stranger_does_not_learn_which_grants_there_are() {
    let fixture = Fixture::new().await;
    for grant_type in [
        "password",
        "password&auth_type=login",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "magic",
    ] {
        let form = format!("grant_type={grant_type}&client_id=nobody&client_secret=nothing");
        let answer = fixture.app().post("/oauth/token", &[], &form).await;
        super::assert_not_authenticated(&answer);
    }
}

#[tokio::test]
async fn what_another_grant_needs_is_ignored() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let answer = fixture
        .app()
        .token(
            &client,
            "&auth_type=login&username=ada&password=x&refresh_token=y",
        )
        .await;
    assert_eq!(scope(&answer), "public proposals blogs");
    assert!(answer.json().get("refresh_token").is_none());
}

/// How long the next token of a client with these members lives.
async fn expires_in(app: &App, fixture: &Fixture, new: NewClient) -> i64 {
    let client = fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap();
    app.token(&client, "").await.json()["expires_in"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn a_token_never_outlives_its_client() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let ending = |after: TimeDelta| NewClient {
        expires_at: Some(noon() + after),
        ..new_client(None, &["system"], &[])
    };
    assert_eq!(
        expires_in(&app, &fixture, ending(TimeDelta::minutes(5))).await,
        300
    );
    assert_eq!(
        expires_in(&app, &fixture, ending(TimeDelta::days(1))).await,
        7200
    );

    let client = fixture
        .console
        .create_client(&shell(), &ending(TimeDelta::hours(3)), None)
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(179));
    assert_eq!(app.token(&client, "").await.json()["expires_in"], 60);
    fixture.advance(TimeDelta::minutes(1));
    super::assert_not_authenticated(&app.token(&client, "").await);
}

#[tokio::test]
async fn the_installation_and_the_client_decide_how_long_a_token_lives() {
    let fixture = Fixture::on(
        Engine::Sqlite,
        claviger::service::Settings {
            token_ttl: 600,
            ..settings()
        },
    )
    .await;
    let client = fixture.client().await;
    fixture
        .database
        .execute("UPDATE api_clients SET token_ttl = 90")
        .await;
    assert_eq!(
        fixture.app().token(&client, "").await.json()["expires_in"],
        90
    );
    assert_eq!(
        expires_in(&fixture.app(), &fixture, new_client(None, &["system"], &[])).await,
        600
    );
}

#[tokio::test]
async fn a_chosen_secret_works_time_and_again_and_dies_when_revoked() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let new = new_client(None, &["system"], &[]);
    let client = fixture
        .console
        .create_client(&shell(), &new, Some(secret("a-secret-that-ada-chose")))
        .await
        .unwrap();
    let wrong = claviger::service::CreatedClient {
        secret: secret("a-secret-that-eve-chose"),
        ..copy(&client)
    };
    super::assert_not_authenticated(&app.token(&wrong, "").await);
    let token = app.issued(&client, "").await;
    app.issued(&client, "").await;
    super::assert_not_authenticated(&app.token(&wrong, "").await);

    let rotated = fixture
        .console
        .rotate_secret(
            &shell(),
            client.client.id.as_str(),
            std::time::Duration::ZERO,
        )
        .await
        .unwrap();
    super::assert_not_authenticated(&app.token(&client, "").await);
    assert_eq!(
        app.introspect(&rotated, &token).await,
        serde_json::json!({"active": false})
    );
    app.issued(&rotated, "").await;
}

fn copy(client: &claviger::service::CreatedClient) -> claviger::service::CreatedClient {
    claviger::service::CreatedClient {
        client: client.client.clone(),
        secret: client.secret.clone(),
        secret_number: client.secret_number,
    }
}
