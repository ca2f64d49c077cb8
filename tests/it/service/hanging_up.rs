//! Hanging up: a request that nobody waits for is dropped wherever it is, and leaves nothing behind.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use claviger::domain::admin::Role;
use claviger::domain::error::Error;
use claviger::service::{Credentials, Door, GrantError};

use super::{PASSWORD, opens, visitor};
use crate::support::{House, authority, new_client, secret, shell};

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
    let house = House::new().await;
    let new = new_client(None, &["system"], &[]);
    let created = house
        .service
        .create_client(&shell(), &new, Some(secret(CHOSEN)))
        .await
        .unwrap();
    let id = created.client.id.as_str();
    let door = Door {
        host: authority("127.0.0.1:3000"),
        address: None,
    };
    let credentials = |text: &str| Credentials {
        id: id.to_owned(),
        secret: secret(text),
    };
    let (right, wrong) = (credentials(CHOSEN), credentials("a-secret-that-eve-chose"));
    let shown = hang_up(|| house.service.check_client(&door, &right)).await;
    assert_eq!(shown, Ok(()));
    let shown = hang_up(|| house.service.check_client(&door, &wrong)).await;
    assert_eq!(shown, Err(GrantError::InvalidClient));
    // Nothing is remembered of what was proven to the client as it was.
    house.service.suspend_client(&shell(), id).await.unwrap();
    house.service.resume_client(&shell(), id).await.unwrap();
    assert!(opens(&house, id, CHOSEN).await);
    for _ in 0..9 {
        let refused = house.service.check_client(&door, &wrong).await;
        assert_eq!(refused, Err(GrantError::InvalidClient));
    }
    let refused = house.service.check_client(&door, &wrong).await;
    assert_eq!(refused, Err(GrantError::TooMany { retry_after: 900 }));
}

#[tokio::test]
async fn administrators_that_hang_up_have_not_failed() {
    let house = House::new().await;
    house
        .service
        .create_admin(&shell(), "ada@example.org", Role::Editor, &secret(PASSWORD))
        .await
        .unwrap();
    let here = visitor("192.0.2.1");
    let (right, wrong) = (secret(PASSWORD), secret("a quite different sentence"));
    let sign_in = |password| house.service.sign_in(&here, "ada@example.org", password);
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
