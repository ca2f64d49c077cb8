//! Guessing: how often one may fail, and who else is held up by it.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use claviger::service::CreatedClient;
use tokio::task::JoinSet;

use super::{ENDPOINTS, assert_not_authenticated, assert_refused, authorization};
use crate::routes::everything;
use crate::support::{App, AppResponse, Fixture, basic, new_client, secret, shell};

/// A guess at the secret of a client.
async fn guess(app: &App, id: &str) -> AppResponse {
    app.post(
        "/oauth/token",
        &[("authorization", &basic(id, "key_wrong"))],
        "grant_type=client_credentials",
    )
    .await
}

async fn fail_ten_times(app: &App, client: &CreatedClient) {
    for _ in 0..10 {
        assert_not_authenticated(&guess(app, client.client.id.as_str()).await);
    }
}

/// A client with a secret that a person chose, which takes a slow hash to prove.
async fn client_that_chose(fixture: &Fixture) -> CreatedClient {
    let new = new_client(None, &["system"], &[]);
    let chosen = Some(secret("a-secret-that-ada-chose"));
    let created = fixture.console.create_client(&shell(), &new, chosen).await;
    created.unwrap()
}

/// Asks for a token with each of these `Authorization` headers at once.
async fn at_once(app: &App, authorizations: Vec<String>) -> Vec<AppResponse> {
    let mut asking = JoinSet::new();
    for authorization in authorizations {
        let app = app.clone();
        asking.spawn(async move {
            let headers = [("authorization", authorization.as_str())];
            app.post("/oauth/token", &headers, "grant_type=client_credentials")
                .await
        });
    }
    asking.join_all().await
}

/// How many of these guesses were tried. The others must have been told to come back.
#[track_caller]
fn tried(answers: &[AppResponse]) -> usize {
    let is_tried = |answer: &&AppResponse| answer.status == StatusCode::UNAUTHORIZED;
    for answer in answers.iter().filter(|answer| !is_tried(answer)) {
        assert!([429, 503].contains(&answer.status.as_u16()), "{answer:?}");
        let seconds: u32 = answer.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&seconds), "{seconds}");
    }
    answers.iter().filter(is_tried).count()
}

#[track_caller]
fn assert_held_up(answer: &AppResponse) {
    assert_refused(answer, 429, "temporarily_unavailable");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn after_ten_guesses_a_network_waits_for_that_client() {
    let fixture = Fixture::new().await;
    let (client, other) = (
        client_that_chose(&fixture).await,
        client_that_chose(&fixture).await,
    );
    let app = fixture.app();
    app.issued(&client, "").await;
    fail_ten_times(&app, &client).await;
    for address in ["192.0.2.1", "192.0.2.254"] {
        let neighbour = app.from(address);
        assert_held_up(&guess(&neighbour, client.client.id.as_str()).await);
        // Its proof is remembered, and would tell right from wrong as fast as anybody can ask.
        assert_held_up(&neighbour.token(&client, "").await);
        neighbour.issued(&other, "").await;
    }
    for endpoint in ENDPOINTS {
        let right = basic(client.client.id.as_str(), client.secret.expose());
        assert_held_up(
            &app.post(
                endpoint,
                &[("authorization", &right)],
                "grant_type=client_credentials&token=x",
            )
            .await,
        );
    }
}

#[tokio::test]
async fn guesses_hold_up_guesses_and_never_a_secret_that_the_server_made() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    fail_ten_times(&app, &client).await;
    assert_held_up(&guess(&app, client.client.id.as_str()).await);
    app.issued(&client, "").await;
    assert_not_authenticated(&guess(&app.from("203.0.113.1"), client.client.id.as_str()).await);
    // Nobody guesses those secrets, so that who tries many clients is held up with none, and no status tells which are.
    for unknown in 0..150 {
        assert_not_authenticated(&guess(&app, &format!("id_unknown-{unknown}")).await);
    }
    let chosen = client_that_chose(&fixture).await;
    assert_not_authenticated(&guess(&app, chosen.client.id.as_str()).await);
    app.issued(&client, "").await;
}

#[tokio::test]
async fn a_client_with_secrets_of_both_kinds_is_known_by_the_one_that_the_server_made() {
    let fixture = Fixture::new().await;
    let chosen = client_that_chose(&fixture).await;
    let id = chosen.client.id.as_str();
    let day = Duration::from_hours(24);
    let rotated = fixture.console.rotate_secret(&shell(), id, day).await;
    let generated = rotated.unwrap();
    let app = fixture.app();
    fail_ten_times(&app, &chosen).await;
    assert_held_up(&app.token(&chosen, "").await);
    app.issued(&generated, "").await;
}

#[tokio::test]
async fn the_right_credentials_from_elsewhere_always_work() {
    let fixture = Fixture::new().await;
    let client = client_that_chose(&fixture).await;
    for network in 0..4 {
        fail_ten_times(&fixture.app().from(&format!("198.51.{network}.7")), &client).await;
    }
    assert_held_up(&fixture.app().from("198.51.9.7").token(&client, "").await);
    fixture.app().from("203.0.113.1").issued(&client, "").await;
    fixture
        .app()
        .from("[2001:db8::1]")
        .issued(&client, "")
        .await;
}

