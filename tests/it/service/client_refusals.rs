//! Why requests of a client were refused, and when it last got tokens for participants.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client_tokens::{EndedSecret, RefusalRow, UsagePeriod};
use claviger::domain::refusal::RefusedFor;
use claviger::domain::usage::SwitchUses;
use claviger::domain::words::en::tokens::refused;
use claviger::service::{
    CreatedClient, Credentials, GrantRequest, Login, RequestOrigin, TokenRequest,
};

use super::client_tokens::{credentials, impersonate, issue, origin};
use crate::support::{Engine, Fixture, authority, noon, secret, settings, shell};

async fn refusals(fixture: &Fixture, client: &CreatedClient) -> Vec<RefusalRow> {
    fixture.tokens.flush_usage().await.unwrap();
    let id = client.client.id.as_str();
    let shown = fixture
        .console
        .show_client_tokens(&shell(), id, UsagePeriod::Day)
        .await;
    shown.unwrap().refusals
}

/// Asks for a token, and is refused.
async fn ask(fixture: &Fixture, client: &CreatedClient, scope: Option<&str>) {
    let request = TokenRequest::client_credentials(scope);
    let own = credentials(client);
    let asked = fixture.tokens.issue_token(&origin(), &own, request).await;
    asked.unwrap_err();
}

#[tokio::test]
async fn a_refusal_is_told_to_administrators_with_its_reason() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let id = client.client.id.as_str();
        assert_eq!(refusals(&fixture, &client).await, []);
        ask(&fixture, &client, Some("system")).await;
        ask(&fixture, &client, Some("system")).await;
        fixture.advance(TimeDelta::seconds(1));
        fixture.console.suspend_client(&shell(), id).await.unwrap();
        ask(&fixture, &client, None).await;
        let rows = refusals(&fixture, &client).await;
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.refusal.reason, row.refusal.count))
            .collect();
        assert_eq!(
            told,
            [
                (RefusedFor::ClientSuspended, 1),
                (RefusedFor::ScopeNotOwned, 2)
            ]
        );
        assert_eq!(rows[0].refusal.network, "192.0.2.0/24");
        let page = fixture.console.show_client(&shell(), id).await.unwrap();
        let last = page.last_refusal.unwrap();
        assert_eq!(last, rows[0].refusal);
        fixture.advance(TimeDelta::hours(24));
        let page = fixture.console.show_client(&shell(), id).await.unwrap();
        assert_eq!(page.last_refusal, None, "a day later");
        assert_eq!(refusals(&fixture, &client).await.len(), 2);
        fixture.advance(TimeDelta::days(90));
        fixture.console.sweep().await.unwrap();
        assert_eq!(refusals(&fixture, &client).await, []);
    }
}

#[tokio::test]
async fn an_ended_secret_is_named_by_its_hint_and_a_wrong_one_by_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let rotate = async |keep| {
        let rotated = fixture.console.rotate_secret(&shell(), id, keep).await;
        rotated.unwrap()
    };
    rotate(Duration::from_hours(1)).await;
    fixture.advance(TimeDelta::hours(1));
    ask(&fixture, &client, None).await;
    let second = rotate(Duration::ZERO).await;
    rotate(Duration::ZERO).await;
    fixture.advance(TimeDelta::seconds(1));
    ask(&fixture, &second, None).await;
    // Its last four characters are those of the ended secret, but it does not prove to be it.
    let text = second.secret.expose();
    let end = &text[text.len() - 4..];
    let guess = format!("key_nobody-has-this-one-{end}");
    let wrong = Credentials {
        id: id.to_owned(),
        secret: secret(&guess),
    };
    fixture.advance(TimeDelta::seconds(1));
    let request = TokenRequest::client_credentials(None);
    let asked = fixture.tokens.issue_token(&origin(), &wrong, request).await;
    asked.unwrap_err();
    let rows = refusals(&fixture, &client).await;
    let [guessed, revoked, expired] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert_eq!(
        (guessed.refusal.reason, &guessed.secret),
        (RefusedFor::WrongSecret, &None)
    );
    assert!(!refused(guessed).contains(end));
    assert_eq!(
        revoked.refusal.reason,
        RefusedFor::SecretRevoked(second.secret_number)
    );
    let ended = EndedSecret {
        hint: Some(end.to_owned()),
        ended_at: Some(noon() + TimeDelta::hours(1)),
    };
    assert_eq!(revoked.secret, Some(ended));
    assert_eq!(
        refused(revoked),
        format!(
            "Wrong secret: …{end} was rotated out on 23 Nov 2026. Give the program the new secret."
        )
    );
    assert_eq!(
        expired.refusal.reason,
        RefusedFor::SecretExpired(client.secret_number)
    );
    assert!(refused(expired).contains("worked until 23 Nov 2026"));
    let stored = fixture.database.everything().await;
    assert!(!stored.contains("nobody-has-this") && !stored.contains(&guess));
}

