//! What clients do is counted, written down once, and shown.

use std::sync::LazyLock;
use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::client::{Client, ClientFilter};
use claviger::domain::page::Cursor;
use claviger::domain::secret::Secret;
use claviger::domain::usage::{ClientUsage, hour_of};
use claviger::service::{
    Caller, CreatedClient, Credentials, GrantError, GrantRequest, IssuedToken, RequestOrigin,
    TokenRequest, TokenServer,
};

use crate::support::{Engine, Fixture, authority, noon, secret, settings, shell};

static ORIGIN: LazyLock<RequestOrigin<'static>> = LazyLock::new(|| RequestOrigin {
    host: authority("127.0.0.1:3000"),
    address: None,
});

fn credentials(client: &CreatedClient) -> Credentials {
    Credentials {
        id: client.client.id.to_string(),
        secret: secret(client.secret.expose()),
    }
}

async fn issue(tokens: &TokenServer, client: &CreatedClient) -> IssuedToken {
    tokens
        .issue_token(
            &ORIGIN,
            &credentials(client),
            TokenRequest::client_credentials(None),
        )
        .await
        .unwrap()
}

async fn flush(fixture: &Fixture) {
    fixture.tokens.flush_usage().await.unwrap();
}

async fn usage(fixture: &Fixture, client: &Client) -> ClientUsage {
    let (actor, id) = (shell(), client.id.as_str());
    fixture.console.show_client(&actor, id).await.unwrap().usage
}

/// The numbers of an hour, if there is but one row.
async fn is_counted(fixture: &Fixture, client: &CreatedClient, counts: [i64; 3]) {
    let [issued, introspected, refused] = counts;
    let number = client.client.number;
    let row = format!(
        "usage_hourly WHERE client = {number} AND issued = {issued} AND introspected = {introspected} AND refused = {refused}"
    );
    let found = fixture.database.count(&row).await;
    assert_eq!(found, 1, "{row}: {}", fixture.database.everything().await);
}

/// Another client of the same fixture.
async fn another_client(fixture: &Fixture) -> CreatedClient {
    fixture.client_of(None, &["system"], &[]).await
}

#[tokio::test]
async fn each_kind_of_request_is_counted() {
    let fixture = Fixture::new().await;
    let (client, other) = (fixture.client().await, another_client(&fixture).await);
    let token = issue(&fixture.tokens, &client).await.token;
    issue(&fixture.tokens, &client).await;
    let unread = secret("not a token");
    for asked in [&token, &unread] {
        let caller = Caller::Client(credentials(&other));
        fixture
            .tokens
            .introspect(&ORIGIN, &caller, Some(asked))
            .await
            .unwrap();
    }
    let revoke = |token: Secret| {
        let tokens = fixture.tokens.clone();
        let credentials = credentials(&other);
        async move {
            tokens
                .revoke_token(&ORIGIN, &credentials, Some(&token))
                .await
        }
    };
    assert_eq!(revoke(token).await, Err(GrantError::UnauthorizedClient));
    revoke(unread).await.unwrap();
    flush(&fixture).await;
    is_counted(&fixture, &client, [2, 0, 0]).await;
    is_counted(&fixture, &other, [0, 2, 1]).await;
    assert_eq!(usage(&fixture, &client.client).await.requests(), 2);
    assert_eq!(usage(&fixture, &other.client).await.requests(), 3);
}