#[tokio::test]
async fn nobody_moves_by_saying_so() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let wrong = basic(client.client.id.as_str(), "key_wrong");
    let ask = async |from: &str| {
        let headers = [
            ("authorization", wrong.as_str()),
            ("x-forwarded-for", from),
            ("forwarded", from),
            ("x-real-ip", from),
        ];
        app.post("/oauth/token", &headers, "grant_type=client_credentials")
            .await
    };
    for guess in 0..10 {
        assert_not_authenticated(&ask(&format!("198.51.{guess}.1")).await);
    }
    assert_held_up(&ask("203.0.113.1").await);
}

#[tokio::test]
async fn a_network_of_ipv6_is_a_slash_64_and_what_it_lies_in() {
    let fixture = Fixture::new().await;
    let client = client_that_chose(&fixture).await;
    let from = |address: &str| fixture.app().from(&format!("[{address}]"));
    fail_ten_times(&from("2001:db8:0:1::1"), &client).await;
    let id = client.client.id.as_str();
    assert_held_up(&guess(&from("2001:db8:0:1:ffff::2"), id).await);
    for network in 2..5 {
        fail_ten_times(&from(&format!("2001:db8:0:{network}00::1")), &client).await;
    }
    assert_held_up(&guess(&from("2001:db8:0:500::1"), id).await);
    assert_not_authenticated(&guess(&from("2001:db8:1::1"), id).await);
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_all_is_forgotten() {
    let fixture = Fixture::new().await;
    let client = client_that_chose(&fixture).await;
    let app = fixture.app();
    fail_ten_times(&app, &client).await;
    assert_eq!(
        guess(&app, client.client.id.as_str())
            .await
            .header("retry-after"),
        "900"
    );
    fixture.advance(TimeDelta::seconds(899));
    assert_eq!(
        guess(&app, client.client.id.as_str())
            .await
            .header("retry-after"),
        "1"
    );
    fixture.advance(TimeDelta::seconds(1));
    app.issued(&client, "").await;
    fail_ten_times(&app, &client).await;
    assert_held_up(&app.token(&client, "").await);
}

#[tokio::test]
async fn a_hundred_guesses_at_chosen_secrets_close_all_of_them_to_the_network() {
    let fixture = Fixture::new().await;
    let mut clients = Vec::new();
    for _ in 0..11 {
        clients.push(client_that_chose(&fixture).await);
    }
    let generated = fixture.client().await;
    let app = fixture.app();
    for client in &clients[..10] {
        fail_ten_times(&app, client).await;
    }
    assert_held_up(&app.token(&clients[10], "").await);
    app.issued(&generated, "").await;
    app.from("203.0.113.1").issued(&clients[10], "").await;
}

#[tokio::test]
async fn success_does_not_count_and_nothing_is_written() {
    let fixture = Fixture::new().await;
    let client = client_that_chose(&fixture).await;
    let app = fixture.app();
    let before = everything(&fixture).await;
    for _ in 0..15 {
        app.issued(&client, "").await;
    }
    fail_ten_times(&app, &client).await;
    assert_held_up(&app.token(&client, "").await);
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn an_unknown_client_is_held_up_like_a_known_one() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    fail_ten_times(&app, &client).await;
    for _ in 0..10 {
        guess(&app, "id_nobody").await;
    }
    let (known, unknown) = (
        guess(&app, client.client.id.as_str()).await,
        guess(&app, "id_nobody").await,
    );
    assert_held_up(&known);
    assert_eq!((known.body, known.headers), (unknown.body, unknown.headers));
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_workers_that_show_a_chosen_secret_at_once_go_on_when_their_client_has_changed() {
    let fixture = Fixture::new().await;
    let chosen = client_that_chose(&fixture).await;
    let id = chosen.client.id.as_str();
    let day = Duration::from_hours(24);
    let generated = fixture.console.rotate_secret(&shell(), id, day).await;
    let generated = authorization(&generated.unwrap());
    for _ in 0..3 {
        // Nothing is remembered of what was proven to the client as it was.
        fixture.console.suspend_client(&shell(), id).await.unwrap();
        fixture.console.resume_client(&shell(), id).await.unwrap();
        let mut workers = vec![authorization(&chosen); 16];
        workers.extend(vec![generated.clone(); 4]);
        for answer in at_once(&fixture.app(), workers).await {
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_guesses_at_once_no_more_are_tried_than_of_guesses_one_by_one() {
    let fixture = Fixture::new().await;
    let client = client_that_chose(&fixture).await;
    let id = client.client.id.as_str();
    let app = fixture.app();
    let guesses = (0..40).map(|number| basic(id, &format!("a-wrong-secret-{number}")));
    let mut tried = tried(&at_once(&app, guesses.collect()).await);
    // What the machine found no time for was not tried, and may be now.
    while guess(&app, id).await.status == StatusCode::UNAUTHORIZED {
        tried += 1;
    }
    assert_eq!(tried, 10);
    let right = app.token(&client, "").await;
    assert_held_up(&right);
    assert_eq!(right.header("retry-after"), "900");
    app.from("203.0.113.1").issued(&client, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_show_a_wrong_secret_at_once_do_not_close_their_network() {
    let fixture = Fixture::new().await;
    let (client, other) = (
        client_that_chose(&fixture).await,
        client_that_chose(&fixture).await,
    );
    let app = fixture.app();
    let old = basic(client.client.id.as_str(), "a-secret-of-last-year");
    assert!(tried(&at_once(&app, vec![old; 100]).await) > 0);
    app.issued(&other, "").await;
}
