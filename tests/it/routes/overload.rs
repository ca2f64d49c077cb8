//! More slow hashes asked for than the machine has time for.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use claviger::domain::client::NewClient;
use tokio::task::JoinSet;

use crate::support::{Fixture, basic, new_client, secret, shell};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_wrong_chosen_secrets_is_told_to_come_back_and_good_clients_go_on() {
    let fixture = Fixture::new().await;
    let good = fixture.client().await;
    let organization = good.client.organization_id;
    let mut victims = Vec::new();
    for number in 0..4 {
        let new = NewClient {
            id: Some(format!("chosen-{number}")),
            ..new_client(organization, &["public"], &[])
        };
        let chosen = Some(secret("a-secret-that-was-chosen"));
        let made = fixture.console.create_client(&shell(), &new, chosen).await;
        victims.push(made.unwrap());
    }
    let app = fixture.app();
    let mut flood = JoinSet::new();
    for guess in 0..300 {
        let victim = &victims[guess % victims.len()];
        let authorization = basic(
            victim.client.id.as_str(),
            &format!("a-wrong-secret-{guess}"),
        );
        // Each from a /16 of its own, or throttling alone would turn them away.
        let app = app.from(&format!("10.{}.0.1", guess % 250));
        flood.spawn(async move {
            let headers = [("authorization", authorization.as_str())];
            app.post("/oauth/token", &headers, "grant_type=client_credentials")
                .await
        });
    }
    for _ in 0..50 {
        app.issued(&good, "").await;
    }
    let mut statuses = BTreeSet::new();
    while let Some(answer) = flood.join_next().await {
        let answer = answer.unwrap();
        if answer.status != StatusCode::UNAUTHORIZED {
            assert!(
                answer.header("retry-after").parse::<u64>().unwrap() > 0,
                "{answer:?}"
            );
        }
        statuses.insert(answer.status.as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([401, 503]));
    // Nobody was locked out by it.
    for victim in &victims {
        assert_eq!(app.token(victim, "").await.status, StatusCode::OK);
    }
}
