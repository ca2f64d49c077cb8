//! Several secrets of one client: how many, how they end, what they are called, where they were used.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::error::Error;
use claviger::domain::ids::SecretNumber;
use claviger::domain::rotation::{OldSecrets, Rotation, SECRETS_MAX};
use claviger::service::{CreatedClient, Credentials, RequestOrigin, SentForm, TokenRequest};

use crate::support::{Engine, Fixture, authority, secret, settings, shell};

use super::{field, footprint, kinds, opens};

const DAY: Duration = Duration::from_hours(24);

fn beside() -> Rotation {
    Rotation::unlabelled(OldSecrets::Keep)
}

async fn rotate(
    fixture: &Fixture,
    client: &CreatedClient,
    rotation: Rotation,
) -> Result<CreatedClient, Error> {
    let id = client.client.id.as_str();
    fixture.console.rotate_secret(&shell(), id, rotation).await
}

#[tokio::test]
async fn a_secret_beside_the_others_ends_none_of_them() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let first = fixture.client().await;
        let id = first.client.id.as_str();
        let second = rotate(&fixture, &first, beside()).await.unwrap();
        fixture.advance(TimeDelta::days(400));
        for made in [&first, &second] {
            assert!(opens(&fixture, id, made.secret.expose()).await);
        }
    }
}

#[tokio::test]
async fn only_so_many_secrets_work_at_once() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    for _ in 1..SECRETS_MAX {
        rotate(&fixture, &first, beside()).await.unwrap();
    }
    let before = footprint(&fixture.database).await;
    for rotation in [
        beside(),
        Rotation::from(DAY),
        Rotation::unlabelled(OldSecrets::UntilFirstUse(DAY)),
    ] {
        let refused = rotate(&fixture, &first, rotation).await;
        assert_eq!(refused.unwrap_err().code(), "secrets_too_many");
    }
    assert_eq!(footprint(&fixture.database).await, before);
    let id = first.client.id.as_str();
    let only = rotate(&fixture, &first, Rotation::from(Duration::ZERO)).await;
    let only = only.unwrap();
    assert!(opens(&fixture, id, only.secret.expose()).await);
    assert!(!opens(&fixture, id, first.secret.expose()).await);
    rotate(&fixture, &first, beside()).await.unwrap();
}

#[tokio::test]
async fn secrets_that_have_ended_do_not_count() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    for _ in 0..2 * SECRETS_MAX {
        let kept = Rotation::from(Duration::from_hours(1));
        rotate(&fixture, &first, kept).await.unwrap();
        fixture.advance(TimeDelta::hours(1));
    }
}

#[tokio::test]
async fn one_rotation_waits_at_a_time_and_another_kind_takes_its_place() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    let id = first.client.id.as_str();
    let waiting = || Rotation::unlabelled(OldSecrets::UntilFirstUse(DAY));
    let pending = rotate(&fixture, &first, waiting()).await.unwrap();
    let refused = rotate(&fixture, &first, waiting()).await;
    assert_eq!(refused.unwrap_err().code(), "rotation_pending");
    let hour = Rotation::from(Duration::from_hours(1));
    let last = rotate(&fixture, &first, hour).await.unwrap();
    // It is an old one by now: its use begins nothing.
    assert!(opens(&fixture, id, pending.secret.expose()).await);
    let log = kinds(&fixture, &format!("client:{id}")).await;
    assert!(!log.contains(&"secret.activated".to_owned()), "{log:?}");
    fixture.advance(TimeDelta::hours(1));
    for old in [&first, &pending] {
        assert!(!opens(&fixture, id, old.secret.expose()).await);
    }
    assert!(opens(&fixture, id, last.secret.expose()).await);
}

#[tokio::test]
async fn an_ended_secret_is_dead_at_every_node_with_its_tokens() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let other = fixture.other_node().await;
        let first = fixture.client().await;
        let second = rotate(&fixture, &first, beside()).await.unwrap();
        let (id, app) = (first.client.id.as_str(), fixture.app());
        let (token, kept) = (app.issued(&first, "").await, app.issued(&second, "").await);
        let ended = fixture
            .console
            .end_secret(&shell(), id, first.secret_number)
            .await;
        assert!(ended.unwrap().version > second.client.version);
        let origin = RequestOrigin {
            host: authority("127.0.0.1:3000"),
            address: None,
        };
        let credentials = Credentials {
            id: id.to_owned(),
            secret: secret(first.secret.expose()),
        };
        for tokens in [&fixture.tokens, &other.tokens] {
            let request = TokenRequest::client_credentials(None);
            let refused = tokens.issue_token(&origin, &credentials, request).await;
            assert!(refused.is_err());
        }
        assert_eq!(app.introspect(&second, &token).await["active"], false);
        assert_eq!(app.introspect(&second, &kept).await["active"], true);
        let row = "client_secrets WHERE revoked_at IS NOT NULL AND sealed IS NULL";
        assert_eq!(fixture.database.count(row).await, 1);
        assert_eq!(
            kinds(&fixture, &format!("client:{id}")).await[0],
            "secret.ended"
        );
    }
}