#[tokio::test]
async fn every_refusal_of_a_client_that_has_proven_who_it_is_counts_and_no_guess_does() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let (tokens, own) = (&fixture.tokens, credentials(&client));
    for scope in ["budgets", "public budgets", ""] {
        let asked =
            tokens.issue_token(&ORIGIN, &own, TokenRequest::client_credentials(Some(scope)));
        assert_eq!(asked.await.unwrap_err(), GrantError::InvalidScope);
    }
    let unknown = TokenRequest {
        grant: GrantRequest::Unsupported,
        scope: None,
    };
    let asked = tokens.issue_token(&ORIGIN, &own, unknown).await;
    assert_eq!(asked.unwrap_err(), GrantError::UnsupportedGrantType);
    let caller = Caller::Client(credentials(&client));
    tokens.introspect(&ORIGIN, &caller, None).await.unwrap_err();
    let revoked = tokens.revoke_token(&ORIGIN, &own, None);
    revoked.await.unwrap_err();
    let mut throttled = 0;
    for _ in 0..20 {
        let wrong = Credentials {
            secret: secret("key_of-another-origin"),
            ..credentials(&client)
        };
        let refused = tokens
            .issue_token(&ORIGIN, &wrong, TokenRequest::client_credentials(None))
            .await;
        throttled += i32::from(matches!(refused, Err(GrantError::TooMany { .. })));
    }
    assert!(throttled > 0, "twenty wrong secrets are too many");
    flush(&fixture).await;
    is_counted(&fixture, &client, [0, 0, 6]).await;
}

#[tokio::test]
async fn nobody_is_counted_for_unknown_clients_and_tokens() {
    let fixture = Fixture::new().await;
    fixture.client().await;
    let unknown = Credentials {
        id: "id_of-nobody".to_owned(),
        secret: secret("key_of-nobody"),
    };
    let refused =
        fixture
            .tokens
            .issue_token(&ORIGIN, &unknown, TokenRequest::client_credentials(None));
    refused.await.unwrap_err();
    let bearer = Caller::Bearer(secret("clv_of-nobody"));
    let refused = fixture.tokens.introspect(&ORIGIN, &bearer, None);
    assert_eq!(refused.await.unwrap_err(), GrantError::InvalidToken);
    flush(&fixture).await;
    assert_eq!(fixture.database.count("usage_hourly").await, 0);
    assert_eq!(fixture.database.count("secret_uses").await, 0);
}

#[tokio::test]
async fn a_bearer_counts_for_the_client_and_the_secret_of_its_token() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    fixture.organization("Lausanne", "lausanne.example").await;
    let token = issue(&fixture.tokens, &client).await.token;
    flush(&fixture).await;
    fixture.advance(TimeDelta::minutes(3));
    let bearer = Caller::Bearer(secret(token.expose()));
    let asked = fixture.tokens.introspect(&ORIGIN, &bearer, Some(&token));
    asked.await.unwrap();
    let elsewhere = RequestOrigin {
        host: authority("lausanne.example"),
        address: None,
    };
    let refused = fixture.tokens.introspect(&elsewhere, &bearer, Some(&token));
    assert_eq!(refused.await.unwrap_err(), GrantError::InvalidToken);
    flush(&fixture).await;
    is_counted(&fixture, &client, [1, 1, 1]).await;
    let page = fixture
        .console
        .show_client(&shell(), client.client.id.as_str())
        .await
        .unwrap();
    let used = Some(noon() + TimeDelta::minutes(3));
    assert_eq!(page.usage.last_used_at, used);
    assert_eq!(page.secrets[0].last_used_at, used);
}

#[tokio::test]
async fn a_refusal_is_no_use() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let wrong = Credentials {
        secret: secret("key_of-another-origin"),
        ..credentials(&client)
    };
    fixture
        .tokens
        .issue_token(&ORIGIN, &wrong, TokenRequest::client_credentials(None))
        .await
        .unwrap_err();
    flush(&fixture).await;
    let shown = usage(&fixture, &client.client).await;
    assert_eq!((shown.requests(), shown.last_used_at), (0, None));
}

#[tokio::test]
async fn an_hour_keeps_its_own_count_even_when_it_is_written_later() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    issue(&fixture.tokens, &client).await;
    fixture.advance(TimeDelta::hours(1));
    issue(&fixture.tokens, &client).await;
    issue(&fixture.tokens, &client).await;
    flush(&fixture).await;
    for (ago, issued) in [(1, 1), (0, 2)] {
        let hour = hour_of(fixture.console.now()) - ago;
        let row = format!("usage_hourly WHERE hour = {hour} AND issued = {issued}");
        assert_eq!(fixture.database.count(&row).await, 1, "{row}");
    }
    assert_eq!(usage(&fixture, &client.client).await.days[13], 3);
}

