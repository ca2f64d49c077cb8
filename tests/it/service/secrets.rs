//! Secrets: rotated, and shown again where a copy is kept.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::config::SecretsMode;
use claviger::domain::error::Error;
use claviger::domain::ids::SecretNumber;
use claviger::domain::secret::{Secret, SecretKind};
use claviger::service::clock::Random;
use claviger::service::{Services, Settings};

use crate::support::{Engine, Fixture, master, noon, settings, shell};

use super::{audit_log, field, footprint, kinds, opens};

const DAY: Duration = Duration::from_hours(24);

fn once() -> Settings {
    Settings {
        secrets: SecretsMode::Once,
        ..settings()
    }
}

#[tokio::test]
async fn without_keeping_the_old_secret_ends_with_the_rotation() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    assert!(opens(&fixture, id, made.secret.expose()).await);
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, Duration::ZERO)
        .await
        .unwrap();
    assert_ne!(rotated.secret_number, made.secret_number);
    assert!(rotated.client.version > made.client.version);
    assert!(!opens(&fixture, id, made.secret.expose()).await);
    assert!(opens(&fixture, id, rotated.secret.expose()).await);
    assert_eq!(
        fixture
            .database
            .count("client_secrets WHERE revoked_at IS NOT NULL AND sealed IS NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn a_kept_secret_works_beside_the_new_one_until_its_end() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, DAY)
        .await
        .unwrap();
    fixture.advance(TimeDelta::days(1) - TimeDelta::microseconds(1));
    assert!(opens(&fixture, id, made.secret.expose()).await);
    assert!(opens(&fixture, id, rotated.secret.expose()).await);
    fixture.advance(TimeDelta::microseconds(1));
    assert!(!opens(&fixture, id, made.secret.expose()).await);
    assert!(opens(&fixture, id, rotated.secret.expose()).await);
}

#[tokio::test]
async fn keeping_longer_brings_no_older_end_forward() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    fixture
        .console
        .rotate_secret(&shell(), id, DAY)
        .await
        .unwrap();
    fixture
        .console
        .rotate_secret(&shell(), id, DAY * 9)
        .await
        .unwrap();
    let page = fixture.console.show_client(&shell(), id).await.unwrap();
    let ends: Vec<_> = page.secrets.iter().map(|row| row.expires_at).collect();
    assert_eq!(
        ends,
        [
            None,
            Some(noon() + TimeDelta::days(9)),
            Some(noon() + TimeDelta::days(1))
        ]
    );
}

#[tokio::test]
async fn an_old_secret_cannot_be_kept_for_ever() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let before = footprint(&fixture.database).await;
    for keep in [Duration::MAX, Duration::from_secs(1 << 40)] {
        let refused = fixture
            .console
            .rotate_secret(&shell(), made.client.id.as_str(), keep)
            .await;
        assert_eq!(field(refused), "keep_old", "{keep:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
    assert!(opens(&fixture, made.client.id.as_str(), made.secret.expose()).await);
}

#[tokio::test]
async fn a_secret_is_shown_again_and_the_look_is_told() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    fixture.advance(TimeDelta::minutes(1));
    let shown = fixture
        .console
        .reveal_secret(&shell(), id, made.secret_number)
        .await
        .unwrap();
    assert_eq!(shown.secret.expose(), made.secret.expose());
    assert_eq!(shown.client_id, made.client.id);
    let audit_log = audit_log(&fixture, &format!("client:{id}")).await;
    assert_eq!(
        (audit_log.len(), audit_log[0].event.kind()),
        (2, "secret.revealed")
    );
    let expected = serde_json::json!({"secret": made.secret_number, "hint": made.secret.hint(SecretKind::Generated)});
    assert_eq!(audit_log[0].event.data(), expected.to_string());
    assert_eq!(
        fixture.reload(&made.client).await,
        made.client,
        "a look changes nothing"
    );
}

#[tokio::test]
async fn only_a_clients_own_living_secrets_are_shown() {
    let fixture = Fixture::new().await;
    let (made, other) = (fixture.client().await, fixture.client().await);
    let id = made.client.id.as_str();
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, Duration::ZERO)
        .await
        .unwrap();
    let before = footprint(&fixture.database).await;
    for number in [
        made.secret_number,
        other.secret_number,
        SecretNumber(0),
        SecretNumber(-1),
        SecretNumber(i64::MAX),
    ] {
        let refused = fixture.console.reveal_secret(&shell(), id, number).await;
        assert!(
            matches!(refused, Err(Error::NotFound(_))),
            "{number}: {refused:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
    assert!(
        fixture
            .console
            .reveal_secret(&shell(), id, rotated.secret_number)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_sealed_copy_moved_to_another_client_does_not_open() {
    let fixture = Fixture::new().await;
    let (made, other) = (fixture.client().await, fixture.client().await);
    let (from, to) = (other.secret_number, made.secret_number);
    let swap = format!(
        "UPDATE client_secrets SET sealed = (SELECT s.sealed FROM client_secrets s WHERE s.number = {from}) WHERE number = {to}"
    );
    fixture.database.execute(&swap).await;
    let refused = fixture
        .console
        .reveal_secret(&shell(), made.client.id.as_str(), to)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn shown_once_means_that_no_copy_is_kept() {
    let fixture = Fixture::on(Engine::Sqlite, once()).await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    fixture
        .console
        .rotate_secret(&shell(), id, DAY)
        .await
        .unwrap();
    assert_eq!(
        fixture
            .database
            .count("client_secrets WHERE sealed IS NULL")
            .await,
        2
    );
    let before = footprint(&fixture.database).await;
    let refused = fixture
        .console
        .reveal_secret(&shell(), id, made.secret_number)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let newest = fixture
        .console
        .reveal_newest_secrets(&shell(), &[made.client])
        .await
        .unwrap();
    assert!(newest[0].is_none());
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn a_copy_from_other_days_is_not_shown_once_secrets_are_shown_once() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let store = fixture.database.store.clone();
    let Services { console, .. } = Services::start(
        store,
        master(),
        once(),
        fixture.clock.clone(),
        Random::System,
    )
    .await
    .unwrap();
    let refused = console
        .reveal_secret(&shell(), id, made.secret_number)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let page = console.show_client(&shell(), id).await.unwrap();
    assert!(!page.secrets_recoverable && !page.secrets[0].recoverable);
}

#[tokio::test]
async fn the_newest_secret_of_each_client_is_shown_and_each_look_told() {
    let fixture = Fixture::new().await;
    let (first, second, gone) = (
        fixture.client().await,
        fixture.client().await,
        fixture.client().await,
    );
    let first = fixture
        .console
        .rotate_secret(&shell(), first.client.id.as_str(), DAY)
        .await
        .unwrap();
    fixture
        .console
        .revoke_client(&shell(), gone.client.id.as_str())
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(1));
    let clients = [
        second.client.clone(),
        gone.client.clone(),
        first.client.clone(),
    ];
    let shown = fixture
        .console
        .reveal_newest_secrets(&shell(), &clients)
        .await
        .unwrap();
    let shown: Vec<_> = shown
        .iter()
        .map(|secret| secret.as_ref().map(Secret::expose))
        .collect();
    assert_eq!(
        shown,
        [
            Some(second.secret.expose()),
            None,
            Some(first.secret.expose())
        ]
    );
    for client in [&first.client, &second.client] {
        assert_eq!(
            kinds(&fixture, &format!("client:{}", client.id)).await[0],
            "secret.revealed"
        );
    }
    assert_eq!(
        fixture
            .database
            .count("audit_events WHERE kind = 'secret.revealed'")
            .await,
        2
    );
}
