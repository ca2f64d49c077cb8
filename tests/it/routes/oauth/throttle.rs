//! Guessing: how often one may fail, and who else is held up by it.

use chrono::TimeDelta;
use claviger::service::CreatedClient;

use super::{ENDPOINTS, assert_not_authenticated, assert_refused};
use crate::routes::everything;
use crate::support::{Answer, App, House, basic};

/// A guess at the secret of a client.
async fn guess(app: &App, id: &str) -> Answer {
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

#[track_caller]
fn assert_held_up(answer: &Answer) {
    assert_refused(answer, 429, "temporarily_unavailable");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn after_ten_failures_a_network_waits_for_that_client() {
    let house = House::new().await;
    let client = house.client().await;
    let other = house.client().await;
    let app = house.app();
    fail_ten_times(&app, &client).await;
    for address in ["192.0.2.1", "192.0.2.254"] {
        let neighbour = app.from(address);
        assert_held_up(&guess(&neighbour, client.client.id.as_str()).await);
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
async fn the_right_credentials_from_elsewhere_always_work() {
    let house = House::new().await;
    let client = house.client().await;
    for network in 0..20 {
        fail_ten_times(&house.app().from(&format!("198.51.{network}.7")), &client).await;
    }
    house.app().from("203.0.113.1").issued(&client, "").await;
    house.app().from("[2001:db8::1]").issued(&client, "").await;
}

#[tokio::test]
async fn nobody_moves_by_saying_so() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
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
    assert_held_up(&app.token(&client, "").await);
}

#[tokio::test]
async fn a_network_of_ipv6_is_a_slash_64() {
    let house = House::new().await;
    let client = house.client().await;
    fail_ten_times(&house.app().from("[2001:db8:0:1::1]"), &client).await;
    assert_held_up(
        &house
            .app()
            .from("[2001:db8:0:1:ffff::2]")
            .token(&client, "")
            .await,
    );
    house
        .app()
        .from("[2001:db8:0:2::1]")
        .issued(&client, "")
        .await;
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_all_is_forgotten() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    fail_ten_times(&app, &client).await;
    assert_eq!(
        guess(&app, client.client.id.as_str())
            .await
            .header("retry-after"),
        "900"
    );
    house.advance(TimeDelta::seconds(899));
    assert_eq!(
        guess(&app, client.client.id.as_str())
            .await
            .header("retry-after"),
        "1"
    );
    house.advance(TimeDelta::seconds(1));
    app.issued(&client, "").await;
    fail_ten_times(&app, &client).await;
    assert_held_up(&app.token(&client, "").await);
}

#[tokio::test]
async fn a_hundred_failures_close_the_network_for_every_client() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for unknown in 0..100 {
        assert_not_authenticated(&guess(&app, &format!("id_unknown-{unknown}")).await);
    }
    assert_held_up(&app.token(&client, "").await);
    assert_held_up(&guess(&app, "id_unknown-new").await);
    app.from("203.0.113.1").issued(&client, "").await;
}

#[tokio::test]
async fn success_does_not_count_and_nothing_is_written() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let before = everything(&house).await;
    for _ in 0..15 {
        app.issued(&client, "").await;
    }
    fail_ten_times(&app, &client).await;
    assert_held_up(&app.token(&client, "").await);
    assert_eq!(everything(&house).await, before);
}

#[tokio::test]
async fn an_unknown_client_is_held_up_like_a_known_one() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
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
