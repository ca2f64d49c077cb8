//! A clock that jumps and is corrected: no revoked token becomes live again, and live tokens are refused only while the
//! clock is wrong.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::role::Role;
use claviger::service::{CreatedClient, Services, Visitor};

use crate::support::{App, Engine, Fixture, basic, secret, settings, shell};

/// The longest lifetime of a token here, plus a day.
const AHEAD: TimeDelta = TimeDelta::hours(26);

async fn revoke(app: &App, client: &CreatedClient, token: &str) {
    let header = basic(client.client.id.as_str(), client.secret.expose());
    let answer = app
        .post(
            "/oauth/revoke",
            &[("authorization", &header)],
            &format!("token={token}"),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
}

async fn lives(node: &Services, client: &CreatedClient, token: &str) -> bool {
    App::new(node.clone()).introspect(client, token).await["active"]
        .as_bool()
        .unwrap()
}

#[tokio::test]
async fn a_revoked_token_stays_dead_when_the_clock_that_swept_was_ahead() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let neighbour = fixture.other_node().await;
        let client = fixture.client().await;
        let token = fixture.app().issued(&client, "").await;
        let nodes = [&fixture.services(), &neighbour];
        for node in nodes {
            assert!(lives(node, &client, &token).await);
        }
        revoke(&fixture.app(), &client, &token).await;

        fixture.advance(AHEAD);
        fixture.console.sweep().await.unwrap();
        assert_eq!(fixture.database.count("denylist").await, 0);
        // A change makes both nodes reload their memory while the clock is ahead.
        fixture.client().await;
        for node in nodes {
            assert!(!lives(node, &client, &token).await, "it has expired");
        }
        fixture.advance(-AHEAD);
        for node in nodes {
            assert!(!lives(node, &client, &token).await, "{engine:?}");
        }
        let newcomer = fixture.other_node().await;
        assert!(!lives(&newcomer, &client, &token).await, "{engine:?}");
    }
}

#[tokio::test]
async fn a_revoked_token_stays_dead_when_its_denial_is_read_while_the_clock_is_ahead() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    revoke(&fixture.app(), &client, &token).await;
    fixture.advance(AHEAD);
    let newcomer = fixture.other_node().await;
    assert!(!lives(&newcomer, &client, &token).await);
    fixture.advance(-AHEAD);
    assert!(!lives(&newcomer, &client, &token).await);
}

#[tokio::test]
async fn a_sweep_ahead_of_time_ends_no_token_made_afterwards() {
    let fixture = Fixture::new().await;
    let neighbour = fixture.other_node().await;
    let client = fixture.client().await;
    let (revoked, earlier) = (
        fixture.app().issued(&client, "").await,
        fixture.app().issued(&client, "").await,
    );
    revoke(&fixture.app(), &client, &revoked).await;
    fixture.advance(AHEAD);
    fixture.console.sweep().await.unwrap();
    fixture.advance(-AHEAD);
    // The watermark covers this token as well as the revoked one: both began and ended no later than the swept entries.
    assert!(!lives(&fixture.services(), &client, &earlier).await);
    // Tokens issued after the sweep are not covered, even with the same begin; nor are shorter ones of another client.
    let other = fixture.client().await;
    for node in [&fixture.services(), &neighbour] {
        for client in [&client, &other] {
            let token = App::new(node.clone()).issued(client, "").await;
            assert!(lives(&fixture.services(), client, &token).await);
            assert!(lives(&neighbour, client, &token).await);
        }
    }
}

#[tokio::test]
async fn what_was_issued_and_revoked_far_ahead_ends_no_token_made_afterwards() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let neighbour = fixture.other_node().await;
        let client = fixture.client().await;
        let before = fixture.app().issued(&client, "").await;
        fixture.advance(AHEAD);
        let ahead = fixture.app().issued(&client, "").await;
        revoke(&fixture.app(), &client, &ahead).await;
        fixture.advance(AHEAD);
        fixture.console.sweep().await.unwrap();
        fixture.advance(-AHEAD - AHEAD);
        assert!(!lives(&neighbour, &client, &ahead).await);
        assert!(
            !lives(&neighbour, &client, &before).await,
            "it cannot be told apart"
        );

        // Neither now, nor after the regular sweep of what is revoked now.
        for _ in 0..2 {
            let (token, revoked) = (
                fixture.app().issued(&client, "").await,
                fixture.app().issued(&client, "").await,
            );
            revoke(&fixture.app(), &client, &revoked).await;
            for node in [&fixture.services(), &neighbour] {
                assert!(lives(node, &client, &token).await, "{engine:?}");
                assert!(!lives(node, &client, &revoked).await);
            }
            fixture.advance(TimeDelta::hours(3));
            assert_eq!(fixture.console.sweep().await.unwrap(), 1);
            assert!(!lives(&neighbour, &client, &ahead).await);
            fixture.advance(-TimeDelta::hours(1) - TimeDelta::minutes(30));
            assert!(!lives(&neighbour, &client, &revoked).await, "{engine:?}");
        }
        let newcomer = fixture.other_node().await;
        assert!(!lives(&newcomer, &client, &ahead).await);
        let token = fixture.app().issued(&client, "").await;
        assert!(lives(&newcomer, &client, &token).await);
    }
}

#[tokio::test]
async fn a_token_revoked_where_the_clock_is_ahead_is_dead_everywhere() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let neighbour = fixture.other_node().await;
        let client = fixture.client().await;
        let token = fixture.app().issued(&client, "").await;
        fixture.advance(AHEAD);
        assert!(!lives(&fixture.services(), &client, &token).await);
        revoke(&fixture.app(), &client, &token).await;
        fixture.advance(-AHEAD);
        for node in [&fixture.services(), &neighbour] {
            assert!(!lives(node, &client, &token).await, "{engine:?}");
        }
        // Revoking again adds no entry.
        let before = fixture.database.everything().await;
        revoke(&fixture.app(), &client, &token).await;
        assert_eq!(fixture.database.everything().await, before);
    }
}

