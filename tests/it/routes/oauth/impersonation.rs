//! `auth_type=impersonate`: whom it finds, what it changes, and what the audit log has of it.

use chrono::TimeDelta;
use claviger::domain::event::{Record, Target};
use claviger::domain::ids::ParticipantId;
use claviger::service::Settings;
use serde_json::{Value, json};

use super::cases::{BOTH, PASSWORD, Tenants, password};
use super::{assert_refused, in_body};
use crate::routes::everything;
use crate::support::{Engine, Fixture, settings, shell};

/// How many events of a kind there are.
async fn events(tenants: &Tenants, kind: &str) -> i64 {
    let condition = format!("audit_events WHERE kind = '{kind}'");
    tenants.fixture.database.count(&condition).await
}

/// The records of a kind about a participant, the newest first.
async fn records(tenants: &Tenants, participant: i64, kind: &str) -> Vec<Record> {
    let id = ParticipantId(participant);
    let mut tx = tenants.fixture.database.store.read().await.unwrap();
    let recorded = tx
        .list_events(&Target::Participant { id }, 100)
        .await
        .unwrap();
    let records = recorded.into_iter().map(|entry| entry.record);
    records
        .filter(|record| record.event.kind() == kind)
        .collect()
}

async fn version(tenants: &Tenants) -> i64 {
    let mut tx = tenants.fixture.database.store.read().await.unwrap();
    tx.find_directory_version().await.unwrap().0
}

async fn impersonate(tenants: &Tenants, more: Value) -> Value {
    let mut asked = json!({"auth_type": "impersonate", "username": "ada"});
    for (name, value) in more.as_object().unwrap() {
        asked[name] = value.clone();
    }
    let token = Tenants::token(&tenants.password(asked).await);
    tenants.introspect(&token).await
}

#[tokio::test]
async fn an_id_wins_over_a_name() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", "").await;
    let bea = tenants.participant(tenants.o1, "bea", "").await;
    for id in [json!(bea.id), json!(bea.id.to_string())] {
        let seen = impersonate(&tenants, json!({"id": id})).await;
        assert_eq!(seen["username"], "bea");
    }
    let seen = impersonate(&tenants, json!({"username": "ADA@city.example"})).await;
    assert_eq!(seen["sub"], format!("participant:{}", ada.id));
    for id in ["999", "0", "x", "1.0", " 1", "+1", "99999999999999999999"] {
        let asked = json!({
            "auth_type": "impersonate", "username": "grace", "id": id, "meta": {"register_on_missing": true},
        });
        assert_refused(&tenants.password(asked).await, 400, "invalid_grant");
    }
    assert_eq!(tenants.named("grace").await, None, "an id registers nobody");
}

#[tokio::test]
async fn an_invalid_registration_leaves_nothing() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let before = everything(&tenants.fixture).await;
    for (username, meta) in [
        ("no spaces", json!({})),
        ("grace@navy.example", json!({})),
        ("grace\u{202e}", json!({})),
        ("grace", json!({"email": "no address"})),
        ("grace", json!({"email": "ADA@city.example"})),
        ("grace", json!({"name": "\u{202e}"})),
        (&"x".repeat(65), json!({})),
    ] {
        let mut meta = meta;
        meta["register_on_missing"] = json!(true);
        let asked = json!({"auth_type": "impersonate", "username": username, "meta": meta});
        let answer = tenants.password(asked).await;
        assert_refused(&answer, 400, "invalid_grant");
    }
    assert_eq!(everything(&tenants.fixture).await, before);
}

