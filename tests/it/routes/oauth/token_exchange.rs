//! Token exchange (RFC 8693): what a client may ask for on behalf of a participant, and what it never gets.

use chrono::TimeDelta;
use claviger::domain::permission::PermissionSwitch;
use claviger::service::CreatedClient;
use serde_json::json;

use super::assert_refused;
use super::cases::{BOTH, PASSWORD, Tenants};
use crate::routes::everything;
use crate::support::{App, AppResponse, basic, shell};

const ID: &str = "urn:claviger:params:oauth:token-type:participant-id";
const NICKNAME: &str = "urn:claviger:params:oauth:token-type:participant-nickname";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Exchanges an id for a token; `more` is the rest of the form.
async fn exchange(app: &App, client: &CreatedClient, subject: &str, more: &str) -> AppResponse {
    exchange_of(
        app,
        client,
        &format!("subject_token={subject}&subject_token_type={ID}{more}"),
    )
    .await
}

async fn exchange_of(app: &App, client: &CreatedClient, form: &str) -> AppResponse {
    let right = basic(client.client.id.as_str(), client.secret.expose());
    let form = format!("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&{form}");
    app.post("/oauth/token", &[("authorization", &right)], &form)
        .await
}

/// The tenants, with a participant `ada` of O1 whose id is the text.
async fn with_ada() -> (Tenants, String) {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", PASSWORD).await;
    (tenants, ada.id.to_string())
}

#[tokio::test]
async fn an_id_or_a_nickname_is_exchanged_for_a_token_that_names_the_actor() {
    let (tenants, ada) = with_ada().await;
    let by_id = format!("subject_token={ada}&subject_token_type={ID}");
    let by_name = format!("subject_token=ADA&subject_token_type={NICKNAME}");
    for form in [by_id, by_name] {
        let answer = exchange_of(&tenants.app, &tenants.client, &form).await;
        let token = Tenants::token(&answer);
        let created_at = answer.json()["created_at"].clone();
        assert_eq!(
            answer.body,
            format!(
                r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":900,"scope":"proposals public","created_at":{created_at},"issued_token_type":"{ACCESS_TOKEN}"}}"#
            )
        );
        let seen = tenants.introspect(&token).await;
        assert_eq!(seen["sub"], format!("participant:{ada}"));
        assert_eq!(
            seen["act"],
            json!({"sub": tenants.client.client.id.as_str()})
        );
        assert_eq!(seen["username"], "ada");
        assert_eq!(seen["permissions"], json!(BOTH));
    }
}

#[tokio::test]
async fn an_exchanged_token_lives_for_a_quarter_of_an_hour_or_as_long_as_its_client() {
    let (tenants, ada) = with_ada().await;
    let token = Tenants::token(&exchange(&tenants.app, &tenants.client, &ada, "").await);
    tenants.fixture.advance(TimeDelta::seconds(899));
    assert_eq!(tenants.introspect(&token).await["active"], true);
    tenants.fixture.advance(TimeDelta::seconds(1));
    assert_eq!(tenants.introspect(&token).await["active"], false);
    let fixture = &tenants.fixture;
    let brief = fixture
        .client_of(Some(tenants.o1), &["public"], &BOTH)
        .await;
    fixture
        .database
        .execute("UPDATE api_clients SET token_ttl = 60")
        .await;
    let app = App::new(fixture.other_node().await).at("o1.test");
    let answer = exchange(&app, &brief, &ada, "").await;
    assert_eq!(answer.json()["expires_in"], 60);
}

#[tokio::test]
async fn never_a_wider_scope() {
    let (tenants, ada) = with_ada().await;
    let asked = async |more: &str| exchange(&tenants.app, &tenants.client, &ada, more).await;
    assert_eq!(asked("&scope=public").await.json()["scope"], "public");
    for scope in ["blogs", "public+blogs", "system", "public+system"] {
        let answer = asked(&format!("&scope={scope}")).await;
        assert_refused(&answer, 400, "invalid_scope");
    }
    // Nor one that the actor token has not.
    let actor = tenants.app.issued(&tenants.client, "&scope=public").await;
    let actor = format!("&actor_token={actor}&actor_token_type={ACCESS_TOKEN}");
    assert_eq!(asked(&actor).await.json()["scope"], "public");
    for scope in ["proposals", "public+proposals"] {
        let answer = asked(&format!("{actor}&scope={scope}")).await;
        assert_refused(&answer, 400, "invalid_scope");
    }
}

