//! What a proxy may require of a token.

use claviger::domain::permission::PermissionSwitch;
use claviger::service::CreatedClient;

use super::{ask, assert_dead, assert_insufficient, assert_passes, assert_refused};
use crate::support::{Fixture, shell};

async fn switch(fixture: &Fixture, client: &CreatedClient, permission: &str, on: bool) {
    let switches = PermissionSwitch::each(&[permission.to_owned()], on);
    let id = client.client.id.as_str();
    let actor = shell();
    let granting = fixture.console.set_permissions(&actor, id, &switches);
    granting.await.unwrap();
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