#[tokio::test]
async fn extra_is_merged_and_only_a_change_is_written() {
    for engine in Engine::BOTH {
        let tenants = Tenants::over(Fixture::on(engine, settings()).await).await;
        tenants.participant(tenants.o1, "ada", "").await;
        let seen = impersonate(&tenants, json!({"extra": {"city": "Porto", "age": 30}})).await;
        let extra = &seen["resource"]["attributes"]["extra"];
        assert_eq!(
            extra,
            &json!({"city": "Porto", "age": "30"}),
            "values are texts"
        );
        let before = version(&tenants).await;
        for same in [
            json!({"city": "Porto"}),
            json!({}),
            json!({"age": null, "city": ""}),
        ] {
            impersonate(&tenants, json!({"extra": same})).await;
        }
        assert_eq!(version(&tenants).await, before);
        let seen = impersonate(&tenants, json!({"extra": {"city": "Braga", "new": true}})).await;
        assert_eq!(
            seen["resource"]["attributes"]["extra"],
            json!({"city": "Braga", "age": "30", "new": "true"})
        );
        assert_eq!(version(&tenants).await, before + 1);
        assert_eq!(events(&tenants, "participant.extra_changed").await, 2);
        let changed = records(&tenants, 1, "participant.extra_changed").await;
        assert_eq!(changed[0].event.data(), r#"{"names":["city","new"]}"#);
    }
}

#[tokio::test]
async fn extra_in_a_form() {
    let tenants = Tenants::new().await;
    let form = format!(
        "grant_type=password&auth_type=impersonate&username=grace&meta[register_on_missing]=true\
         &meta[name]=Grace&extra[city]=Porto&extra[note]=a+b&{}",
        in_body(&tenants.client)
    );
    Tenants::token(&tenants.app.post("/oauth/token", &[], &form).await);
    let made = tenants.named("grace").await.unwrap();
    assert_eq!(made.name, "Grace");
    assert_eq!(made.extra.text(), r#"{"city":"Porto","note":"a b"}"#);
}

#[tokio::test]
async fn extra_that_would_be_too_large_is_refused_whole() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    impersonate(&tenants, json!({"extra": {"kept": "x".repeat(3_000)}})).await;
    let before = everything(&tenants.fixture).await;
    for (username, extra) in [
        ("ada", json!({"more": "x".repeat(2_000), "small": "y"})),
        ("grace", json!({"more": "x".repeat(5_000)})),
    ] {
        let asked = json!({
            "auth_type": "impersonate", "username": username, "extra": extra,
            "meta": {"register_on_missing": true},
        });
        let answer = tenants.password(asked).await;
        assert_refused(&answer, 400, "invalid_request");
    }
    assert_eq!(everything(&tenants.fixture).await, before);
}

#[tokio::test]
async fn an_impersonation_has_one_event_an_hour_and_changes_no_version() {
    for engine in Engine::BOTH {
        let tenants = Tenants::over(Fixture::on(engine, settings()).await).await;
        let ada = tenants.participant(tenants.o1, "ada", "").await;
        let before = version(&tenants).await;
        for _ in 0..5 {
            impersonate(&tenants, json!({})).await;
            impersonate(&tenants, json!({"id": ada.id})).await;
        }
        assert_eq!(events(&tenants, "participant.impersonated").await, 1);
        tenants.participant(tenants.o1, "bea", "").await;
        impersonate(&tenants, json!({"username": "bea"})).await;
        assert_eq!(events(&tenants, "participant.impersonated").await, 2);
        assert_eq!(version(&tenants).await, before + 1, "that was bea");
        tenants.fixture.advance(TimeDelta::hours(1));
        impersonate(&tenants, json!({})).await;
        assert_eq!(events(&tenants, "participant.impersonated").await, 3);
        let record = &records(&tenants, ada.id.0, "participant.impersonated").await[0];
        assert_eq!(record.event.data(), r#"{"grant":"password","reason":null}"#);
        let actor = format!("client:{}", tenants.client.client.id);
        assert_eq!(record.actor.to_string(), actor);
        assert_eq!(record.address, Some("192.0.2.1".parse().unwrap()));
        assert_eq!(record.organization_id, Some(tenants.o1));
        assert_eq!(record.version, None);
    }
}

#[tokio::test]
async fn a_registration_has_its_event_and_raises_the_version() {
    let tenants = Tenants::new().await;
    let before = version(&tenants).await;
    let asked = json!({"username": "grace", "meta": {"register_on_missing": true}});
    impersonate(&tenants, asked.clone()).await;
    assert_eq!(version(&tenants).await, before + 1);
    impersonate(&tenants, asked).await;
    assert_eq!(version(&tenants).await, before + 1, "she is there");
    assert_eq!(events(&tenants, "participant.registered").await, 1);
    assert_eq!(events(&tenants, "participant.impersonated").await, 1);
    let record = &records(&tenants, 1, "participant.registered").await[0];
    let data = r#"{"details":{"nickname":"grace","email":"grace@example.org","name":"Grace"},"accepted_terms":false,"confirmed":false}"#;
    assert_eq!(record.event.data(), data);
}

#[tokio::test]
async fn a_client_registers_a_hundred_an_hour() {
    let tenants = Tenants::new().await;
    let register = |number: u32| {
        let asked = json!({
            "auth_type": "impersonate", "username": format!("grace{number}"), "meta": {"register_on_missing": true},
        });
        tenants.password(asked)
    };
    for number in 0..100 {
        Tenants::token(&register(number).await);
    }
    let before = everything(&tenants.fixture).await;
    let answer = register(100).await;
    assert_refused(&answer, 429, "temporarily_unavailable");
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3_600).contains(&seconds), "{seconds}");
    assert_eq!(everything(&tenants.fixture).await, before);
    Tenants::token(&register(7).await);
    let fixture = &tenants.fixture;
    let other = fixture.client_of(Some(tenants.o1), &["public"], &BOTH);
    let asked = json!({
        "auth_type": "impersonate", "username": "hedy", "meta": {"register_on_missing": true},
    });
    Tenants::token(&password(&tenants.app, &other.await, asked).await);
    tenants.fixture.advance(TimeDelta::hours(1));
    Tenants::token(&register(100).await);
    assert_eq!(events(&tenants, "participant.registered").await, 102);
}

