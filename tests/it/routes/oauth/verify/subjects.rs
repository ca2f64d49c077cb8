//! On whose behalf a request is.

use serde_json::json;

use super::super::cases::Tenants;
use super::{ask, assert_dead, assert_passes};
use crate::support::shell;

#[tokio::test]
async fn a_token_of_a_participant_names_the_participant_until_it_is_blocked() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", "").await;
    let asked = json!({"auth_type": "impersonate", "username": "ada"});
    let token = Tenants::token(&tenants.password(asked).await);
    let answer = ask(&tenants.app, "", &token).await;
    assert_passes(&answer);
    let client = tenants.client.client.id.as_str();
    assert_eq!(answer.header("x-client-id"), client);
    let subject = format!("participant:{}", ada.id);
    assert_eq!(answer.header("x-subject"), subject);
    assert_dead(&ask(&tenants.app.at("o2.test"), "", &token).await);
    let console = &tenants.fixture.console;
    console.block_participant(&shell(), ada.id).await.unwrap();
    assert_dead(&ask(&tenants.app, "", &token).await);
}