#[tokio::test]
async fn never_the_scope_system() {
    let (tenants, ada) = with_ada().await;
    let fixture = &tenants.fixture;
    let wide = fixture
        .client_of(Some(tenants.o1), &["system", "public"], &BOTH)
        .await;
    let answer = exchange(&tenants.app, &wide, &ada, "").await;
    assert_eq!(answer.json()["scope"], "public");
    let only = fixture
        .client_of(Some(tenants.o1), &["system"], &BOTH)
        .await;
    for (client, more) in [(&wide, "&scope=system+public"), (&only, "")] {
        let answer = exchange(&tenants.app, client, &ada, more).await;
        assert_refused(&answer, 400, "invalid_scope");
    }
}

#[tokio::test]
async fn never_another_tenant() {
    let (tenants, ada) = with_ada().await;
    let theirs = tenants.participant(tenants.o2, "ada", PASSWORD).await;
    let own = exchange(&tenants.app, &tenants.client, &ada, "").await;
    Tenants::token(&own);
    let foreign = theirs.id.to_string();
    for host in ["o1.test", "127.0.0.1:3000"] {
        let app = tenants.fixture.app().at(host);
        let answer = exchange(&app, &tenants.client, &foreign, "").await;
        assert_refused(&answer, 400, "invalid_request");
    }
    let app = tenants.fixture.app().at("o2.test");
    let answer = exchange(&app, &tenants.client, &foreign, "").await;
    assert_refused(&answer, 401, "invalid_client");
    // A nickname is the one of the client's own organization.
    let named = format!("subject_token=ada&subject_token_type={NICKNAME}");
    let answer = exchange_of(&tenants.app, &tenants.client, &named).await;
    let seen = tenants.introspect(&Tenants::token(&answer)).await;
    assert_eq!(seen["sub"], format!("participant:{ada}"));
}

#[tokio::test]
async fn never_for_a_client_without_an_organization_at_the_main_host() {
    let (tenants, ada) = with_ada().await;
    let fixture = &tenants.fixture;
    let system = fixture.client_of(None, &["system"], &BOTH).await;
    let answer = exchange(&fixture.app(), &system, &ada, "").await;
    assert_refused(&answer, 400, "unauthorized_client");
    // At an organization's host it acts for that organization, but has no scope besides `system`.
    let answer = exchange(&tenants.app, &system, &ada, "").await;
    assert_refused(&answer, 400, "invalid_scope");
}

#[tokio::test]
async fn never_a_token_of_another_client_as_the_subject_or_the_actor() {
    let (tenants, ada) = with_ada().await;
    let other = tenants
        .fixture
        .client_of(Some(tenants.o1), &["public"], &BOTH)
        .await;
    let theirs = tenants.app.issued(&other, "").await;
    let exchanged = Tenants::token(&exchange(&tenants.app, &other, &ada, "").await);
    let own = Tenants::token(&exchange(&tenants.app, &tenants.client, &ada, "").await);
    for token in [&theirs, &exchanged, &own] {
        let as_subject = format!("subject_token={token}&subject_token_type={ACCESS_TOKEN}");
        let answer = exchange_of(&tenants.app, &tenants.client, &as_subject).await;
        assert_refused(&answer, 400, "invalid_request");
        let as_actor = format!("&actor_token={token}&actor_token_type={ACCESS_TOKEN}");
        let answer = exchange(&tenants.app, &tenants.client, &ada, &as_actor).await;
        assert_refused(&answer, 400, "invalid_request");
    }
    let own = tenants.app.issued(&tenants.client, "").await;
    let as_actor = format!("&actor_token={own}&actor_token_type={ACCESS_TOKEN}");
    Tenants::token(&exchange(&tenants.app, &tenants.client, &ada, &as_actor).await);
    tenants.fixture.advance(TimeDelta::hours(2));
    let answer = exchange(&tenants.app, &tenants.client, &ada, &as_actor).await;
    assert_refused(&answer, 400, "invalid_request");
}

#[tokio::test]
async fn never_without_the_permission() {
    let (tenants, ada) = with_ada().await;
    let fixture = &tenants.fixture;
    for permissions in [&[][..], &["oauth.login"]] {
        let client = fixture
            .client_of(Some(tenants.o1), &["public"], permissions)
            .await;
        let answer = exchange(&tenants.app, &client, &ada, "").await;
        assert_refused(&answer, 400, "unauthorized_client");
    }
}