#[tokio::test]
async fn equal_changes_at_once_are_one() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", "").await;
    let before = version(&tenants).await;
    let change = || impersonate(&tenants, json!({"extra": {"city": "Porto"}}));
    let all = tokio::join!(change(), change(), change(), change());
    for seen in [all.0, all.1, all.2, all.3] {
        let extra = &seen["resource"]["attributes"]["extra"];
        assert_eq!(extra, &json!({"city": "Porto"}));
    }
    assert_eq!(version(&tenants).await, before + 1);
    let changed = records(&tenants, ada.id.0, "participant.extra_changed").await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].event.data(), r#"{"names":["city"]}"#);
}

#[tokio::test]
async fn a_hundred_changes_of_extra_an_hour_have_an_event() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    let before = version(&tenants).await;
    for number in 1..=103 {
        let seen = impersonate(&tenants, json!({"extra": {"seen": number}})).await;
        let extra = &seen["resource"]["attributes"]["extra"];
        assert_eq!(extra, &json!({"seen": number.to_string()}));
    }
    assert_eq!(version(&tenants).await, before + 103, "each is made");
    assert_eq!(events(&tenants, "participant.extra_changed").await, 100);
    tenants.fixture.advance(TimeDelta::hours(1));
    impersonate(&tenants, json!({"extra": {"seen": 0}})).await;
    assert_eq!(events(&tenants, "participant.extra_changed").await, 101);
}

#[tokio::test]
async fn old_impersonations_lose_their_content() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", "").await;
    impersonate(&tenants, json!({"extra": {"city": "Porto"}})).await;
    tenants.fixture.advance(TimeDelta::days(91));
    let console = &tenants.fixture.console;
    console.sweep().await.unwrap();
    let kept = "audit_events WHERE data IS NOT NULL AND kind LIKE 'participant.%'";
    assert_eq!(
        tenants.fixture.database.count(kept).await,
        1,
        "that of the creation"
    );
    console.verify_audit_log(&shell()).await.unwrap();
}

#[tokio::test]
async fn without_the_password_grant_there_is_none() {
    let settings = Settings {
        password_grant: claviger::config::PasswordGrant::Off,
        ..settings()
    };
    let tenants = Tenants::over(Fixture::on(Engine::Sqlite, settings).await).await;
    let ada = tenants.participant(tenants.o1, "ada", PASSWORD).await;
    for more in [
        json!({"auth_type": "impersonate", "username": "ada"}),
        json!({"auth_type": "login", "username": "ada", "password": PASSWORD}),
        json!({"auth_type": "magic"}),
        json!({}),
    ] {
        let answer = tenants.password(more).await;
        assert_refused(&answer, 400, "unsupported_grant_type");
    }
    let path = "/.well-known/oauth-authorization-server";
    let metadata = tenants.app.get(path, &[]).await.json();
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    assert_eq!(
        metadata["grant_types_supported"],
        json!(["client_credentials", exchange])
    );
    let form = format!(
        "grant_type={exchange}&subject_token={}&{}\
         &subject_token_type=urn:claviger:params:oauth:token-type:participant-id",
        ada.id,
        in_body(&tenants.client)
    );
    Tenants::token(&tenants.app.post("/oauth/token", &[], &form).await);
}