#[tokio::test]
async fn the_last_secret_that_works_stays() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    let id = first.client.id.as_str();
    let end = async |made: &CreatedClient| {
        let actor = shell();
        let ended = fixture.console.end_secret(&actor, id, made.secret_number);
        ended
            .await
            .map(drop)
            .map_err(|error| error.code().to_owned())
    };
    assert_eq!(end(&first).await, Err("last_secret".to_owned()));
    let second = rotate(&fixture, &first, Rotation::from(Duration::from_hours(1))).await;
    let second = second.unwrap();
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(end(&second).await, Err("last_secret".to_owned()));
    assert_eq!(end(&first).await, Ok(()), "it had ended by itself");
    assert_eq!(end(&first).await, Err("secret_unknown".to_owned()));
    let third = rotate(&fixture, &first, beside()).await.unwrap();
    assert_eq!(end(&second).await, Ok(()));
    assert!(opens(&fixture, id, third.secret.expose()).await);
}

#[tokio::test]
async fn another_clients_secret_is_unknown() {
    let fixture = Fixture::new().await;
    let (first, other) = (fixture.client().await, fixture.client().await);
    let id = first.client.id.as_str();
    let before = footprint(&fixture.database).await;
    for number in [other.secret_number, SecretNumber(0), SecretNumber(i64::MAX)] {
        let console = &fixture.console;
        for refused in [
            console.end_secret(&shell(), id, number).await.map(drop),
            console
                .cancel_rotation(&shell(), id, number)
                .await
                .map(drop),
            console.label_secret(&shell(), id, number, "CI").await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn a_label_is_checked_and_kept() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    let id = first.client.id.as_str();
    let labelled = Rotation {
        label: " Website ".to_owned(),
        ..beside()
    };
    let second = rotate(&fixture, &first, labelled).await.unwrap();
    let label = async |text: &str| {
        let console = &fixture.console;
        console
            .label_secret(&shell(), id, first.secret_number, text)
            .await
    };
    label("CI").await.unwrap();
    let labels = async || -> Vec<Option<String>> {
        let rows = fixture.console.list_secrets(&shell(), id).await.unwrap();
        rows.into_iter().map(|row| row.label).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(labels().await, [some("Website"), some("CI")]);
    let before = footprint(&fixture.database).await;
    label(" CI ").await.unwrap();
    assert_eq!(field(label("a\nb").await), "label");
    let wrong = Rotation {
        label: "x".repeat(61),
        ..beside()
    };
    assert_eq!(field(rotate(&fixture, &second, wrong).await), "label");
    assert_eq!(footprint(&fixture.database).await, before);
    label("").await.unwrap();
    assert_eq!(labels().await, [some("Website"), None]);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_secret() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await;
    let id = first.client.id.as_str();
    let sent = SentForm::new("key", "clients/rotate", &"content");
    let rotate = async || {
        let console = &fixture.console;
        let rotation = beside();
        console
            .rotate_secret_by_form(&shell(), &sent, id, &rotation)
            .await
            .unwrap()
    };
    let answer = rotate().await;
    assert!(answer.sealed.is_some());
    assert!(rotate().await == answer);
    assert_eq!(fixture.database.count("client_secrets").await, 2);
}

#[tokio::test]
async fn who_made_a_secret_and_the_network_of_its_last_use_are_shown() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let made = fixture.client().await;
        let id = made.client.id.as_str();
        let credentials = Credentials {
            id: id.to_owned(),
            secret: secret(made.secret.expose()),
        };
        for (address, network) in [
            (Some("192.0.2.77"), Some("192.0.2.0/24")),
            (Some("2001:db8:1:203::77"), Some("2001:db8:1:203::/64")),
            (None, None),
        ] {
            fixture.advance(TimeDelta::seconds(1));
            let origin = RequestOrigin {
                host: authority("127.0.0.1:3000"),
                address: address.map(|address| address.parse().unwrap()),
            };
            let request = TokenRequest::client_credentials(None);
            let issued = fixture.tokens.issue_token(&origin, &credentials, request);
            issued.await.unwrap();
            fixture.tokens.flush_usage().await.unwrap();
            let rows = fixture.console.list_secrets(&shell(), id).await.unwrap();
            assert_eq!(rows[0].last_used_from.as_deref(), network);
            assert_eq!(rows[0].last_used_at, Some(fixture.console.now()));
            assert_eq!(rows[0].created_by, "shell:tester");
        }
    }
}
