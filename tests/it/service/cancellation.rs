//! Hanging up: a request that nobody waits for is dropped wherever it is, and leaves nothing behind.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use claviger::domain::error::Error;
use claviger::domain::role::Role;
use claviger::service::{Credentials, GrantError, RequestOrigin, TokenRequest};

use super::{PASSWORD, opens, visitor};
use crate::support::{Fixture, authority, new_client, secret, shell};

const CHOSEN: &str = "a-secret-that-ada-chose";

/// What a request ends in, unless it still waits for something after being polled this often. Then it is dropped.
async fn poll<T>(times: usize, request: impl Future<Output = T>) -> Option<T> {
    let mut request = pin!(request);
    let mut left = times;
    poll_fn(|context| {
        left -= 1;
        match request.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Hangs up ten times wherever a request waits for something, and tells what the first ends in that does not wait so
/// often.
async fn hang_up<T, F: Future<Output = T>>(request: impl Fn() -> F) -> T {
    let mut times = 0;
    loop {
        times += 1;
        for _ in 0..10 {
            if let Some(outcome) = poll(times, request()).await {
                return outcome;
            }
        }
    }
}

#[tokio::test]
async fn clients_that_hang_up_have_not_failed() {
    let fixture = Fixture::new().await;
    let new = new_client(None, &["system"], &[]);
    let created = fixture
        .console
        .create_client(&shell(), &new, Some(secret(CHOSEN)))
        .await
        .unwrap();
    let id = created.client.id.as_str();
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: None,
    };
    let credentials = |text: &str| Credentials {
        id: id.to_owned(),
        secret: secret(text),
    };
    let (right, wrong) = (credentials(CHOSEN), credentials("a-secret-that-eve-chose"));
    let shown = hang_up(|| {
        fixture
            .tokens
            .issue_token(&origin, &right, TokenRequest::client_credentials(None))
    })
    .await;
    assert_eq!(shown.map(drop), Ok(()));
    assert!(opens(&fixture, id, CHOSEN).await);
    for _ in 0..10 {
        let refused = fixture
            .tokens
            .issue_token(&origin, &wrong, TokenRequest::client_credentials(None))
            .await;
        assert_eq!(refused.map(drop), Err(GrantError::InvalidClient));
    }
    let refused = fixture
        .tokens
        .issue_token(&origin, &wrong, TokenRequest::client_credentials(None))
        .await;
    assert_eq!(
        refused.map(drop),
        Err(GrantError::TooMany { retry_after: 900 })
    );
}

/// A guess that nobody waits for is a guess: otherwise silence would tell it from the right one, which is known at once.
#[tokio::test]
async fn clients_that_hang_up_on_a_wrong_secret_have_failed() {
    for is_known in [false, true] {
        let fixture = Fixture::new().await;
        let new = new_client(None, &["system"], &[]);
        let created = fixture
            .console
            .create_client(&shell(), &new, Some(secret(CHOSEN)))
            .await
            .unwrap();
        let id = created.client.id.as_str();
        assert!(!is_known || opens(&fixture, id, CHOSEN).await);
        let origin = RequestOrigin {
            host: authority("127.0.0.1:3000"),
            address: None,
        };
        let mut guesses = 0;
        let refused = loop {
            guesses += 1;
            assert!(guesses < 10_000, "no guess was counted");
            let guess = Credentials {
                id: id.to_owned(),
                secret: secret(&format!("a-secret-that-eve-chose-{guesses}")),
            };
            // Enough to come as far as the hash.
            let outcome = poll(
                20,
                fixture
                    .tokens
                    .issue_token(&origin, &guess, TokenRequest::client_credentials(None)),
            )
            .await;
            if let Some(Err(GrantError::TooMany { retry_after: 900 })) = outcome {
                break guesses;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        };
        assert!(!is_known || refused == 11, "{refused}");
    }
}

#[tokio::test]
async fn administrators_that_hang_up_have_not_failed() {
    let fixture = Fixture::new().await;
    fixture
        .console
        .create_admin(
            &shell(),
            "ada@example.org",
            Role::Manager,
            &secret(PASSWORD),
        )
        .await
        .unwrap();
    let here = visitor("192.0.2.1");
    let (right, wrong) = (secret(PASSWORD), secret("a quite different sentence"));
    let sign_in = |password| fixture.console.sign_in(&here, "ada@example.org", password);
    let refused = hang_up(|| sign_in(&wrong)).await;
    assert_eq!(refused.unwrap_err(), Error::WrongCredentials);
    sign_in(&right).await.unwrap();
    for _ in 0..9 {
        let refused = sign_in(&wrong).await;
        assert_eq!(refused.unwrap_err(), Error::WrongCredentials);
    }
    let refused = sign_in(&wrong).await;
    assert_eq!(refused.unwrap_err(), Error::TooMany { retry_after: 900 });
}