#[tokio::test]
async fn a_sweep_on_time_ends_nothing_that_lives() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let revoked = fixture.app().issued(&client, "").await;
    revoke(&fixture.app(), &client, &revoked).await;
    fixture.advance(TimeDelta::seconds(10));
    let token = fixture.app().issued(&client, "").await;
    fixture.advance(TimeDelta::seconds(7190));
    assert_eq!(fixture.console.sweep().await.unwrap(), 1);
    assert!(lives(&fixture.services(), &client, &token).await);
    let newcomer = fixture.other_node().await;
    assert!(lives(&newcomer, &client, &token).await);
}

#[tokio::test]
async fn a_sweep_with_nothing_to_forget_changes_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    let before = fixture.database.everything().await;
    fixture.advance(AHEAD);
    assert_eq!(fixture.console.sweep().await.unwrap(), 0);
    assert_eq!(fixture.database.everything().await, before);
    fixture.advance(-AHEAD);
    assert!(lives(&fixture.services(), &client, &token).await);
}

#[tokio::test]
async fn a_token_rests_while_the_clock_is_ahead_and_ends_no_later_than_it_says() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    fixture.advance(AHEAD);
    assert!(!lives(&fixture.services(), &client, &token).await);
    fixture.advance(-AHEAD);
    assert!(lives(&fixture.services(), &client, &token).await);
    fixture.advance(-AHEAD);
    assert!(lives(&fixture.services(), &client, &token).await);
    fixture.advance(AHEAD + TimeDelta::seconds(7199));
    assert!(lives(&fixture.services(), &client, &token).await);
    fixture.advance(TimeDelta::seconds(1));
    assert!(!lives(&fixture.services(), &client, &token).await);
}

#[tokio::test]
async fn what_was_ended_by_hand_is_not_brought_back_by_any_clock() {
    for by in [AHEAD, -AHEAD] {
        let fixture = Fixture::new().await;
        let (revoked, rotated) = (fixture.client().await, fixture.client().await);
        let app = fixture.app();
        let tokens = [
            app.issued(&revoked, "").await,
            app.issued(&rotated, "").await,
        ];
        fixture.advance(by);
        fixture
            .console
            .revoke_client(&shell(), revoked.client.id.as_str())
            .await
            .unwrap();
        fixture
            .console
            .rotate_secret(&shell(), rotated.client.id.as_str(), Duration::ZERO)
            .await
            .unwrap();
        fixture.advance(-by);
        let inspector = fixture
            .client_of(None, &["system"], &["system.tokens.introspect"])
            .await;
        for token in &tokens {
            assert!(!lives(&fixture.services(), &inspector, token).await, "{by}");
        }
        for client in [&revoked, &rotated] {
            assert_eq!(app.token(client, "").await.status.as_u16(), 401, "{by}");
        }
    }
}

#[tokio::test]
async fn an_old_secrets_grace_ends_by_the_clock_that_set_it() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    fixture
        .console
        .rotate_secret(&shell(), client.client.id.as_str(), Duration::from_hours(1))
        .await
        .unwrap();
    let status = async || app.token(&client, "").await.status.as_u16();
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(status().await, 401);
    fixture.advance(-TimeDelta::seconds(1));
    assert_eq!(status().await, 200, "the clock was ahead by a second");
    fixture.advance(TimeDelta::seconds(1));
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn a_session_swept_away_is_gone_and_no_clock_prolongs_one_past_its_end() {
    let fixture = Fixture::new().await;
    fixture
        .console
        .create_admin(
            &shell(),
            "ada@example.org",
            Role::Owner,
            &secret("a long sentence"),
        )
        .await
        .unwrap();
    let visitor = Visitor::default();
    let begin = async || {
        let begun = fixture
            .console
            .sign_in(&visitor, "ada@example.org", &secret("a long sentence"))
            .await
            .unwrap();
        begun.id
    };
    let is_open = async |id| {
        fixture
            .console
            .resume_session(id, &visitor)
            .await
            .unwrap()
            .is_some()
    };
    let first = begin().await;
    fixture.advance(AHEAD);
    assert!(!is_open(&first).await);
    fixture.advance(-AHEAD);
    assert!(is_open(&first).await, "nothing was swept");
    fixture.advance(AHEAD);
    fixture.console.sweep().await.unwrap();
    fixture.advance(-AHEAD);
    assert!(!is_open(&first).await);

    // A session used while the clock is ahead may be idle for longer afterwards, and still ends at its absolute end.
    let second = begin().await;
    fixture.advance(TimeDelta::minutes(29));
    assert!(is_open(&second).await);
    fixture.advance(-TimeDelta::minutes(29));
    for _ in 0..24 {
        fixture.advance(TimeDelta::minutes(29));
        assert!(is_open(&second).await);
    }
    fixture.advance(TimeDelta::minutes(24));
    assert!(!is_open(&second).await, "twelve hours have passed");
}

#[tokio::test]
async fn failures_noted_by_a_clock_that_was_ahead_hold_nobody_up() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    fixture.advance(AHEAD);
    let wrong = basic(client.client.id.as_str(), "key_wrong");
    for status in [[401; 10].as_slice(), &[429]].concat() {
        let answer = app
            .post(
                "/oauth/token",
                &[("authorization", &wrong)],
                "grant_type=client_credentials",
            )
            .await;
        assert_eq!(answer.status.as_u16(), status);
    }
    fixture.advance(-AHEAD);
    app.issued(&client, "").await;
}