#[tokio::test]
async fn a_host_of_another_organization_is_named() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    fixture.organization("Lausanne", "lausanne.example").await;
    let elsewhere = RequestOrigin {
        host: authority("lausanne.example"),
        address: None,
    };
    let own = credentials(&client);
    let request = TokenRequest::client_credentials(None);
    let asked = fixture.tokens.issue_token(&elsewhere, &own, request).await;
    asked.unwrap_err();
    let rows = refusals(&fixture, &client).await;
    assert_eq!(rows[0].organization.as_deref(), Some("Lausanne"));
    assert_eq!(rows[0].refusal.network, "unknown");
    assert!(refused(&rows[0]).contains("Lausanne"));
}

#[tokio::test]
async fn a_flood_of_wrong_secrets_leaves_ten_rows_and_what_the_client_did() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    ask(&fixture, &client, Some("system")).await;
    for network in 0..40 {
        let from = RequestOrigin {
            address: Some(format!("10.0.{network}.1").parse().unwrap()),
            ..origin()
        };
        let wrong = Credentials {
            id: client.client.id.to_string(),
            secret: secret("key_of-another-origin"),
        };
        for _ in 0..3 {
            let request = TokenRequest::client_credentials(None);
            let asked = fixture.tokens.issue_token(&from, &wrong, request).await;
            asked.unwrap_err();
        }
        if network % 7 == 0 {
            fixture.tokens.flush_usage().await.unwrap();
        }
    }
    let rows = refusals(&fixture, &client).await;
    assert_eq!(rows.len(), 11);
    let own = rows.iter().filter(|row| row.refusal.reason.is_proven());
    assert_eq!(own.count(), 1);
    // A guess is no use of the client, and counts for nothing.
    let counted = "usage_hourly WHERE refused <> 1 OR issued <> 0";
    assert_eq!(fixture.database.count(counted).await, 0);
}

#[tokio::test]
async fn the_last_use_of_each_switch_is_told() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let porto = fixture.organization("City of Porto", "").await;
        let permissions = ["oauth.impersonate", "oauth.login"];
        let client = fixture
            .client_of(Some(porto), &["public"], &permissions)
            .await;
        let uses = async || {
            fixture.tokens.flush_usage().await.unwrap();
            let id = client.client.id.as_str();
            let page = fixture.console.show_client(&shell(), id).await;
            page.unwrap().switch_uses
        };
        issue(&fixture.tokens, &client).await;
        assert_eq!(uses().await, SwitchUses::default());
        impersonate(&fixture.tokens, &client, "grace").await;
        let impersonation = Some(noon());
        let expected = SwitchUses {
            login: None,
            impersonation,
        };
        assert_eq!(uses().await, expected);
        // A refused login is no use.
        fixture.advance(TimeDelta::minutes(1));
        let login = TokenRequest {
            grant: GrantRequest::Login(Box::new(Login {
                username: "grace",
                password: secret("wrong"),
            })),
            scope: None,
        };
        let own = credentials(&client);
        let refused = fixture.tokens.issue_token(&origin(), &own, login).await;
        refused.unwrap_err();
        assert_eq!(uses().await, expected);
        let rows = refusals(&fixture, &client).await;
        assert_eq!(rows[0].refusal.reason, RefusedFor::ParticipantRefused);
        let node = fixture.other_node().await;
        impersonate(&node.tokens, &client, "grace").await;
        node.tokens.flush_usage().await.unwrap();
        let impersonation = Some(noon() + TimeDelta::minutes(1));
        assert_eq!(
            uses().await,
            SwitchUses {
                login: None,
                impersonation
            }
        );
    }
}

#[tokio::test]
async fn usage_is_shown_by_the_hour_and_by_the_day() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    for _ in 0..2 {
        issue(&fixture.tokens, &client).await;
        fixture.advance(TimeDelta::hours(13));
    }
    ask(&fixture, &client, Some("system")).await;
    fixture.tokens.flush_usage().await.unwrap();
    let bars = async |period| {
        let shown = fixture
            .console
            .show_client_tokens(&shell(), id, period)
            .await;
        let bars = shown.unwrap().usage;
        let counts = |bar: &claviger::domain::usage::Counts| (bar.issued, bar.refused);
        let busy: Vec<_> = bars
            .iter()
            .enumerate()
            .filter(|(_, bar)| bar.counts.requests() > 0)
            .map(|(place, bar)| (place, counts(&bar.counts)))
            .collect();
        (bars.len(), busy)
    };
    // 14 o'clock of the next day.
    assert_eq!(
        bars(UsagePeriod::Day).await,
        (24, vec![(10, (1, 0)), (23, (0, 1))])
    );
    assert_eq!(
        bars(UsagePeriod::TwoWeeks).await,
        (14, vec![(12, (1, 0)), (13, (1, 1))])
    );
    assert_eq!(
        bars(UsagePeriod::Month).await,
        (30, vec![(28, (1, 0)), (29, (1, 1))])
    );
}
