//! Two who change the same client: who comes second is told of it, and changes nothing.

use chrono::TimeDelta;
use claviger::domain::complaint::Complaint;
use claviger::domain::error::Error;
use claviger::domain::permission::PermissionSwitch;

use super::footprint;
use crate::support::{Fixture, noon, shell};

use super::clients::{details, update};

#[tokio::test]
async fn whoever_was_quicker_is_named_with_the_time() {
    let fixture = Fixture::new().await;
    let seen = fixture.client().await.client;
    fixture.advance(TimeDelta::minutes(5));
    let quick = update(&fixture, &seen, details("Quick")).await.unwrap();
    fixture.advance(TimeDelta::minutes(5));
    let before = footprint(&fixture.database).await;
    let late = update(&fixture, &seen, details("Late")).await;
    let message = "manager@example.org changed this client at 12:05 UTC on 23 Nov 2026, after your page was loaded. \
                   Nothing was saved.";
    let late = late.unwrap_err();
    assert!(matches!(late, Error::Conflict(_)), "{late:?}");
    assert_eq!(late.to_string(), message);
    assert_eq!(footprint(&fixture.database).await, before);
    assert_eq!(fixture.reload(&seen).await, quick);
}

#[tokio::test]
async fn whoever_only_looked_is_not_blamed() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    fixture.advance(TimeDelta::minutes(5));
    update(&fixture, &made.client, details("Quick"))
        .await
        .unwrap();
    for _ in 0..3 {
        fixture.advance(TimeDelta::minutes(5));
        let looked = fixture
            .console
            .reveal_secret(&shell(), made.client.id.as_str(), made.secret_number)
            .await;
        assert!(looked.is_ok());
    }
    let late = update(&fixture, &made.client, details("Late")).await;
    let told = Complaint::ChangedMeanwhile {
        by: Some("manager@example.org".to_owned()),
        at: Some(noon() + TimeDelta::minutes(5)),
    };
    assert_eq!(late, Err(Error::Conflict(told)));
}

#[tokio::test]
async fn a_change_of_secrets_or_permissions_counts_as_a_change() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let granted = fixture
        .console
        .set_permissions(
            &shell(),
            id,
            &PermissionSwitch::each(&["blogs.read".to_owned()], true),
        )
        .await
        .unwrap();
    assert!(matches!(
        update(&fixture, &made.client, details("Late")).await,
        Err(Error::Conflict(_))
    ));
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, std::time::Duration::ZERO)
        .await
        .unwrap();
    assert!(matches!(
        update(&fixture, &granted, details("Late")).await,
        Err(Error::Conflict(_))
    ));
    update(&fixture, &rotated.client, details("In time"))
        .await
        .unwrap();
}