/// RFC 8693 §2.2.2 has `invalid_request` for a subject that is not acceptable, where the password grant has
/// `invalid_grant`.
#[tokio::test]
async fn a_participant_who_is_unknown_or_blocked_is_one_answer() {
    let (tenants, ada) = with_ada().await;
    let console = &tenants.fixture.console;
    console
        .block_participant(&shell(), ada.parse().unwrap())
        .await
        .unwrap();
    let mut bodies = Vec::new();
    for subject in [
        ada.as_str(),
        "999",
        "0",
        "-1",
        "x",
        "9223372036854775808",
        "1%00",
    ] {
        let answer = exchange(&tenants.app, &tenants.client, subject, "").await;
        assert_refused(&answer, 400, "invalid_request");
        bodies.push(answer.body);
    }
    for name in ["ada", "nobody", "ada@city.example", "%E2%80%AE"] {
        let named = format!("subject_token={name}&subject_token_type={NICKNAME}");
        bodies.push(
            exchange_of(&tenants.app, &tenants.client, &named)
                .await
                .body,
        );
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_token_for_another_resource_is_not_issued() {
    let (tenants, ada) = with_ada().await;
    let asked = async |more: &str| exchange(&tenants.app, &tenants.client, &ada, more).await;
    for own in [
        "&resource=https://o1.test",
        "&audience=https://o1.test",
        "&audience=http://o1.test&resource=https://o1.test",
    ] {
        Tenants::token(&asked(own).await);
    }
    for foreign in [
        "&resource=https://o2.test",
        "&audience=id_other",
        "&resource=https://o1.test&resource=https://bank.example",
        "&resource=https://o1.test/api",
        "&resource=https://o1.test%23x",
    ] {
        assert_refused(&asked(foreign).await, 400, "invalid_target");
    }
}

#[tokio::test]
async fn each_reason_is_in_the_audit_log_with_client_participant_and_address() {
    let (tenants, ada) = with_ada().await;
    let fixture = &tenants.fixture;
    for more in ["&reason=ticket+77", "&reason=ticket+78", "", ""] {
        let app = tenants.app.from("203.0.113.9");
        Tenants::token(&exchange(&app, &tenants.client, &ada, more).await);
    }
    let rows = everything(fixture).await;
    for (part, count) in [
        ("participant.impersonated", 2),
        (r#"{"grant":"token_exchange","reason":"ticket 77"}"#, 1),
        (r#"{"grant":"token_exchange","reason":"ticket 78"}"#, 1),
    ] {
        assert_eq!(rows.matches(part).count(), count, "{part}");
    }
    let row = rows.lines().find(|row| row.contains("ticket 77")).unwrap();
    for part in [
        format!("client:{}", tenants.client.client.id),
        format!("participant:{ada}"),
        "203.0.113.9".to_owned(),
    ] {
        assert!(row.contains(&part), "{row}");
    }
}

#[tokio::test]
async fn tokens_live_only_while_the_client_may_act_for_participants() {
    let (tenants, ada) = with_ada().await;
    let login = json!({"auth_type": "login", "username": "ada", "password": PASSWORD});
    let signed_in = Tenants::token(&tenants.password(login).await);
    let exchanged = Tenants::token(&exchange(&tenants.app, &tenants.client, &ada, "").await);
    let console = &tenants.fixture.console;
    let switch = async |permission: &str, on: bool| {
        let switches = PermissionSwitch::each(&[permission.to_owned()], on);
        let id = tenants.client.client.id.as_str();
        console
            .set_permissions(&shell(), id, &switches)
            .await
            .unwrap();
    };
    let active = async |token: &str| tenants.introspect(token).await["active"] == true;
    switch("oauth.impersonate", false).await;
    assert!(!active(&exchanged).await && active(&signed_in).await);
    switch("oauth.login", false).await;
    assert!(!active(&signed_in).await);
    // A token that is revoked meanwhile does not come back with the permission.
    let right = basic(
        tenants.client.client.id.as_str(),
        tenants.client.secret.expose(),
    );
    let headers = [("authorization", right.as_str())];
    let form = format!("token={exchanged}");
    tenants.app.post("/oauth/revoke", &headers, &form).await;
    switch("oauth.impersonate", true).await;
    switch("oauth.login", true).await;
    assert!(!active(&exchanged).await && active(&signed_in).await);
}