#[tokio::test]
async fn the_days_move_on_with_the_days() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    issue(&fixture.tokens, &client).await;
    flush(&fixture).await;
    fixture.advance(TimeDelta::days(2));
    for _ in 0..3 {
        issue(&fixture.tokens, &client).await;
    }
    flush(&fixture).await;
    let shown = usage(&fixture, &client.client).await;
    assert_eq!(shown.days, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 3]);
    assert_eq!(shown.last_used_at, Some(noon() + TimeDelta::days(2)));
    let list = fixture
        .console
        .list_clients(&shell(), &ClientFilter::default(), Cursor::First)
        .await
        .unwrap();
    assert_eq!(list.page.items[0].usage, shown);
    assert_eq!(list.now, fixture.console.now());
    fixture.advance(TimeDelta::days(14));
    let later = usage(&fixture, &client.client).await;
    assert_eq!(later.requests(), 0);
    assert_eq!(later.last_used_at, shown.last_used_at);
}

#[tokio::test]
async fn each_secret_has_its_own_last_use_and_the_client_the_newest() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let rotate = async || {
        let day = Duration::from_hours(24);
        fixture
            .console
            .rotate_secret(&shell(), id, day)
            .await
            .unwrap()
    };
    let (second, third) = (rotate().await, rotate().await);
    issue(&fixture.tokens, &second).await;
    fixture.advance(TimeDelta::minutes(1));
    issue(&fixture.tokens, &client).await;
    flush(&fixture).await;
    let page = fixture.console.show_client(&shell(), id).await.unwrap();
    let uses = page
        .secrets
        .iter()
        .map(|row| (row.number, row.last_used_at));
    let minute_later = Some(noon() + TimeDelta::minutes(1));
    assert_eq!(
        uses.collect::<Vec<_>>(),
        [
            (third.secret_number, None),
            (second.secret_number, Some(noon())),
            (client.secret_number, minute_later),
        ]
    );
    assert_eq!(page.usage.last_used_at, minute_later);
}

#[tokio::test]
async fn a_client_that_changed_meanwhile_loses_nothing_on_either_engine() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        for _ in 0..3 {
            issue(&fixture.tokens, &client).await;
            // The entry is loaded again, with counters of its own.
            let id = client.client.id.as_str();
            fixture.console.suspend_client(&shell(), id).await.unwrap();
            fixture.console.resume_client(&shell(), id).await.unwrap();
            fixture.advance(TimeDelta::minutes(1));
        }
        flush(&fixture).await;
        is_counted(&fixture, &client, [3, 0, 0]).await;
        assert_eq!(fixture.database.count("recent_tokens").await, 3);
        let last = usage(&fixture, &client.client).await.last_used_at;
        assert_eq!(last, Some(noon() + TimeDelta::minutes(2)));
    }
}

#[tokio::test]
async fn a_last_use_never_moves_back_whichever_node_writes_last() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    issue(&fixture.tokens, &client).await;
    fixture.advance(TimeDelta::minutes(1));
    let other = fixture.other_node().await;
    issue(&other.tokens, &client).await;
    other.tokens.flush_usage().await.unwrap();
    flush(&fixture).await;
    let shown = usage(&fixture, &client.client).await;
    assert_eq!(shown.requests(), 2);
    assert_eq!(shown.last_used_at, Some(noon() + TimeDelta::minutes(1)));
}

#[tokio::test]
async fn a_clock_that_is_ahead_shows_no_use_in_the_future() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    fixture.advance(TimeDelta::seconds(30));
    issue(&fixture.tokens, &client).await;
    flush(&fixture).await;
    fixture.advance(TimeDelta::seconds(-30));
    let shown = usage(&fixture, &client.client).await;
    assert_eq!(shown.last_used_at, Some(noon()));
}
